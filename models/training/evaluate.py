"""Compute every figure of the committed cards anew and print them: `make evaluate DATA=walch_nights.csv.gz`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from models.training.cards import markdown
from models.training.evaluation import evaluate
from models.training.folds import leave_one_out
from models.training.nights import read_nights
from models.training.train import MODELS, MODES, SEEDS, say


def main() -> int:
    """Print each card as computed now, and what of it differs from the committed one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="one seed: the committed cards hold the mean of three")
    given = parser.parse_args()
    nights = read_nights(given.data)
    different = 0
    for mode in MODES:
        card = json.loads((MODELS / f"sleep-{mode}.json").read_text(encoding="utf-8"))
        found = evaluate(leave_one_out(nights, mode, SEEDS[:1] if given.quick else SEEDS, say), mode)
        now = {
            **card,
            "agreement": found["agreement"],
            "agreement_counts_only": found["agreement_counts_only"],
            "metrics": {key: value for key, value in found.items() if not key.startswith("agreement")},
        }
        sys.stdout.write(markdown(now, (MODELS / card["onnx"]).stat().st_size))
        apart = differences(card, now)
        different += len(apart)
        say(f"{mode}: " + ("every figure is as on the card" if not apart else "not as on the card: " + "; ".join(apart)))
    return 0 if not different or given.quick else 1


def differences(card: Any, now: Any, name: str = "") -> list[str]:
    """Where two cards differ: `path: on the card -> now`."""
    if isinstance(card, dict) and isinstance(now, dict):
        names = sorted(card.keys() | now.keys())
        return [each for key in names for each in differences(card.get(key), now.get(key), f"{name}/{key}")]
    return [] if card == now else [f"{name}: {card} -> {now}"]


if __name__ == "__main__":
    sys.exit(main())

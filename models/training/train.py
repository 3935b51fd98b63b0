"""Make both sleep models and their cards from the labelled nights: `make train DATA=walch_nights.csv.gz`."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

from models.training.cards import write_cards
from models.training.evaluation import evaluate
from models.training.folds import Fitted, fit, leave_one_out, rows_of
from models.training.nights import LabelledNight, read_nights
from smartalarm.sleep.features import Mode

MODELS = Path(__file__).resolve().parent.parent
MODES: tuple[Mode, ...] = ("night", "live")
SEEDS = (0, 1, 2)
STARTED = time.monotonic()


def main() -> int:
    """Evaluate by leaving one subject out, fit on all nights, export, write the cards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--quick", action="store_true", help="one seed: figures without their spread over seeds")
    given = parser.parse_args()
    nights = read_nights(given.data)
    seeds = SEEDS[:1] if given.quick else SEEDS
    for mode in MODES:
        by_seed = [leave_one_out(nights, mode, seed, say) for seed in seeds]
        found = evaluate(by_seed, mode)
        say(f"{mode}: {found['conditions']['as recorded']}")
        fitted = fit(nights, rows_of(nights, mode), mode, SEEDS[0])
        onnx = fitted.model.export()
        check_export(onnx, fitted, nights, mode)
        given.out.mkdir(parents=True, exist_ok=True)
        write_cards(given.out, mode, onnx, fitted, found)
        say(f"{mode}: written to {given.out}")
    return 0


def check_export(onnx: bytes, fitted: Fitted, nights: list[LabelledNight], mode: Mode) -> None:
    """The graph gives what the trained model gives; AssertionError otherwise."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    rows = rows_of(nights[:1], mode)[0]
    (given,) = session.run(None, {"features": rows[None].astype(np.float32)})
    apart = float(np.abs(given - fitted.model.predict(rows)).max())
    if apart > 1e-3:  # noqa: PLR2004 - single precision
        raise AssertionError(f"the exported {mode} model differs by {apart}")


def say(what: str) -> None:
    """One line of progress, with the seconds gone by."""
    print(f"[{time.monotonic() - STARTED:6.0f} s] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Make both sleep models and their cards from the labelled nights: `make train DATA=walch_nights.csv.gz`."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

from models.training.cards import write_cards
from models.training.evaluation import evaluate, guess
from models.training.folds import Fitted, fit_all, leave_one_out
from models.training.nights import LabelledNight, read_nights
from models.training.oof import save
from smartalarm.sleep.features import Mode, features

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
    parser.add_argument("--mode", choices=MODES, help="only one of the two")
    parser.add_argument("--unseen", type=Path, help="a folder to keep the chances of nights that models had not seen")
    given = parser.parse_args()
    nights = read_nights(given.data)
    seeds = SEEDS[:1] if given.quick else SEEDS
    for mode in MODES if given.mode is None else (given.mode,):
        by_seed = leave_one_out(nights, mode, seeds, say)
        if given.unseen:
            given.unseen.mkdir(parents=True, exist_ok=True)
            save(given.unseen / f"unseen-{mode}.npz", [guess(folds, mode) for folds in by_seed])
        found = evaluate(by_seed, mode)
        say(f"{mode}: {found['conditions']['as recorded']}")
        fitted = fit_all(nights, mode, seeds)
        onnx = fitted.model.export()
        check_export(onnx, fitted, nights, mode)
        given.out.mkdir(parents=True, exist_ok=True)
        write_cards(given.out, mode, onnx, fitted, found)
        say(f"{mode}: written to {given.out}")
    return 0


def check_export(onnx: bytes, fitted: Fitted, nights: list[LabelledNight], mode: Mode) -> None:
    """The graph gives what the trained model gives; AssertionError otherwise."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    rows = features(nights[0].counts, nights[0].heart_rate, mode).astype(float)
    (given,) = session.run(None, {"features": rows[None].astype(np.float32)})
    apart = float(np.abs(given - fitted.model.predict(rows)).max())
    if apart > 1e-3:
        raise AssertionError(f"the exported {mode} model differs by {apart}")


def say(what: str) -> None:
    """One line of progress, with the seconds gone by."""
    sys.stdout.write(f"[{time.monotonic() - STARTED:6.0f} s] {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

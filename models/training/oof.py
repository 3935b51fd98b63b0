"""Chances that models gave to nights they had not seen, for what is simulated on them (the smart wake)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.training.evaluation import Guess, guess
from models.training.folds import Say, leave_one_out
from models.training.nights import LabelledNight
from smartalarm.sleep.features import Mode


def unseen(
    nights: Sequence[LabelledNight], mode: Mode, seeds: Sequence[int], say: Say = lambda _: None
) -> list[list[Guess]]:
    """For each seed, each night's stages and calibrated chances [n, 4] by the models fitted on the others."""
    return [guess(folds, mode) for folds in leave_one_out(nights, mode, seeds, say)]


def save(path: Path, by_seed: Sequence[Sequence[Guess]]) -> None:
    """Write them as `<subject>/p`, `/stages`, `/label4`, `/count30` and `/hr`; `p_seed1` and so on for further seeds."""
    kept: dict[str, Any] = {"subjects": np.array([one.night.subject for one in by_seed[0]])}
    for seed, guesses in enumerate(by_seed):
        mark = f"_seed{seed}" if seed else ""
        for one in guesses:
            subject = one.night.subject
            kept |= {f"{subject}/p{mark}": one.chances, f"{subject}/stages{mark}": one.stages}
            kept |= {f"{subject}/label4": one.night.stages, f"{subject}/count30": one.night.counts}
            kept[f"{subject}/hr"] = one.night.heart_rate
    np.savez(path, **kept)

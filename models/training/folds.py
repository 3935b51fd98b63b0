"""Leave one subject out, without a look at the night that is scored.

For each night a model is fitted on the others, and so are transitions, smoothing and calibration: from chances that models of two thirds
of those others gave to the last third. The night itself takes part in nothing before it is scored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.course import fit_course
from models.training.model import Floats, StageModel, fit_model
from models.training.nights import LabelledNight
from smartalarm.sleep.card import CardCalibration, CardSmoothing
from smartalarm.sleep.features import Mode, features

PARTS = 3
Say = Callable[[str], None]


@dataclass(frozen=True)
class Fitted:
    """All that stages a night: the model, and how its chances are smoothed and made honest."""

    model: StageModel
    smoothing: CardSmoothing
    calibration: CardCalibration


@dataclass(frozen=True)
class Fold:
    """What was fitted without one night."""

    night: LabelledNight
    fitted: Fitted


def leave_one_out(nights: Sequence[LabelledNight], mode: Mode, seed: int, say: Say = lambda _: None) -> list[Fold]:
    """One fold a night."""
    rows = rows_of(nights, mode)
    folds = []
    for left_out, night in enumerate(nights):
        others = [place for place in range(len(nights)) if place != left_out]
        folds.append(Fold(night, fit([nights[place] for place in others], [rows[place] for place in others], mode, seed)))
        say(f"{mode} seed {seed}: {left_out + 1} of {len(nights)} nights")
    return folds


def fit(nights: Sequence[LabelledNight], rows: Sequence[Floats], mode: Mode, seed: int) -> Fitted:
    """A model of these nights, smoothed and calibrated from parts of them that it had not seen."""
    stages = [night.stages for night in nights]
    unseen: list[Floats] = [np.empty(0)] * len(nights)
    for part in _parts(len(nights), seed):
        rest = [place for place in range(len(nights)) if place not in part]
        model = fit_model([rows[place] for place in rest], [stages[place] for place in rest], mode, seed)
        for place in part:
            unseen[place] = model.predict(rows[place])
    smoothing, calibration = fit_course(unseen, stages, mode)
    return Fitted(fit_model(rows, stages, mode, seed), smoothing, calibration)


def rows_of(nights: Sequence[LabelledNight], mode: Mode) -> list[Floats]:
    """Each night's features."""
    return [features(night.counts, night.heart_rate, mode).astype(float) for night in nights]


def _parts(n: int, seed: int) -> list[NDArray[np.int64]]:
    order = np.random.default_rng(seed).permutation(n)
    return [np.sort(order[start::PARTS]) for start in range(PARTS)]

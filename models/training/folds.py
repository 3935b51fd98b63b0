"""Leave one subject out, without a look at the night that is scored.

For each night a model is fitted on the others, and so are transitions, smoothing and calibration: from the chances that
models of two thirds of those others gave to the last third. The night itself takes part in nothing before it is scored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.course import fit_course
from models.training.families import Floats
from models.training.model import StageModel, averaged, fit_models
from models.training.nights import LabelledNight
from models.training.views import View, views_of
from smartalarm.sleep.card import CardCalibration, CardSmoothing
from smartalarm.sleep.features import Mode

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


def leave_one_out(
    nights: Sequence[LabelledNight], mode: Mode, seeds: Sequence[int], say: Say = lambda _: None
) -> list[list[Fold]]:
    """For each seed one fold a night."""
    views = [views_of(night, mode) for night in nights]
    by_seed: list[list[Fold]] = [[] for _ in seeds]
    for left_out, night in enumerate(nights):
        others = [place for place in range(len(nights)) if place != left_out]
        fitted = fit([nights[place] for place in others], [views[place] for place in others], mode, seeds)
        for folds, each in zip(by_seed, fitted, strict=True):
            folds.append(Fold(night, each))
        say(f"{mode}: {left_out + 1} of {len(nights)} nights left out")
    return by_seed


def fit_all(nights: Sequence[LabelledNight], mode: Mode, seeds: Sequence[int]) -> Fitted:
    """What is shipped: fitted on all nights, the networks of all seeds averaged."""
    fitted = fit(nights, [views_of(night, mode) for night in nights], mode, seeds)
    return Fitted(averaged([each.model for each in fitted]), fitted[0].smoothing, fitted[0].calibration)


def fit(nights: Sequence[LabelledNight], views: Sequence[list[View]], mode: Mode, seeds: Sequence[int]) -> list[Fitted]:
    """For each seed a model of these nights, smoothed and calibrated from parts of them that models had not seen."""
    stages = [night.stages for night in nights]
    unseen: list[Floats] = [np.empty(0)] * len(nights)
    for part in _parts(len(nights)):
        rest = [views[place] for place in range(len(nights)) if place not in part]
        (model,) = fit_models(rest, mode, seeds[:1], networks=1)
        for place in part:
            unseen[place] = model.predict(views[place][0].rows)
    smoothing, calibration = fit_course(unseen, stages, mode)
    return [Fitted(model, smoothing, calibration) for model in fit_models(views, mode, seeds)]


def _parts(n: int) -> list[NDArray[np.int64]]:
    order = np.random.default_rng(0).permutation(n)
    return [np.sort(order[start::PARTS]) for start in range(PARTS)]

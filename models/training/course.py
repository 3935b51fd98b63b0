"""What is learnt of the course of stages, and how the chances are made honest: the smoothing and calibration of a card."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.training.scores import kappa
from smartalarm.sleep.card import CardCalibration, CardSmoothing
from smartalarm.sleep.features import Mode
from smartalarm.sleep.smoothing import calibrate, course

Floats = NDArray[np.float64]
Labels = Sequence[NDArray[np.int8]]
# Few, as a choice among many follows the noise of two dozen nights: tried widely, the range was flat (LOG.md).
BOUNDS = [(-1.0, float(np.log(6.5))), (-5.0, 1.0)]  # of both logarithms: the course always keeps a say
SHARPNESS, TILT = (0.7, 1.0, 1.4), (0.3, 0.4, 0.5)
STAY = 10.0  # transitions start from so many stays of each stage, so that a rare one is not believed impossible


def learn_course(stages: Labels, sharpness: float, tilt: float) -> CardSmoothing:
    """Transitions, start and priors as counted in scored nights."""
    transitions, start, priors = np.eye(4) * STAY + 1.0, np.full(4, 0.5), np.ones(4)
    for night in stages:
        both = (night[:-1] >= 0) & (night[1:] >= 0)
        np.add.at(transitions, (night[:-1][both], night[1:][both]), 1)
        scored = night[night >= 0]
        start[scored[0]] += 1
        priors += np.bincount(scored, minlength=4)
    transitions /= transitions.sum(axis=1, keepdims=True)
    return CardSmoothing(
        transitions=tuple(tuple(row) for row in transitions.round(6).tolist()),
        start=tuple((start / start.sum()).round(6).tolist()),
        priors=tuple((priors / priors.sum()).round(6).tolist()),
        sharpness=sharpness,
        tilt=tilt,
    )


def fit_course(chances: Sequence[Floats], stages: Labels, mode: Mode) -> tuple[CardSmoothing, CardCalibration]:
    """Smoothing and calibration from chances that the model gave to nights it had not seen."""

    def agreement(sharpness: float, tilt: float) -> float:
        smoothing = learn_course(stages, sharpness, tilt)
        return float(
            np.mean(
                [
                    kappa(scored, course(own, smoothing, mode).argmax(1).astype(np.int8))
                    for own, scored in zip(chances, stages, strict=True)
                ]
            )
        )

    _, sharpness, tilt = max((agreement(sharpness, tilt), sharpness, tilt) for sharpness, tilt in product(SHARPNESS, TILT))
    smoothing = learn_course(stages, sharpness, tilt)
    known = [scored >= 0 for scored in stages]
    smoothed = np.concatenate([course(own, smoothing, mode)[which] for own, which in zip(chances, known, strict=True)])
    own = np.concatenate([own[which] for own, which in zip(chances, known, strict=True)])
    labels = np.concatenate([scored[which] for scored, which in zip(stages, known, strict=True)])
    return smoothing, _fit_calibration(smoothed, own, labels)


def _fit_calibration(smoothed: Floats, own: Floats, labels: NDArray[np.int8]) -> CardCalibration:
    """The temperature, and the share of the epochs' own chances, under which the labels are likeliest."""

    def at(given: Floats) -> CardCalibration:
        return CardCalibration(temperature=float(np.exp(given[0])), own=float(np.exp(given[1])), bias=(0.0, 0.0, 0.0, 0.0))

    def surprise(given: Floats) -> float:
        honest = calibrate(smoothed, own, at(given))
        return float(-np.log(honest[np.arange(len(labels)), labels]).mean())

    options = {"xatol": 1e-3, "fatol": 1e-6, "maxiter": 200}
    found = minimize(surprise, np.log([3.0, 0.4]), method="Nelder-Mead", options=options, bounds=BOUNDS)
    calibration = at(found.x)
    return calibration.model_copy(
        update={"temperature": round(calibration.temperature, 4), "own": round(calibration.own, 4)}
    )

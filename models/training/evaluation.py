"""Every figure of a card, from predictions for nights that took no part in the fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training import scores
from models.training.conditions import CONDITIONS
from models.training.folds import Fold
from models.training.nights import LabelledNight
from smartalarm.sleep.features import Mode, features
from smartalarm.sleep.smoothing import smooth

Floats = NDArray[np.float64]
Stages = NDArray[np.int8]


@dataclass(frozen=True)
class Guess:
    """What was made of a night: its stages, and calibrated chances [n, 4]."""

    night: LabelledNight
    stages: Stages
    chances: Floats


def guess(folds: Sequence[Fold], mode: Mode, condition: str = "as recorded") -> list[Guess]:
    """Each night staged by the model that has not seen it, under one of CONDITIONS."""
    guesses = []
    for fold in folds:
        night = CONDITIONS[condition](fold.night)
        chances = fold.fitted.model.predict(features(night.counts, night.heart_rate, mode).astype(float))
        guesses.append(Guess(night, *smooth(chances, fold.fitted.smoothing, fold.fitted.calibration, mode)))
    return guesses


def evaluate(by_seed: Sequence[Sequence[Fold]], mode: Mode) -> dict[str, Any]:
    """All figures, by condition; those "as recorded" with per-night values, calibration and agreement."""
    found: dict[str, Any] = {"seeds": len(by_seed), "nights": len(by_seed[0]), "conditions": {}}
    for condition in CONDITIONS:
        seeds = [guess(folds, mode, condition) for folds in by_seed]
        figures = _figures(seeds)
        found["conditions"][condition] = {name: round(value, 3) for name, value in figures.items()}
        if condition == "as recorded":
            found |= _details(seeds)
        if condition == "counts only":
            found["agreement_counts_only"] = _agreement(seeds)
    return found


def _figures(seeds: Sequence[Sequence[Guess]]) -> dict[str, float]:
    kappas = _kappas(seeds)
    pooled = [_pooled(guesses) for guesses in seeds]
    auc = [scores.sleep_auc(scored, 1 - chances[:, 0]) for scored, chances in pooled]
    specificity = [scores.specificity(scored, 1 - chances[:, 0]) for scored, chances in pooled]
    error = [scores.calibration_error(scored, chances) for scored, chances in pooled]
    accuracy = [float((chances.argmax(1) == scored)[scored >= 0].mean()) for scored, chances in pooled]
    return {
        "kappa": float(kappas.mean()),
        "kappa_spread_nights": float(kappas.mean(0).std(ddof=1)),
        "kappa_spread_seeds": float(kappas.mean(1).std(ddof=1)) if len(seeds) > 1 else 0.0,
        "auc": float(np.mean(auc)),
        "specificity": float(np.mean(specificity)),
        "calibration_error": float(np.mean(error)),
        "accuracy": float(np.mean(accuracy)),
    }


def _details(seeds: Sequence[Sequence[Guess]]) -> dict[str, Any]:
    kappas = _kappas(seeds)
    both = [_pooled(guesses) for guesses in seeds]
    scored = np.concatenate([stages for stages, _ in both])
    chances = np.concatenate([each for _, each in both])
    confusion = np.zeros((4, 4))
    known = scored >= 0
    np.add.at(confusion, (scored[known], chances[known].argmax(1)), 1)
    return {
        "kappa_by_seed": [round(float(value), 3) for value in kappas.mean(1)],
        "kappa_by_night": {
            one.night.subject: round(float(value), 3) for one, value in zip(seeds[0], kappas.mean(0), strict=True)
        },
        "calibration": [
            {name: round(value, 3) for name, value in row.items()} for row in scores.calibration_table(scored, chances)
        ],
        "confusion": (confusion / confusion.sum(axis=1, keepdims=True)).round(3).tolist(),
        "agreement": _agreement(seeds),
    }


def _kappas(seeds: Sequence[Sequence[Guess]]) -> Floats:
    """Kappa of each seed and night: [seeds, nights]."""
    return np.array([[scores.kappa(one.night.stages, one.stages) for one in guesses] for guesses in seeds])


def _pooled(guesses: Sequence[Guess]) -> tuple[Stages, Floats]:
    return np.concatenate([one.night.stages for one in guesses]), np.concatenate([one.chances for one in guesses])


def _agreement(seeds: Sequence[Sequence[Guess]]) -> dict[str, dict[str, float]]:
    """Over nights of the first seed: seeds are no further nights."""
    pairs = []
    for one in seeds[0]:
        scored = one.night.stages
        pairs.append((scores.minutes(scored, scored), scores.minutes(scored, one.stages)))
    return {
        name: {limit: round(value, 1) for limit, value in each.items()} for name, each in scores.agreement(pairs).items()
    }

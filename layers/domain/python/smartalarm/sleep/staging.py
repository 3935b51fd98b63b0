"""A night's stages: features, a model that is handed in, and smoothing, as training and every host do it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from smartalarm.ports import STAGES, Agreement, Staging, StagingMode
from smartalarm.sleep.card import Card
from smartalarm.sleep.features import FEATURES, Signal, features
from smartalarm.sleep.smoothing import Floats, Stages, smooth

Infer = Callable[[Signal], NDArray[np.float32]]
"""The model: features [1, n, F] to the chances of each epoch's stage [n, 4]."""

NEAR = 10  # epochs: five minutes on, a signal says nothing of now
LIVE_SHAPE = 1280  # epochs, ten hours and forty minutes
FEW_HEARTBEATS = 0.1  # of the epochs: below, heart rate hardly takes part


class UnknownFeatures(ValueError):
    """The model was made for other features than these."""


def stage(
    counts: Sequence[float | None], heart_rate: Sequence[float | None] | None, mode: StagingMode, infer: Infer, card: Card
) -> Staging:
    """The stages of a night; an epoch without any signal near has none. Raises UnknownFeatures."""
    check_features(card, mode)
    moved = signal(counts)
    heart = signal(heart_rate) if heart_rate is not None else np.full(len(moved), np.nan, dtype=np.float32)
    stages, chances = stage_signal(moved, heart, mode, infer, card)
    near = has_signal_near(moved, heart, mode)
    rounded = np.round(chances, 4).tolist()
    heartless = np.isfinite(heart).mean() < FEW_HEARTBEATS if len(heart) else True
    return Staging(
        model=card.name,
        version=card.version,
        stages=tuple(STAGES[index] if known else None for index, known in zip(stages.tolist(), near.tolist(), strict=True)),
        probabilities=tuple(
            (each[0], each[1], each[2], each[3]) if known else None
            for each, known in zip(rounded, near.tolist(), strict=True)
        ),
        agreement=_agreement(card, counts_only=bool(heartless)),
    )


def stage_signal(counts: Signal, heart_rate: Signal, mode: StagingMode, infer: Infer, card: Card) -> tuple[Stages, Floats]:
    """The stage (an index) and the calibrated chances [n, 4] of every epoch, near a signal or not."""
    seen = features(counts, heart_rate, mode)
    n = len(seen)
    if n == 0:
        return np.zeros(0, dtype=np.int8), np.zeros((0, len(STAGES)))
    if mode == "live":
        # Always the same shape: sums of floats come in another order for another, and what was said would change by a hair.
        seen = np.concatenate([seen, np.zeros((-n % LIVE_SHAPE, seen.shape[1]), dtype=np.float32)])
    return smooth(infer(seen[None, :, :])[:n], card.smoothing, card.calibration, mode)


def check_features(card: Card, mode: StagingMode) -> None:
    """Raises UnknownFeatures unless the card is of this mode and lists exactly our features in our order."""
    if card.mode != mode or card.features != FEATURES[mode] or card.stages != STAGES:
        raise UnknownFeatures(f"{card.name} {card.version} was made for other features than {mode} has here")


def signal(values: Sequence[float | None]) -> Signal:
    """Numbers for numpy: None becomes nan."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)


def has_signal_near(counts: Signal, heart_rate: Signal, mode: StagingMode) -> NDArray[np.bool_]:
    """Whether anything was measured within five minutes of each epoch; for `live`, up to it."""
    there = np.concatenate(([0], np.cumsum(np.isfinite(counts) | np.isfinite(heart_rate))))
    epoch = np.arange(len(counts))
    ahead = NEAR if mode == "night" else 0
    end = np.minimum(epoch + ahead + 1, len(counts))
    near: NDArray[np.bool_] = there[end] > there[np.maximum(epoch - NEAR, 0)]
    return near


def _agreement(card: Card, *, counts_only: bool) -> Mapping[str, Agreement]:
    known = card.agreement_counts_only if counts_only else card.agreement
    return {name: Agreement(bias=each.bias, low=each.low, high=each.high) for name, each in known.items()}

"""How good stages are: Cohen's kappa, sleep against wake, calibration, and agreement of a night's minutes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Stages = NDArray[np.int8]

STAGES = ("wake", "light", "deep", "rem")
WAKE, LIGHT, DEEP, REM = range(4)
SENSITIVITY = 0.93  # at which sleep studies of wrists compare specificity


def kappa(scored: Stages, guessed: Stages) -> float:
    """Cohen's kappa of the epochs that a person scored."""
    known = scored >= 0
    table = np.zeros((4, 4))
    np.add.at(table, (scored[known], guessed[known]), 1)
    total = table.sum()
    agreed = np.trace(table) / total
    chance = float(table.sum(0) @ table.sum(1)) / total**2
    return float((agreed - chance) / (1 - chance)) if chance < 1 else 0.0


def sleep_auc(scored: Stages, sleep: Floats) -> float:
    """The chance that an epoch asleep gets a higher chance of sleep than one awake (ties count half)."""
    known = scored >= 0
    asleep, awake = np.sort(sleep[known & (scored != WAKE)]), sleep[known & (scored == WAKE)]
    below = np.searchsorted(asleep, awake, "left") + np.searchsorted(asleep, awake, "right")
    return float(1 - below.mean() / 2 / len(asleep))


def specificity(scored: Stages, sleep: Floats, sensitivity: float = SENSITIVITY) -> float:
    """The share of epochs awake that are found when `sensitivity` of those asleep are."""
    known = scored >= 0
    threshold = np.quantile(sleep[known & (scored != WAKE)], 1 - sensitivity, method="lower")
    return float((sleep[known & (scored == WAKE)] < threshold).mean())


def calibration_table(scored: Stages, chances: Floats, bins: int = 10) -> list[dict[str, float]]:
    """For ten bins of confidence in the likeliest stage: how many epochs, their mean confidence, the share that is right."""
    known = scored >= 0
    confidence, right = chances[known].max(1), chances[known].argmax(1) == scored[known]
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "from": number / bins,
            "epochs": int((place == number).sum()),
            "confidence": float(confidence[place == number].mean()),
            "right": float(right[place == number].mean()),
        }
        for number in range(bins)
        if (place == number).any()
    ]


def calibration_error(scored: Stages, chances: Floats, bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from the share that is right, weighted by epochs."""
    table = calibration_table(scored, chances, bins)
    total = sum(row["epochs"] for row in table)
    return float(sum(row["epochs"] * abs(row["confidence"] - row["right"]) for row in table) / total)


def minutes(scored: Stages, stages: Stages) -> dict[str, float]:
    """A night's sums, in minutes, over the epochs that a person scored."""
    known = stages[scored >= 0]
    asleep = np.flatnonzero(known != WAKE)
    after_onset = known[asleep[0] :] if len(asleep) else known[:0]
    return {
        "total_sleep_time_minutes": float((known != WAKE).sum() / 2),
        "waso_minutes": float((after_onset == WAKE).sum() / 2),
        "deep_minutes": float((known == DEEP).sum() / 2),
        "rem_minutes": float((known == REM).sum() / 2),
    }


def agreement(pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> dict[str, dict[str, float]]:
    """Bias (guessed minus scored) and 95 % limits of agreement of each sum over nights (Bland and Altman 1986)."""
    found = {}
    for name in pairs[0][0]:
        apart = np.array([guessed[name] - scored[name] for scored, guessed in pairs])
        bias, spread = float(apart.mean()), float(apart.std(ddof=1))
        found[name] = {"bias": bias, "low": bias - 1.96 * spread, "high": bias + 1.96 * spread}
    return found

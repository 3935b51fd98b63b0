"""Other nights than those of the study: no heart rate, gaps, another device's scale, short nights, naps."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.training.nights import LabelledNight

Condition = Callable[[LabelledNight], LabelledNight]
HOUR = 120  # epochs


def _cut(first: int, end: int) -> Condition:
    def cut(night: LabelledNight) -> LabelledNight:
        return LabelledNight(night.subject, night.counts[first:end], night.heart_rate[first:end], night.stages[first:end])

    return cut


def _scaled(factor: float) -> Condition:
    return lambda night: replace(night, counts=night.counts * np.float32(factor))


def _other_device(night: LabelledNight) -> LabelledNight:
    """Counts as of a device that also hums when still, and squeezes strong movement."""
    noise = np.random.default_rng(7).uniform(0, 4, len(night.counts))
    return replace(night, counts=(8 + noise + 30 * np.sqrt(night.counts / 30)).astype(np.float32))


def _gaps(night: LabelledNight) -> LabelledNight:
    """Six gaps of ten minutes in everything, and every third heart rate lost."""
    counts, heart_rate = night.counts.copy(), night.heart_rate.copy()
    for start in np.linspace(0.1, 0.9, 6):
        first = int(start * len(counts))
        counts[first : first + 20] = heart_rate[first : first + 20] = np.nan
    heart_rate[::3] = np.nan
    return replace(night, counts=counts, heart_rate=heart_rate)


def _half_a_heart(night: LabelledNight) -> LabelledNight:
    """Heart rate in every other half hour alone."""
    heart_rate = night.heart_rate.copy()
    heart_rate[(np.arange(len(heart_rate)) // 60) % 2 == 1] = np.nan
    return replace(night, heart_rate=heart_rate)


def _without_heart(night: LabelledNight) -> LabelledNight:
    return replace(night, heart_rate=np.full_like(night.heart_rate, np.nan))


def _without_counts(night: LabelledNight) -> LabelledNight:
    return replace(night, counts=np.full_like(night.counts, np.nan))


CONDITIONS: Mapping[str, Condition] = {
    "as recorded": lambda night: night,
    "counts only": _without_heart,
    "heart rate only": _without_counts,
    "heart rate half of the time": _half_a_heart,
    "gaps": _gaps,
    "counts x 0.2": _scaled(0.2),
    "counts x 5": _scaled(5.0),
    "another device's counts": _other_device,
    "first four hours": _cut(0, 4 * HOUR),
    "a nap: first 90 minutes": _cut(0, 3 * HOUR // 2),
    "from the middle: hours three to six": _cut(3 * HOUR, 6 * HOUR),
}

"""Circular statistics of clock times, in minutes of the day: 23:30 and 00:30 average to midnight, not to noon.

After N. I. Fisher, "Statistical Analysis of Circular Data", Cambridge University Press 1993, chapter 2, and K. V. Mardia and
P. E. Jupp, "Directional Statistics", Wiley 2000, chapter 2.
"""

import math
from collections.abc import Iterable
from typing import Final

DAY: Final = 1440.0
_NO_DIRECTION: Final = 1e-9
"""A resultant this short comes from rounding alone: times spread evenly around the clock have no mean."""


def circular_mean(minutes: Iterable[float]) -> float | None:
    """The mean direction as a time of day, 0 <= mean < 1440; None without times, or when they point nowhere together."""
    east, north, count = _sums(minutes)
    if count == 0 or math.hypot(east, north) / count < _NO_DIRECTION:
        return None
    return math.atan2(north, east) / math.tau * DAY % DAY % DAY  # twice: a tiny negative number rounds up to the day


def resultant_length(minutes: Iterable[float]) -> float | None:
    """The mean resultant length, 1 when all times are equal and 0 when they balance out; None without times."""
    east, north, count = _sums(minutes)
    return min(1.0, math.hypot(east, north) / count) if count else None


def circular_sd(minutes: Iterable[float]) -> float | None:
    """The circular standard deviation sqrt(-2 ln R) in minutes; None without times, or when they point nowhere together."""
    length = resultant_length(minutes)
    if length is None or length < _NO_DIRECTION:
        return None
    return math.sqrt(max(0.0, -2 * math.log(length))) / math.tau * DAY


def circular_difference(later: float, earlier: float) -> float:
    """The short way round the clock from `earlier` to `later`: -720 <= difference < 720."""
    return (later - earlier + DAY / 2) % DAY - DAY / 2


def _sums(minutes: Iterable[float]) -> tuple[float, float, int]:
    angles = [minute / DAY * math.tau for minute in minutes]
    return math.fsum(map(math.cos, angles)), math.fsum(map(math.sin, angles)), len(angles)

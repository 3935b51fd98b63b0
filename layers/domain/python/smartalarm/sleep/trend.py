"""Where a figure is going: the Theil-Sen slope, which a few odd nights do not bend, and how sure it is.

P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American Statistical Association
63:1379 (1968): the median of the slopes between all pairs of points; the interval comes from the spread of Kendall's
statistic.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Z_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Trend:
    """A slope (y by x) and its confidence interval."""

    slope: float
    low: float
    high: float


def theil_sen(points: Sequence[tuple[float, float]], z: float = Z_95) -> Trend | None:
    """The trend of (x, y); `z` is the normal quantile of the interval. None without two different x."""
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for number, later in enumerate(points)
        for earlier in points[:number]
        if later[0] != earlier[0]
    )
    if not slopes:
        return None
    count, size = len(slopes), len(points)
    half_width = z * math.sqrt(size * (size - 1) * (2 * size + 5) / 18)
    low = max(0, round((count - half_width) / 2) - 1)
    high = min(count - 1, round((count + half_width) / 2))
    return Trend(_median(slopes), slopes[low], slopes[high])


def _median(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

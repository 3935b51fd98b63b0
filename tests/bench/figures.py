"""What a benchmark gives: figures with what they are measured beside and the goal they must reach."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Goal:
    """A bound on the measured value ("value") or on how many times better it is than the rival's ("ratio")."""

    of: Literal["value", "ratio"]
    at_least: float | None = None
    at_most: float | None = None

    def is_reached(self, measured: float) -> bool:
        """Whether the figure is within the bound."""
        return (self.at_least is None or measured >= self.at_least) and (self.at_most is None or measured <= self.at_most)


@dataclass(frozen=True)
class Figure:
    """One row: `value` in `unit`; the rival's value in the same unit; `ratio`, above 1 when ours is better."""

    name: str
    value: float
    unit: str
    rival: str = ""
    rival_value: float | None = None
    is_more_better: bool = False
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """How many times better than the rival; None without one."""
        if self.rival_value is None:
            return None
        pair = (self.value, self.rival_value) if self.is_more_better else (self.rival_value, self.value)
        return pair[0] / max(pair[1], 1e-9)

    @property
    def has_passed(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal is None:
            return None
        measured = self.ratio if self.goal.of == "ratio" else self.value
        return measured is not None and self.goal.is_reached(measured)

    def to_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        return {**asdict(self), "ratio": self.ratio, "has_passed": self.has_passed}


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

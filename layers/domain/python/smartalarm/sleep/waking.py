"""When to wake a sleeper within the minutes before an alarm: as soon as it is sure enough that sleep is light. Pure.

Being woken from deep sleep leaves people groggy for longer (Tassi and Muzet, Sleep Medicine Reviews 4(4), 2000); waking them
too soon costs sleep. So the bar is high when the window opens and falls as the alarm's time comes near: what is left to wait
for is less and less. At the alarm's own time it rings whatever this says; nothing here can put that off.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Probabilities = tuple[float, float, float, float]
"""Of one epoch: wake, light, deep, REM, in the order of `smartalarm.ports.STAGES`."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How sure it must be: `opening` when the window opens, `closing` at its end.

    `bend`: 1 falls evenly, more holds the bar high for longer. `epochs`: over how many of the latest the mean is taken.
    """

    opening: float
    closing: float
    bend: float
    epochs: int

    def bar(self, left: float) -> float:
        """The bar when `left` of the window is still to come (1 as it opens, 0 at the alarm's time)."""
        gone = 1 - min(max(left, 0.0), 1.0)
        return self.opening + (self.closing - self.opening) * math.pow(gone, self.bend)


CURVE: Final = Curve(opening=0.92, closing=0.6, bend=1.0, epochs=2)
"""What is deployed: fitted on all nights by `make smart-wake`, which writes it down in models/smart-wake.md."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the latest epochs say. `confidence`: how sure it is that the sleeper is awake or sleeps lightly."""

    rings: bool
    stage: Literal["wake", "light"]
    confidence: float


def judge(
    probabilities: Sequence[Probabilities | None], seconds_left: float, window_seconds: float, curve: Curve = CURVE
) -> Verdict | None:
    """Whether to ring now. None when nothing is known of the newest epoch: then nothing rings early.

    `probabilities`: of the night so far, by the model that only looks back. `seconds_left`: until the alarm's own time.
    """
    if not probabilities or probabilities[-1] is None or window_seconds <= 0:
        return None
    latest = [one for one in probabilities[-curve.epochs :] if one is not None]
    wake, light = (sum(one[index] for one in latest) / len(latest) for index in (0, 1))
    confidence = min(wake + light, 1.0)
    rings = confidence >= curve.bar(seconds_left / window_seconds)
    return Verdict(rings, "wake" if wake >= light else "light", confidence)

"""Smart wake on labelled nights: alarms, strategies to ring by, and what stages they meet.

Alarms stand every five minutes from five hours after a recording's start to its end, each with a window of 30 minutes.
Counted is the stage that a person scored for the epoch in which it rings. What has something to tune is tuned without the
night on which it is judged: for each night the curve is chosen on the others, the best there within a mean of MOST_EARLY
minutes and with no more deep sleep than a plain alarm meets. The chances are those of a live model fitted without the night.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from models.training.nights import UNSCORED, LabelledNight
from models.training.scores import DEEP, LIGHT, REM, STAGES, WAKE
from smartalarm.sleep.waking import Curve

WINDOW: Final = 60
"""Epochs: 30 minutes."""
LAST_CALL: Final = 2
"""In the last minute it is left to the alarm, as in the product."""
FIRST_ALARM: Final = 600
APART: Final = 10
MOST_EARLY: Final = 14.0
"""Minutes: a little below the goal of 15, because a night that was not tuned on may come out earlier."""
MOVEMENTS: Final = (10.0, 60.0, 100.0)
FIXED: Final = (0.7, 0.8, 0.9)
GRID: Final = tuple(
    Curve(opening, closing, bend, epochs)
    for opening, closing, bend, epochs in itertools.product(
        (0.8, 0.84, 0.87, 0.9, 0.92, 0.94, 0.97), (0.5, 0.6, 0.7, 0.75, 0.8, 0.84), (0.5, 1.0, 2.0), (1, 2, 4)
    )
    if closing <= opening
)

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Ring = Callable[["Sleeper"], Indices]
"""The epoch in which each alarm of a night rings."""


class Guessed(Protocol):
    """A labelled night and what a model that had not seen it made of it (`models.training.evaluation.Guess`)."""

    @property
    def night(self) -> LabelledNight:
        """The night."""

    @property
    def chances(self) -> Floats:
        """Of each epoch those of each stage."""


@dataclass(frozen=True)
class Sleeper:
    """One night: the stage in each epoch (unscored ones as the one before), what was measured, and when alarms stand."""

    subject: str
    stages: NDArray[np.int8]
    counts: Floats
    chances: Floats
    alarms: Indices

    @property
    def openings(self) -> Indices:
        """Of each alarm the epochs at whose start it may ring early."""
        found: Indices = self.alarms[:, None] + np.arange(-WINDOW, -LAST_CALL + 1)
        return found


@dataclass(frozen=True)
class Tally:
    """What a strategy met: by night, wakes in each stage, the sum of minutes early, and how many alarms."""

    rows: Floats

    def share(self, *stages: int) -> float:
        """Of all wakes those in these stages."""
        return float(self.rows[:, list(stages)].sum() / self.rows[:, 5].sum())

    @property
    def minutes_early(self) -> float:
        """On the mean."""
        return float(self.rows[:, 4].sum() / self.rows[:, 5].sum())

    @property
    def by_night(self) -> Floats:
        """The share in wake or light sleep, night by night."""
        shares: Floats = self.rows[:, [WAKE, LIGHT]].sum(1) / self.rows[:, 5]
        return shares

    def figures(self) -> dict[str, float]:
        """What the table shows."""
        return {
            "wake_or_light": self.share(WAKE, LIGHT),
            "spread_nights": float(self.by_night.std(ddof=1)),
            **{STAGES[stage]: self.share(stage) for stage in (WAKE, LIGHT, DEEP, REM)},
            "minutes_early": self.minutes_early,
        }


def sleeper_of(night: Guessed) -> Sleeper | None:
    """The night with its alarms; None where nobody sleeps that long."""
    stages = night.night.stages.copy()
    for epoch in range(1, len(stages)):
        if stages[epoch] == UNSCORED:
            stages[epoch] = stages[epoch - 1]
    alarms = np.array([at for at in range(FIRST_ALARM, len(stages), APART) if stages[at] != UNSCORED], dtype=np.int64)
    counts = np.nan_to_num(night.night.counts.astype(float))
    return Sleeper(night.night.subject, stages, counts, night.chances, alarms) if len(alarms) else None


# ------------------------------------------------------------------------------------------------ strategies


def plain(sleeper: Sleeper) -> Indices:
    """At the alarm's time."""
    return sleeper.alarms


def first_movement(least: float) -> Ring:
    """As many apps do: at the first epoch with so much movement."""
    return lambda sleeper: _first(sleeper, known_before(sleeper.counts)[sleeper.openings] >= least)


def by_curve(curve: Curve) -> Ring:
    """As the product does; with opening and closing alike it is a fixed threshold."""

    def ring(sleeper: Sleeper) -> Indices:
        sure = known_before(mean_of_latest(sleeper.chances[:, WAKE] + sleeper.chances[:, LIGHT], curve.epochs))
        left = np.arange(WINDOW, LAST_CALL - 1, -1) / WINDOW
        bars = np.array([curve.bar(float(part)) for part in left])
        return _first(sleeper, sure[sleeper.openings] >= bars)

    return ring


def oracle(sleeper: Sleeper) -> Indices:
    """Knows every stage: the latest epoch of the window in wake or light sleep."""
    back = sleeper.alarms[:, None] - np.arange(WINDOW + 1)
    is_light = np.isin(sleeper.stages[back], (WAKE, LIGHT))
    return sleeper.alarms - np.where(is_light.any(1), is_light.argmax(1), 0)


def _first(sleeper: Sleeper, rings: NDArray[np.bool_]) -> Indices:
    """The first opening at which it rings, else the alarm's time."""
    waited = np.where(rings.any(1), rings.argmax(1), WINDOW)
    return sleeper.alarms - WINDOW + waited


def known_before(values: Floats) -> Floats:
    """What is known at an epoch's start: the value of the one before."""
    return np.concatenate([[-np.inf], values])


def mean_of_latest(values: Floats, epochs: int) -> Floats:
    """Of each epoch and those before it."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - epochs)
    means: Floats = (sums[ends] - sums[starts]) / (ends - starts)
    return means


# ------------------------------------------------------------------------------------------------ judging


def judge(sleepers: Sequence[Sleeper], ring: Ring) -> Tally:
    """What the strategy meets."""
    rows = []
    for sleeper in sleepers:
        rung = ring(sleeper)
        met = np.bincount(sleeper.stages[rung], minlength=4)[:4]
        rows.append([*met, float((sleeper.alarms - rung).sum()) / 2, len(rung)])
    return Tally(np.array(rows))


def best(tallies: Floats, plain_rows: Floats, places: Sequence[int]) -> int:
    """Which curve (tallies: [curve, night, 6]) is best on the nights at these places; the first if none keeps the limits."""
    sums, deep = tallies[:, places].sum(1), plain_rows[places, DEEP].sum()
    keeps = (sums[:, 4] / sums[:, 5] <= MOST_EARLY) & (sums[:, DEEP] <= deep)
    return int(np.where(keeps, sums[:, WAKE] + sums[:, LIGHT], -1).argmax())


def tuned(sleepers: Sequence[Sleeper]) -> tuple[Tally, Curve]:
    """The curve judged on each night after it was chosen on the others, and the one chosen on all."""
    tallies = np.array([judge(sleepers, by_curve(curve)).rows for curve in GRID])
    plain_rows = judge(sleepers, plain).rows
    everybody = range(len(sleepers))
    rows = [tallies[best(tallies, plain_rows, [p for p in everybody if p != place]), place] for place in everybody]
    return Tally(np.array(rows)), GRID[best(tallies, plain_rows, list(everybody))]


def strategies() -> Iterable[tuple[str, Ring]]:
    """Those with nothing to tune."""
    yield "plain alarm", plain
    for least in MOVEMENTS:
        yield f"first movement, counts >= {least:.0f}", first_movement(least)
    for bar in FIXED:
        yield f"fixed threshold {bar}", by_curve(Curve(bar, bar, 1.0, 1))

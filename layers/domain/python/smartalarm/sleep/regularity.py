"""The sleep regularity index: how likely one is in the same state, asleep or awake, at two moments 24 hours apart.

A. J. K. Phillips et al., "Irregular sleep/wake patterns are associated with poorer academic performance and delayed
circadian and sleep/wake timing", Scientific Reports 7:3216 (2017): -100 + 200 times that probability, so that a perfectly
regular sleeper has 100 and one who sleeps and wakes at random 0.

24 hours apart means elapsed time, as in the paper: the body's clock does not jump when the wall clock does. A journey across
zones, or the change to summer time, therefore shows as what it is for the body. Moments without a record on either side are
left out, as published implementations do (D. P. Windred et al., SLEEP 44(12):zsab254, 2021); nothing is invented for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

EPOCH_SECONDS: Final = 30
DAY_EPOCHS: Final = 24 * 60 * 60 // EPOCH_SECONDS

States = Sequence[bool | None]
"""By epoch: asleep, awake, or None where nobody knows."""

_KNOWN: Final[Mapping[bool | None, str]] = {True: "1", False: "1", None: "0"}
_ASLEEP: Final[Mapping[bool | None, str]] = {True: "1", False: "0", None: "0"}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Sleep and wake on one grid of 30-second epochs from 1970 on; each number has one bit for each epoch.

    A month is 86,400 epochs, and integers this long are compared in microseconds.
    """

    origin: int = 0
    known: int = 0
    asleep: int = 0

    @classmethod
    def of(cls, spans: Iterable[tuple[datetime, datetime]], records: Iterable[tuple[datetime, States]]) -> Self:
        """Awake in the spans but for what the records say: their start and, by epoch, asleep, awake or not known."""
        awake = [(epoch_of(start), epoch_of(end)) for start, end in spans]
        told = [(epoch_of(start), states) for start, states in records]
        if not awake and not told:
            return cls()
        origin = min([first for first, _ in awake] + [first for first, _ in told])
        known = asleep = 0
        for first, after in awake:
            known |= _ones(after - first) << (first - origin)
        for first, states in told:
            at = first - origin
            covered = _ones(len(states)) << at
            known = known & ~covered | _bits(states, _KNOWN) << at
            asleep = asleep & ~covered | _bits(states, _ASLEEP) << at
        return cls(origin, known, asleep)


def epoch_of(instant: datetime) -> int:
    """The epoch of the grid whose start is nearest to the instant."""
    return round(instant.timestamp() / EPOCH_SECONDS)


def regularity_index(timeline: Timeline, day_epochs: int = DAY_EPOCHS) -> tuple[float, int] | None:
    """The index, -100 to 100, and how many pairs of epochs a day apart it rests on; None without any."""
    pairs = timeline.known & (timeline.known >> day_epochs)
    count = pairs.bit_count()
    if count == 0:
        return None
    different = ((timeline.asleep ^ (timeline.asleep >> day_epochs)) & pairs).bit_count()
    return -100 + 200 * (count - different) / count, count


def _ones(length: int) -> int:
    return (1 << max(0, length)) - 1


def _bits(states: States, digit_of: Mapping[bool | None, str]) -> int:
    """A number whose bit i has the digit of state i."""
    digits = [digit_of[state] for state in states]
    digits.reverse()
    return int("".join(digits) or "0", 2)

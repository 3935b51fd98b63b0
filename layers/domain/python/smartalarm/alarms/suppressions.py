"""The chain every occurrence passes before it rings; each link can only skip it, and must say why.

The order is fixed: alarm disabled, skipped date, answered before its time, exception period, holiday rule. The first link
that skips gives the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from smartalarm.alarms.occurrence import Occurrence

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why an occurrence does not ring, in a sentence for the user.

    `until`, if known: this link skips every occurrence before that instant too, so a search may go on from there.
    """

    reason: str
    until: datetime | None = None


class Suppression(Protocol):
    """One link of the chain: a pure function of the occurrence."""

    def __call__(self, occurrence: Occurrence, /) -> Skip | None:
        """Why it is skipped, or None to let it pass."""


@dataclass(frozen=True, slots=True)
class Disabled:
    """The alarm is switched off."""

    def __call__(self, _occurrence: Occurrence, /) -> Skip | None:
        """Skips everything."""
        return Skip("The alarm is off.", until=_FOREVER)


@dataclass(frozen=True, slots=True)
class SkippedDates:
    """Single occurrences that the user skipped, by `Occurrence.wall`: a trip to another zone does not bring one back.

    An aware one of the times is an instant, of an occurrence that was skipped before its alarm was known.
    """

    times: frozenset[datetime]

    def __call__(self, occurrence: Occurrence, /) -> Skip | None:
        """Skips those."""
        return Skip("You skipped this one.") if occurrence.wall in self.times or occurrence.at in self.times else None


@dataclass(frozen=True, slots=True)
class Answered:
    """Occurrences that are over before their time: they rang early and were dismissed, or were dismissed just before it."""

    instants: frozenset[datetime]

    def __call__(self, occurrence: Occurrence, /) -> Skip | None:
        """Skips those."""
        return Skip("It was answered before its time.") if occurrence.at in self.instants else None


def first_skip(occurrence: Occurrence, chain: Sequence[Suppression]) -> Skip | None:
    """What the chain says: the first link's skip, None when it rings."""
    for suppression in chain:
        skip = suppression(occurrence)
        if skip is not None:
            return skip
    return None

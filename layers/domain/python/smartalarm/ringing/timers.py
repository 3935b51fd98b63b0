"""The timers of ringing: which there are, what they are called, when the next rung of the ladder is."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from smartalarm.ports import Entropy, Timer, TimerChange

if TYPE_CHECKING:  # a sweep handles timers alone: the alarm's models would be a tenth of its cold start
    from smartalarm.ringing.occurrence import Occurrence

EARLY: Final = "early"
"""A smart wake: the occurrence rings before its time. The alarm's own timer stays where it stands."""
AGAIN: Final = "again"
"""The end of a snooze: the occurrence rings once more."""
LADDER: Final = "ladder"
"""Something is due for a ring that nobody answered: send it again, or call it missed."""
ANNOUNCE: Final = "announce"
"""Tell every device how an occurrence ended, so that what still rings there stops."""
TEST: Final = "test"
"""Send a test push to one device."""
REPORT: Final = "report"
"""Tell the user's other devices of one that stopped answering."""
RECOMPUTE: Final = "recompute"
"""Plan the user's alarms anew: the zone or the zone rules changed."""

CLAIM_LEAD: Final = timedelta(milliseconds=800)
"""A ring is claimed this long before its instant, so that the database's time vanishes inside the hold."""
WATCH: Final = timedelta(seconds=10)
"""The first ladder timer, written with the claim: were the sender to die before it recorded the sending, this re-sends."""
LAST_WORD: Final = WATCH + timedelta(seconds=2)
"""An answer to a claimed ring that nobody recorded as sent is announced once more this much later: its sender has sent it
by then, or leaves it to the watch, which the answer removed."""
RUNGS: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))
"""After the first release: again if no device noticed; louder; louder, and the backup channels."""


def new_revision(entropy: Entropy) -> int:
    """What tells a timer from another of the same id and instant (ADR 4)."""
    return int(entropy.fraction() * 2**52)


def occurrence_timer_id(occurrence_id: str) -> str:
    """A live occurrence has one timer, which moves."""
    return f"occurrence:{occurrence_id}"


def early_timer_id(occurrence_id: str) -> str:
    """The timer of `EARLY`."""
    return f"early:{occurrence_id}"


def early_claim_key(user: str, occurrence_id: str) -> str:
    """The claim that keeps why, from the decision to the ring."""
    return f"early:{user}:{occurrence_id}"


def announce_timer_id(occurrence_id: str) -> str:
    """The timer of `ANNOUNCE`."""
    return f"announce:{occurrence_id}"


def occurrence_timer(user: str, occurrence: "Occurrence", purpose: str, due_at: datetime, now: datetime) -> Timer:
    """The occurrence's own timer. Its revision is the ring's number: an answer always moves or clears it."""
    timer_id = occurrence_timer_id(occurrence.id)
    return Timer(timer_id, user, due_at, purpose, occurrence.id, occurrence.ring_count, now)


def announce_timer(user: str, occurrence: "Occurrence", now: datetime) -> Timer:
    """Announce the occurrence's end now."""
    return Timer(announce_timer_id(occurrence.id), user, now, ANNOUNCE, occurrence.id, len(occurrence.ledger), now)


def set_timer(timer: Timer, expected: Timer | None = None) -> TimerChange:
    """The change that writes it."""
    return TimerChange(timer.id, timer, expected)


def clear_timer(timer_id: str, expected: Timer | None = None) -> TimerChange:
    """The change that removes it."""
    return TimerChange(timer_id, None, expected)


def rungs_due(occurrence: "Occurrence", now: datetime) -> int:
    """How many rungs of the ladder should be climbed by now."""
    if occurrence.released_at is None:
        return 0
    return sum(1 for rung in RUNGS if occurrence.released_at + rung <= now)


def next_ladder_at(occurrence: "Occurrence") -> datetime:
    """When the released ring's next rung is due, at the latest its time-out."""
    released_at, times_out_at = occurrence.released_at, occurrence.times_out_at
    if released_at is None or times_out_at is None:
        raise ValueError("the ring has not been released")
    later = (released_at + rung for rung in RUNGS[occurrence.rung :])
    return min(next(later, times_out_at), times_out_at)

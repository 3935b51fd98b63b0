"""Late answers: what a person answered on a device that was offline, applied when the device comes back.

The lattice of occurrence.py decides, never the order in which answers arrive: a dismissal settles whatever is not settled by
one, a snooze counts for its own ring and for none after it, of two snoozes of one ring the earlier end wins. An answer that
comes too late to change anything changes nothing, and none ever fails.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.plan import Calendar
from smartalarm.errors import Conflict, NotFound
from smartalarm.instants import Instant, instant_to_text
from smartalarm.ports import ClaimChange, Clock, Commit, Store, Timer, TimerChange
from smartalarm.ringing.answers import EARLY, Answers, timers_of_answer
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.stop import Stop
from smartalarm.ringing.updates import Change, Stored, Update, Updates
from smartalarm.turns import Turns, busy

Effect = Literal["applied", "superseded"]
"""Whether the answer changed anything."""

COUNTS_FOR: Final = timedelta(days=14)
"""Older answers change nothing: the occurrences they could be of are not shown any more."""
ONLINE: Final = timedelta(seconds=5)
"""What arrives within this after it was given was given online, whichever way it came."""


def _occurrence_id(text: str) -> str:
    parse_occurrence_id(text)
    return text


class LateAnswer(BaseModel):
    """`ring`: the number of the ring that was answered. `at`: when, by the device's clock. `minutes`: of a snooze."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurrence_id: Annotated[str, AfterValidator(_occurrence_id)]
    event: Literal["dismiss", "snooze", "shown", "heard"]
    ring: Annotated[int, Field(ge=1, le=1000)] = 1
    at: Instant
    minutes: Annotated[int, Field(ge=1, le=120)] | None = None


@dataclass(frozen=True)
class Applied:
    """What an answer did, and timers to be sent once all answers are in."""

    effect: Effect
    timers: tuple[Timer, ...] = ()


class LateAnswers:
    """Applies them."""

    def __init__(
        self,
        store: Store,
        answers: Answers,
        updates: Updates,
        clock: Clock,
        direct_path: DirectPath,
        stop: Stop,
        turns: Turns,
    ) -> None:
        self._store = store
        self._answers = answers
        self._updates = updates
        self._clock = clock
        self._direct_path = direct_path
        self._stop = stop
        self._turns = turns

    def apply(self, user: str, answer: LateAnswer, device_id: str, claim_of: Callable[[Effect], ClaimChange]) -> Applied:
        """Take one answer. `claim_of`: what is recorded in the same commit, by what the answer did.

        Raises Conflict(code="lost_claim") when that is recorded already.
        """
        for _ in self._turns:
            try:
                return self._apply(user, answer, device_id, claim_of)
            except Conflict as conflict:
                if conflict.code != "lost_timer":  # it was claimed, or the alarm changed, since we looked
                    raise
        raise busy()

    def send(self, timers: Sequence[Timer]) -> None:
        """Send what `apply` gave. A snooze that is over by now then rings, unless a later answer settled it."""
        self._direct_path.send(timers)

    def _apply(self, user: str, answer: LateAnswer, device_id: str, claim_of: Callable[[Effect], ClaimChange]) -> Applied:
        now = self._clock.now()
        found = self._find(user, answer, now)
        if found is None:
            self._store.commit(Commit(user, now, claims=(claim_of("superseded"),)))
            return Applied("superseded")
        stored, alarm = found
        advance = self._answers.advance(user, alarm, stored.occurrence) if alarm else ()
        steps: list[tuple[Effect, Occurrence, tuple[TimerChange, ...]]] = []

        def step(known: Occurrence) -> Change:
            after = _moved(known, answer, now, device_id)
            if after == known:
                steps.append(("superseded", after, ()))
                return Change(None, claims=(claim_of("superseded"),))
            is_told = answer.event in {"shown", "heard"}
            timers = () if is_told else (*timers_of_answer(user, known, after, now), *advance)
            steps.append(("applied", after, timers))
            return Change(after, timers, claims=(claim_of("applied"),))

        self._updates.run_one(Update(user, stored, step))
        effect, after, timers = steps[-1]  # what stands: of several steps the last was committed
        if timers:
            self._stop.tell_sockets(user, after, device_id)
        return Applied(effect, timers=tuple(change.timer for change in timers if change.timer))

    def _find(self, user: str, answer: LateAnswer, now: datetime) -> tuple[Stored, tuple[Alarm, Calendar] | None] | None:
        """What it answers; None when it cannot change anything."""
        if answer.at < now - COUNTS_FOR:
            return None
        try:
            found = self._answers.find(user, answer.occurrence_id, is_late=True)
        except NotFound:
            return None
        occurrence, is_stored = found[0].occurrence, bool(found[0].version)
        is_far = occurrence.at > now + EARLY and not occurrence.early_ring
        if is_far or (not is_stored and answer.event in {"shown", "heard"}):
            return None
        return found


def _moved(known: Occurrence, answer: LateAnswer, now: datetime, device_id: str) -> Occurrence:
    """The occurrence after the answer. A device's clock may run ahead: nobody answered later than now."""
    at = min(answer.at, now)
    detail = f"by its own clock at {instant_to_text(answer.at)}"
    if answer.event == "dismiss":
        after = known.dismiss(now, device_id)
    elif answer.event == "snooze":
        until = at + timedelta(minutes=answer.minutes or known.snooze.minutes)
        after = known.snooze_ring(known.ring_meant(answer.ring, at), now, until, device_id)
    elif answer.ring < known.ring_count:  # of a ring that is over: nobody has noticed the one that rings now
        told = f"Ring {answer.ring} was {answer.event} there, {detail}."
        return known if any(line.detail == told for line in known.ledger) else known.note(now, "note", told, device_id)
    else:
        return known.acknowledge(now, answer.event, device_id, detail)
    if after == known or now - at <= ONLINE:
        return after
    return after.note(now, "note", f"Answered offline, {detail}.", device_id)

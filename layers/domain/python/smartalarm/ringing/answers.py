"""Answers: a person snoozes, dismisses, or a device reports that it showed or sounded a ring. Idempotent, first come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import ONE_SECOND, Calendar, ring_timer, timer_id
from smartalarm.alarms.suppressions import first_skip
from smartalarm.errors import Conflict, NotFound
from smartalarm.instants import instant_to_text
from smartalarm.ports import Clock, Document, Entropy, Key, Store, TimerChange
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.stop import Stop
from smartalarm.ringing.timers import (
    AGAIN,
    announce_timer,
    clear_timer,
    new_revision,
    occurrence_timer,
    occurrence_timer_id,
    set_timer,
)
from smartalarm.ringing.updates import Change, Stored, Update, Updates
from smartalarm.turns import Turns, busy

EARLY: Final = timedelta(minutes=5)
"""How long before its instant a ring may be answered: a device's clock may run ahead and ring first."""


class Answers:
    """The answers of one user at a time; also reads single occurrences, those to come included."""

    def __init__(
        self,
        store: Store,
        updates: Updates,
        clock: Clock,
        entropy: Entropy,
        direct_path: DirectPath,
        stop: Stop,
        turns: Turns,
    ) -> None:
        self._store = store
        self._updates = updates
        self._clock = clock
        self._entropy = entropy
        self._direct_path = direct_path
        self._stop = stop
        self._turns = turns

    def occurrence(self, user: str, occurrence_id: str) -> Occurrence:
        """One occurrence: stored, or still to come (then pending or skipped). Raises NotFound."""
        stored, _ = self.find(user, occurrence_id)
        return stored.occurrence

    def dismiss(self, user: str, occurrence_id: str, device_id: str | None) -> Occurrence:
        """Settle it for good. Raises NotFound, and Conflict(code="not_ringing") long before its instant."""
        return self._answer(user, occurrence_id, device_id, lambda known, now: known.dismiss(now, device_id))

    def snooze(self, user: str, occurrence_id: str, minutes: int | None, device_id: str | None) -> Occurrence:
        """Ring again later. Raises NotFound, Conflict (codes "not_ringing", "snooze_limit")."""

        def step(known: Occurrence, now: datetime) -> Occurrence:
            return known.snooze_until(now, now + timedelta(minutes=minutes or known.snooze.minutes), device_id)

        return self._answer(user, occurrence_id, device_id, step)

    def acknowledge(
        self, user: str, occurrence_id: str, event: Literal["shown", "heard"], device_id: str | None, at: datetime | None
    ) -> Occurrence:
        """Note that a device showed or sounded it; `at` is that device's own clock. Raises NotFound, Conflict as above."""
        stored, _ = self.find(user, occurrence_id, is_acknowledged=True)
        now = self._clock.now()
        _check_due_soon(stored.occurrence, now)
        detail = f"by its own clock at {instant_to_text(at)}" if at else None

        def step(known: Occurrence) -> Change:
            after = known.acknowledge(now, event, device_id, detail)
            return Change(after if after != known else None)

        return self._updates.run_one(Update(user, stored, step)).occurrence

    def _answer(
        self,
        user: str,
        occurrence_id: str,
        device_id: str | None,
        move: Callable[[Occurrence, datetime], Occurrence],
    ) -> Occurrence:
        for _ in self._turns:
            try:
                return self._answer_once(user, occurrence_id, device_id, move)
            except Conflict as conflict:
                if conflict.code != "lost_timer":  # it was claimed, or the alarm changed, since we looked
                    raise
        raise busy()

    def _answer_once(
        self,
        user: str,
        occurrence_id: str,
        device_id: str | None,
        move: Callable[[Occurrence, datetime], Occurrence],
    ) -> Occurrence:
        stored, alarm = self.find(user, occurrence_id)
        now = self._clock.now()
        _check_due_soon(stored.occurrence, now)
        if not stored.version and stored.occurrence.state == "skipped":
            raise Conflict(f"It will not ring. {stored.occurrence.reason}", code="not_ringing")
        advance = self.advance(user, alarm, stored.occurrence) if alarm else ()

        written: list[TimerChange] = []

        def step(known: Occurrence) -> Change:
            written.clear()
            after = move(known, now)
            if after == known:
                return Change(None)
            written.extend((*timers_of_answer(user, known, after, now), *advance))
            return Change(after, tuple(written))

        before = stored.occurrence
        after = self._updates.run_one(Update(user, stored, step)).occurrence
        if after.ledger != before.ledger:
            self._stop.tell_sockets(user, after, device_id)
            self._direct_path.send([change.timer for change in written if change.timer])
        return after

    def advance(self, user: str, alarm: tuple[Alarm, Calendar], occurrence: Occurrence) -> tuple[TimerChange, ...]:
        """Answered before it rang here: the alarm's timer goes on to the next one, if it stands at this one."""
        own, calendar = alarm
        standing = [t for t in self._store.timers(user) if t.id == timer_id(own.id) and t.subject == occurrence.id]
        if not standing:
            return ()
        revision = new_revision(self._entropy)
        following = ring_timer(
            user, own, calendar, from_at=occurrence.at + ONE_SECOND, revision=revision, set_at=self._clock.now()
        )
        return (TimerChange(timer_id(own.id), following, expected=standing[0]),)

    def find(
        self, user: str, occurrence_id: str, *, is_acknowledged: bool = False, is_late: bool = False
    ) -> tuple[Stored, tuple[Alarm, Calendar] | None]:
        """The stored occurrence, or the one its alarm will have at that instant (with the alarm). Raises NotFound.

        `is_late`: a device says that it rang, so one that passed is found although nothing was due here.
        """
        stored = self._updates.read([(user, occurrence_id)]).get((user, occurrence_id))
        if stored is not None:
            return stored, None
        nothing = NotFound("There is no such occurrence.")
        try:
            alarm_id, at = parse_occurrence_id(occurrence_id)
        except ValueError:
            raise nothing from None
        keys = [Key(user, "alarm", alarm_id), Key(user, "profile", "me")]
        found = self._store.read(keys)
        document = found.get(keys[0])
        if document is None or document.deleted or keys[1] not in found:
            raise nothing
        alarm = Alarm.from_document(document)
        calendar = Calendar.of(found[keys[1]].fields["time_zone"], self._skips(user))
        coming = occurrence_at(alarm.schedule, calendar.zone_of(alarm), at)
        now = self._clock.now()
        if coming is None or (at <= now and not is_late and not self._was_due(user, alarm, at)):
            raise nothing
        occurrence = Occurrence.of(alarm, at, calendar.zone_of(alarm)).note(alarm.updated_at, "scheduled")
        if (at <= now or not is_acknowledged) and (skip := first_skip(coming, calendar.chain(alarm))) is not None:
            occurrence = occurrence.model_copy(update={"state": "skipped", "reason": skip.reason})
        return Stored(occurrence, 0), (alarm, calendar)

    def _was_due(self, user: str, alarm: Alarm, at: datetime) -> bool:
        """Of a past instant without a record: overdue, or due while the alarm was off. A rule names many that never were."""
        if not alarm.enabled:
            return at >= alarm.created_at
        return any(timer.id == timer_id(alarm.id) and timer.due_at <= at for timer in self._store.timers(user))

    def _skips(self, user: str) -> list[Document]:
        return self._store.list_many([user], ["skip"]).get(user, [])


def timers_of_answer(user: str, known: Occurrence, after: Occurrence, now: datetime) -> list[TimerChange]:
    """The occurrence's own timers once an answer moved it: the end of a snooze, and news to all devices if it was live."""
    own: list[TimerChange] = [clear_timer(occurrence_timer_id(known.id))]
    if after.state == "snoozed" and after.snoozed_until is not None:
        own = [set_timer(occurrence_timer(user, after, AGAIN, after.snoozed_until, now))]
    if known.is_live:
        own.append(set_timer(announce_timer(user, after, now)))
    return own


def _check_due_soon(occurrence: Occurrence, now: datetime) -> None:
    """Raise Conflict long before the instant: nothing can be ringing anywhere, unless it was rung early."""
    if occurrence.at > now + EARLY and not occurrence.early_ring:
        raise Conflict("It is not ringing yet. To leave it out, skip it.", code="not_ringing")

"""Skips: leave out one coming occurrence of an alarm, or take that back."""

from datetime import datetime, timedelta
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import preview_of, standing_timer
from smartalarm.alarms.preview import PreviewItem
from smartalarm.errors import Conflict, Invalid
from smartalarm.ports import Clock, Commit, Entropy, Key, Put, Store, Timer, TimerChange
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.timers import new_revision
from smartalarm.ringing.withdrawal import Withdrawal
from smartalarm.turns import Turns, busy

MAX_SKIPS: Final = 1000
"""Every ring of a user reads all of them, in one read with the rings of others."""
SKIP_KEPT: Final = timedelta(days=90)
CLAIMED_WITHIN: Final = timedelta(minutes=1)
"""A ring is claimed less than this before its instant, maybe just while it is being skipped."""


class Skips:
    """The skipped occurrences of one user at a time."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        entropy: Entropy,
        calendars: Calendars,
        direct_path: DirectPath,
        withdrawal: Withdrawal,
        turns: Turns,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._calendars = calendars
        self._direct_path = direct_path
        self._withdrawal = withdrawal
        self._turns = turns

    def set(self, user: str, alarm_id: str, occurrence_id: str, *, is_skipped: bool) -> PreviewItem:
        """Skip one coming occurrence, or take that back. Idempotent. Raises NotFound, Invalid, Conflict once it rang."""
        at = _instant_of(occurrence_id, alarm_id)
        for _ in self._turns:
            now = self._clock.now()
            document = self._store.get(user, "alarm", alarm_id)
            alarm = Alarm.from_document(document)
            calendar = self._calendars.of(user, min(now, at), [alarm])
            occurrence = occurrence_at(alarm.schedule, calendar.zone_of(alarm), at)
            if occurrence is None:
                raise Invalid.field("/occurrence_id", "This alarm has no occurrence at that instant.")
            key, own = Key(user, "occurrence", occurrence_id), Key(user, "skip", occurrence_id)
            found = self._store.read([key, own])
            existing = found.get(key)
            if own not in found and self._store.count(user, "skip") >= MAX_SKIPS:
                raise Conflict(f"You have skipped {MAX_SKIPS} dates, which is the most.", code="too_many_skips")
            is_claimed = existing is not None and existing.fields["state"] == "ringing" and now < at
            is_skipped_already = existing is not None and existing.fields["state"] == "skipped" and is_skipped
            if existing is not None and existing.fields["state"] != "pending" and not is_claimed and not is_skipped_already:
                raise _over()
            standing = standing_timer(self._store.timers(user), alarm_id)
            if existing is None and at <= now and not (standing and standing.due_at <= at):
                raise _over()  # nothing is overdue there: it rang and is forgotten, or never was due
            touched = self._touched(standing) if standing and standing.due_at == at else None
            fields = {"skipped": is_skipped, "wall": occurrence.wall.isoformat()}
            try:
                self._store.commit(
                    Commit(
                        user,
                        now,
                        writes=(Put("skip", occurrence_id, fields, expires_at=max(at, now) + SKIP_KEPT),),
                        timers=(TimerChange(touched.id, touched, expected=standing),) if touched else (),
                    )
                )
            except Conflict as conflict:
                if conflict.code != "lost_timer":
                    raise
                continue
            self._direct_path.send([touched] if touched else [])
            if is_skipped and touched is None and at <= now + CLAIMED_WITHIN:
                self._withdrawal.withdraw(user, alarm_id, "You skipped this one.", lambda other: other != at)
            items = preview_of(alarm, self._calendars.of(user, min(now, at), [alarm]), at, 1)
            return items[0]
        raise busy()

    def _touched(self, timer: Timer) -> Timer:
        return Timer(
            timer.id, timer.user, timer.due_at, timer.purpose, timer.subject, new_revision(self._entropy), self._clock.now()
        )


def _over() -> Conflict:
    return Conflict("Its time has come already; what rings can be dismissed.", code="already_rang")


def _instant_of(occurrence_id: str, alarm_id: str) -> datetime:
    try:
        named, at = parse_occurrence_id(occurrence_id)
    except ValueError:
        raise Invalid.field("/occurrence_id", "This is not an occurrence's id.") from None
    if named != alarm_id:
        raise Invalid.field("/occurrence_id", "This occurrence belongs to another alarm.")
    return at

"""Saving an alarm: the one way by which it is written, whoever writes it, with all that follows from it.

What follows is told by what the alarm was and what it becomes: a coming ring gets its timer, one that was overdue is told as
missed, what rings of it stops. The timer and the telling are in the same commit; the rest comes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import Calendar, resume_at, ring_timer, standing_timer, timer_id
from smartalarm.alarms.was_due import noted
from smartalarm.ports import ClaimChange, Commit, Document, Entropy, Put, Store, Telemetry, TimerChange
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.overtaken import Overtaken
from smartalarm.ringing.timers import new_revision
from smartalarm.ringing.withdrawal import Withdrawal

GONE = "The alarm was deleted."


@dataclass(frozen=True)
class Plan:
    """A save that is thought through. `before`, `after`: the alarm, None while there is none or it is deleted.

    `calendar` is of the alarm that there is. `told`: what tells of rings that were overdue. `ends`: what rings must stop,
    and why.
    """

    user: str
    put: Put
    now: datetime
    before: Alarm | None
    after: Alarm | None
    calendar: Calendar | None
    timers: tuple[TimerChange, ...] = ()
    told: Sequence[Put] = ()
    ends: str | None = None


class Saving:
    """Plans saves, and commits them."""

    def __init__(
        self,
        store: Store,
        entropy: Entropy,
        calendars: Calendars,
        direct_path: DirectPath,
        withdrawal: Withdrawal,
        overtaken: Overtaken,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._entropy = entropy
        self._calendars = calendars
        self._direct_path = direct_path
        self._withdrawal = withdrawal
        self._overtaken = overtaken
        self._telemetry = telemetry

    def plan(self, user: str, known: Document | None, put: Put, now: datetime) -> Plan:
        """What follows from this write of an alarm over the document that is `known`. Raises NotFound for an erased user."""
        before = Alarm.from_document(known) if known and not known.deleted else None
        after = None if put.deleted else Alarm.from_fields(put.id, put.fields)
        put = replace(put, fields=noted(self._store, known, put.fields, before, after, now))
        plan = partial(Plan, user, put, now, before, after)
        if after is None:
            return plan(None) if before is None else self._deletion(plan, user, before, now)
        if before is None:
            calendar = self._calendars.of(user, now, [after], is_new=known is None)
            return plan(calendar, (self._timer(user, after, calendar, now, now),))
        return self._change(plan, user, before, after, now)

    def commit(self, plan: Plan, claims: Sequence[ClaimChange] = ()) -> Document:
        """Make it durable, then send what is due soon, and stop what may not ring any more. Raises Conflict."""
        told = self._overtaken.all_but_some(plan.user, plan.told, plan.now)
        committed = self._store.commit(
            Commit(plan.user, plan.now, writes=(plan.put, *told), timers=plan.timers, claims=tuple(claims))
        )
        self._direct_path.send([change.timer for change in plan.timers if change.timer])
        if plan.before is None and plan.after is not None:
            self._telemetry.count("alarms_created_total")
        if plan.ends is not None:
            stands = partial(_still_stands, plan.after, plan.calendar) if plan.after and plan.calendar else None
            self._withdrawal.withdraw(plan.user, plan.put.id, plan.ends, stands)
        return committed.documents[0]

    def stop(self, user: str, alarm_id: str) -> None:
        """Stop what rings of an alarm that is deleted already, perhaps by a call that broke off before it could."""
        self._withdrawal.withdraw(user, alarm_id, GONE)

    def _change(self, plan: "partial[Plan]", user: str, before: Alarm, after: Alarm, now: datetime) -> Plan:
        standing = standing_timer(self._store.timers(user), after.id)
        calendar = self._calendars.of(user, min(now, standing.due_at) if standing else now, [before, after])
        from_at = now
        told: Sequence[Put] = ()
        if (before.schedule, before.time_zone, before.enabled) != (after.schedule, after.time_zone, after.enabled):
            told = self._overtaken.writes(before, calendar, standing, now, f"{_told(after)} before this one could ring.")
        elif standing:
            # An overdue ring still rings: a new label must not silence it.
            from_at = min(now, resume_at(after, calendar, standing.due_at))
        has_moved = not after.enabled or (before.schedule, before.time_zone) != (after.schedule, after.time_zone)
        timer = self._timer(user, after, calendar, from_at, now)
        return plan(calendar, (timer,), told, f"{_told(after)}." if has_moved else None)

    def _deletion(self, plan: "partial[Plan]", user: str, before: Alarm, now: datetime) -> Plan:
        standing = standing_timer(self._store.timers(user), before.id)
        told: Sequence[Put] = ()
        if standing is not None and standing.due_at <= now:
            calendar = self._calendars.of(user, standing.due_at, [before])
            reason = "The alarm was deleted before this one could ring."
            told = self._overtaken.writes(before, calendar, standing, now, reason)
        return plan(None, (TimerChange(timer_id(before.id), None),), told, GONE)

    def _timer(self, user: str, alarm: Alarm, calendar: Calendar, from_at: datetime, now: datetime) -> TimerChange:
        revision = new_revision(self._entropy)
        timer = ring_timer(user, alarm, calendar, from_at=from_at, revision=revision, set_at=now)
        return TimerChange(timer_id(alarm.id), timer)


def _told(after: Alarm) -> str:
    return "The alarm was changed" if after.enabled else "The alarm was switched off"


def _still_stands(alarm: Alarm, calendar: Calendar, at: datetime) -> bool:
    return alarm.enabled and occurrence_at(alarm.schedule, calendar.zone_of(alarm), at) is not None

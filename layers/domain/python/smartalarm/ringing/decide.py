"""Decides what a due timer means now, from the documents as they are. Pure: no store, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import ONE_SECOND, ring_timer, timer_id
from smartalarm.alarms.suppressions import first_skip
from smartalarm.ports import Timer, TimerChange
from smartalarm.ringing.around import Surroundings
from smartalarm.ringing.notices import lateness
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.timers import (
    LADDER,
    WATCH,
    announce_timer,
    clear_timer,
    occurrence_timer,
    set_timer,
)
from smartalarm.ringing.updates import Change, Stored

LATE = timedelta(seconds=1)


@dataclass(frozen=True)
class Ring:
    """It rings: commit `occurrence` and `timers` shortly before the instant, then send.

    From `watched_at` on the watch sends it instead, if nobody recorded that it went out.
    """

    stored: Stored
    occurrence: Occurrence
    timers: tuple[TimerChange, ...]
    watched_at: datetime


@dataclass(frozen=True)
class Settle:
    """Nothing rings: commit `change` when its instant has come. `stored` None: only timers change."""

    stored: Stored | None
    change: Change


def decide_ring(timer: Timer, around: Surroundings, now: datetime, *, grace: timedelta, revision: int) -> Ring | Settle:
    """An alarm's timer: ring, record a skip, record a miss, or go on to the occurrence that is really next."""
    if around.alarm is None or around.alarm.deleted:
        return Settle(None, Change(None, (clear_timer(timer.id, timer),)))
    alarm = Alarm.from_document(around.alarm)
    zone = around.calendar.zone_of(alarm)

    def following(from_at: datetime) -> TimerChange:
        coming = ring_timer(timer.user, alarm, around.calendar, from_at=from_at, revision=revision, set_at=now)
        return TimerChange(timer_id(alarm.id), coming, expected=timer)

    after = around.calendar.not_before(alarm, timer.due_at + ONE_SECOND)
    known = around.stored.occurrence if around.stored else None
    if known is not None and known.state != "pending":
        return Settle(None, Change(None, (following(after),)))
    occurrence = occurrence_at(alarm.schedule, zone, timer.due_at) if alarm.enabled else None
    if occurrence is None:
        # The zone or its rules changed since the timer was set: what lies between then and now must not be lost.
        since = around.calendar.not_before(alarm, timer.set_at)
        return Settle(None, Change(None, (following(min(since, now)),)))
    stored = around.stored or Stored(Occurrence.of(alarm, timer.due_at, zone).note(timer.set_at, "scheduled"), 0)
    onward = following(after)
    if (skip := first_skip(occurrence, around.calendar.chain(alarm))) is not None:
        at = max(now, timer.due_at)
        return Settle(stored, Change(stored.occurrence.skip(at, skip.reason), (onward,)))
    if now - timer.due_at > grace:
        missed = stored.occurrence.miss(now, _too_late(timer.due_at, now))
        return Settle(stored, Change(missed, (onward, set_timer(announce_timer(timer.user, missed, now)))))
    return _ring(timer, stored, now, (onward,))


def decide_again(timer: Timer, around: Surroundings, now: datetime, *, grace: timedelta) -> Ring | Settle:
    """The end of a snooze."""
    stored = around.stored
    if stored is None or stored.occurrence.state != "snoozed":
        return Settle(None, Change(None, (clear_timer(timer.id, timer),)))
    if around.alarm is None or around.alarm.deleted:
        return Settle(
            stored, Change(stored.occurrence.dismiss(now, None, "The alarm was deleted."), (clear_timer(timer.id, timer),))
        )
    if now - timer.due_at > grace:
        missed = stored.occurrence.miss(now, _too_late(timer.due_at, now))
        timers = (clear_timer(timer.id, timer), set_timer(announce_timer(timer.user, missed, now)))
        return Settle(stored, Change(missed, timers))
    return _ring(timer, stored, now, ())


def _ring(timer: Timer, stored: Stored, now: datetime, more: tuple[TimerChange, ...]) -> Ring:
    releases_at = max(now, timer.due_at)
    claimed = stored.occurrence.claim().note(timer.due_at, "due")
    if now - timer.due_at > LATE:
        claimed = claimed.note(now, "late", lateness(timer.due_at, now))
    watch = occurrence_timer(timer.user, claimed, LADDER, releases_at + WATCH, now)
    expected = timer if timer.id == watch.id else None
    return Ring(stored, claimed, (*more, set_timer(watch, expected)), watch.due_at)


def _too_late(due_at: datetime, now: datetime) -> str:
    return f"Smart Alarm could not run when it was due, and came back {lateness(due_at, now)}."

"""Decides what a due timer means now, from the documents as they are. Pure: no store, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import ONE_SECOND, RING, ring_timer, timer_id
from smartalarm.alarms.suppressions import first_skip
from smartalarm.ports import Timer, TimerChange
from smartalarm.ringing.around import Surroundings
from smartalarm.ringing.notices import lateness
from smartalarm.ringing.occurrence import Early, Occurrence
from smartalarm.ringing.timers import (
    LADDER,
    WATCH,
    announce_timer,
    clear_timer,
    occurrence_timer,
    occurrence_timer_id,
    set_timer,
)
from smartalarm.ringing.updates import Change, Stored

LATE = timedelta(seconds=1)
LAPSES = timedelta(minutes=3)
"""A smart wake that could not ring for so long is dropped: sleep has gone on since."""
LAST_CALL = timedelta(minutes=1)
"""Nearer to its own time nothing rings early: there is nothing to win, and that ring may be under way. A snooze of an early
ring that ends there is the ring at its own time."""


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
    if known is not None and known.state != "pending" and not known.is_early:
        return Settle(None, Change(None, (following(after),)))
    occurrence = occurrence_at(alarm.schedule, zone, timer.due_at) if alarm.enabled else None
    if occurrence is None:
        # The zone or its rules changed since the timer was set: what lies between then and now must not be lost.
        since = around.calendar.not_before(alarm, timer.set_at)
        return Settle(None, Change(None, (following(min(since, now)),)))
    stored = around.stored or Stored(Occurrence.of(alarm, timer.due_at, zone).note(timer.set_at, "scheduled"), 0)
    onward = following(after)
    skip = first_skip(occurrence, around.calendar.chain(alarm))
    if skip is not None and not stored.occurrence.is_early:
        return Settle(stored, Change(stored.occurrence.skip(max(now, timer.due_at), skip.reason), (onward,)))
    if skip is None and now - timer.due_at <= grace:
        return _ring(timer, stored, now, (onward,))
    over = stored.occurrence.miss(now, _too_late(timer.due_at, now))
    if skip is not None:  # it rings early, and somebody left it out meanwhile
        over = stored.occurrence.dismiss(now, None, skip.reason)
    return Settle(stored, Change(over, (onward, *_ended(timer.user, over, now))))


def decide_early(timer: Timer, early: Early | None, around: Surroundings, now: datetime) -> Ring | Settle:
    """A smart wake's timer: ring before the alarm's own time, if nothing changed since it was decided.

    Whatever speaks against it leaves all as it was: the alarm's own timer is not touched, and rings. With the ring it is set
    as it stands, so that an edit or a skip that lands in between wins: it gave that timer another revision.
    """
    given_up = Settle(None, Change(None, (clear_timer(timer.id, timer),)))
    at = parse_occurrence_id(timer.subject).at
    if early is None or now - timer.due_at > LAPSES or around.alarm is None or around.alarm.deleted:
        return given_up
    alarm = Alarm.from_document(around.alarm)
    zone = around.calendar.zone_of(alarm)
    due = occurrence_at(alarm.schedule, zone, at) if alarm.enabled else None
    if due is None or first_skip(due, around.calendar.chain(alarm)) is not None:
        return given_up
    stored = around.stored or Stored(Occurrence.of(alarm, at, zone).note(min(alarm.updated_at, now), "scheduled"), 0)
    if stored.occurrence.state != "pending" or not is_window_open(alarm, at, now):
        return given_up
    claimed = stored.occurrence.claim_early(early).note(timer.due_at, "early", early.to_text())
    watch = occurrence_timer(timer.user, claimed, LADDER, max(now, timer.due_at) + WATCH, now)
    own = Timer(timer_id(alarm.id), timer.user, at, RING, timer.subject, timer.revision, now)
    timers = (clear_timer(timer.id, timer), set_timer(own, own), set_timer(watch))
    return Ring(stored, claimed, timers, watch.due_at)


def is_window_open(alarm: Alarm, at: datetime, now: datetime) -> bool:
    """Whether the alarm may ring now for what is due at `at`: not sooner than it says, and not when it is nearly time."""
    return LAST_CALL <= at - now <= timedelta(minutes=alarm.smart_wake_minutes)


def decide_again(timer: Timer, around: Surroundings, now: datetime, *, grace: timedelta) -> Ring | Settle:
    """The end of a snooze."""
    stored = around.stored
    if stored is None or stored.occurrence.state != "snoozed":
        return Settle(None, Change(None, (clear_timer(timer.id, timer),)))
    if around.alarm is None or around.alarm.deleted:
        return Settle(
            stored, Change(stored.occurrence.dismiss(now, None, "The alarm was deleted."), (clear_timer(timer.id, timer),))
        )
    skip = _skip_before_its_time(timer, around, stored.occurrence)
    if skip is not None:  # and whoever left it out could not stop it then
        over = stored.occurrence.dismiss(now, None, skip)
        timers = (clear_timer(timer.id, timer), set_timer(announce_timer(timer.user, over, now)))
        return Settle(stored, Change(over, timers))
    due_at = max(timer.due_at, stored.occurrence.at) if stored.occurrence.early_ring else timer.due_at
    if now - due_at > grace:  # of an early one counted from its own time
        missed = stored.occurrence.miss(now, _too_late(timer.due_at, now))
        timers = (clear_timer(timer.id, timer), set_timer(announce_timer(timer.user, missed, now)))
        return Settle(stored, Change(missed, timers))
    return _ring(timer, stored, now, ())


def _skip_before_its_time(timer: Timer, around: Surroundings, known: Occurrence) -> str | None:
    """Why what rang early is left out at its own time, or before it; None when it is not."""
    if around.alarm is None or not known.early_ring or timer.due_at > known.at:
        return None
    alarm = Alarm.from_document(around.alarm)
    due = occurrence_at(alarm.schedule, around.calendar.zone_of(alarm), known.at)
    skip = first_skip(due, around.calendar.chain(alarm)) if due is not None else None
    return skip.reason if skip is not None else None


def _ring(timer: Timer, stored: Stored, now: datetime, more: tuple[TimerChange, ...]) -> Ring:
    releases_at = max(now, timer.due_at)
    is_early = stored.occurrence.early_ring > 0 and releases_at < stored.occurrence.at - LAST_CALL
    claimed = stored.occurrence.claim(is_early=is_early).note(timer.due_at, "due")
    if now - timer.due_at > LATE:
        claimed = claimed.note(now, "late", lateness(timer.due_at, now))
    watch = occurrence_timer(timer.user, claimed, LADDER, releases_at + WATCH, now)
    expected = timer if timer.id == watch.id else None
    return Ring(stored, claimed, (*more, set_timer(watch, expected)), watch.due_at)


def _ended(user: str, over: Occurrence, now: datetime) -> tuple[TimerChange, ...]:
    """What follows from the end of an occurrence that may have been ringing early."""
    own = (clear_timer(occurrence_timer_id(over.id)),) if over.early_ring else ()
    return (*own, set_timer(announce_timer(user, over, now)))


def _too_late(due_at: datetime, now: datetime) -> str:
    return f"Smart Alarm could not run when it was due, and came back {lateness(due_at, now)}."

"""Coming occurrences: what will be due within 48 hours, worked out when it is pulled. None of it is stored. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import occurrence_id
from smartalarm.alarms.occurrences import occurrences
from smartalarm.alarms.plan import Calendar
from smartalarm.alarms.suppressions import first_skip
from smartalarm.alarms.was_due import due_between
from smartalarm.instants import instant_to_compact, instant_to_text

AHEAD: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Coming:
    """One coming occurrence, or (`fields` None) one that is not due any more."""

    id: str
    instant: str
    fields: dict[str, Any] | None


def coming_of(
    alarm: Alarm, calendar: Calendar, *, from_at: datetime, until: datetime, former_zones: Iterable[str], after: str
) -> Iterator[Coming]:
    """By instant, those in [from_at, until) and past the compact instant `after`.

    With `former_zones` also what was due in those and is not now.
    """
    if not alarm.enabled:
        return
    place, chain = calendar.zone_of(alarm), calendar.chain(alarm)
    taken = _taken_back(alarm, calendar, from_at, until, former_zones)
    for due in occurrences(alarm.schedule, place, from_at):
        while taken and taken[-1] < due.at:
            yield from _past([_gone(alarm, taken.pop())], after)
        if due.at >= until:
            break
        skip = first_skip(due, chain)
        fields = {
            "alarm_id": alarm.id,
            "label": alarm.label,
            "at": instant_to_text(due.at),
            "local": due.local.isoformat(),
            "state": "pending",
            "ring_count": 0,
            "snoozed_until": None,
            "answered_by": None,
            "reason": skip.reason if skip else None,
            "status": "skipped" if skip else "will_ring",
        }
        yield from _past([Coming(occurrence_id(alarm.id, due.at), instant_to_compact(due.at), fields)], after)
    yield from _past([_gone(alarm, at) for at in reversed(taken)], after)


def _taken_back(
    alarm: Alarm, calendar: Calendar, from_at: datetime, until: datetime, former_zones: Iterable[str]
) -> list[datetime]:
    """The latest first."""
    if alarm.time_zone is not None:
        return []
    former: set[datetime] = set()
    for name in former_zones:
        former |= due_between(alarm, name, from_at, until)
    return sorted(former - due_between(alarm, calendar.zone_name, from_at, until), reverse=True) if former else []


def _gone(alarm: Alarm, at: datetime) -> Coming:
    return Coming(occurrence_id(alarm.id, at), instant_to_compact(at), None)


def _past(found: Iterable[Coming], after: str) -> Iterator[Coming]:
    return (one for one in found if one.instant > after)

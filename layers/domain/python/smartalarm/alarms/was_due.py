"""What an alarm promised and no longer does: instants that a former version of it named and that are still ahead.

Devices know the coming occurrences of an alarm without any of them being stored. So each change of the alarm notes, in the
alarm itself, what it took back: a pull then tells those as deleted (smartalarm.sync.pull). Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from smartalarm.accounts.profile import ME, PROFILE
from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.former_zones import TOLD_AHEAD, former_zones
from smartalarm.alarms.occurrences import occurrences
from smartalarm.alarms.zones import zone
from smartalarm.instants import instant_to_compact
from smartalarm.ports import Document, JsonObject, Key, Store
from smartalarm.sync.ticking import WAS_DUE

MOST: Final = 300
"""A person takes back a handful. With more, `TOO_MANY` and the instant at which all of it is past is noted instead."""
TOO_MANY: Final = "*"


def due_between(alarm: Alarm, zone_name: str, from_at: datetime, until: datetime) -> set[datetime]:
    """Instants that an enabled alarm names in [from_at, until), skipped ones included."""
    if not alarm.enabled:
        return set()
    found: set[datetime] = set()
    for occurrence in occurrences(alarm.schedule, zone(alarm.time_zone or zone_name), from_at):
        if occurrence.at >= until:
            break
        found.add(occurrence.at)
    return found


def was_due(
    known: Sequence[str], before: Alarm | None, after: Alarm | None, zone_names: Iterable[str], now: datetime
) -> list[str]:
    """The note (compact instants, ascending) after `before` became `after`; None: there was none, or it was deleted.

    `known`: the note so far. `zone_names`: the user's zone now, then those of the last two days, which devices may still
    go by where the alarm follows the user.
    """
    until = now + TOLD_AHEAD
    current, *former = zone_names
    start = instant_to_compact(now)
    if ends := [text for text in known if text.startswith(TOO_MANY) and text[1:] > start]:
        return [max([*ends, TOO_MANY + instant_to_compact(until)])] if before != after else [max(ends)]
    taken = {text for text in known if text > start}
    if before is not None:
        for name in [current, *former] if before.time_zone is None else [current]:
            taken |= {instant_to_compact(at) for at in due_between(before, name, now, until)}
    if after is not None:
        taken -= {instant_to_compact(at) for at in due_between(after, current, now, until)}
    return sorted(taken) if len(taken) <= MOST else [TOO_MANY + instant_to_compact(until)]


def noted(
    store: Store, known: Document | None, fields: JsonObject, before: Alarm | None, after: Alarm | None, now: datetime
) -> JsonObject:
    """The fields to be stored of an alarm, with the note. Reads the profile when the change moves what is due."""
    note: list[str] = list(known.fields.get(WAS_DUE, ())) if known else []
    if note or (before is not None and _times(before) != _times(after)):
        key = Key(known.user, PROFILE, ME) if known else None
        profile = store.read([key]).get(key) if key else None
        names = (profile.fields["time_zone"], *former_zones(profile.fields, now)) if profile else ("UTC",)
        note = was_due(note, before, after, names, now)
    without = {name: value for name, value in fields.items() if name != WAS_DUE}
    return {**without, WAS_DUE: note} if note else without


def _times(alarm: Alarm | None) -> object:
    return (alarm.schedule, alarm.time_zone) if alarm is not None and alarm.enabled else None

"""Offset tables: what a zone's clocks show in the next two years, so that a client need not ask its own zone data.

Runtimes carry different zone data, and an occurrence's id holds its instant: whoever resolved a wall time by other data
would ring at another instant under another name.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from smartalarm.alarms.zones import zone

BACK: Final = timedelta(days=16)
AHEAD: Final = timedelta(days=731)
_STEP: Final = timedelta(hours=6)
"""Two changes of one zone lie weeks apart; the closest ahead of us are the two ends of Ramadan in Morocco."""

ZoneTable = tuple[tuple[int, int], ...]
"""`((until_ms, offset_s), ...)`, ascending: before `until_ms` (unix milliseconds), and not before the entry in front,
clocks show UTC plus `offset_s` seconds. The first entry reaches 15 days back at least; the last one ends at the table's
horizon, two years ahead: of what follows the table says nothing."""


def zone_table(name: str, now: datetime) -> ZoneTable:
    """The table of an IANA zone around `now`; the same for all of a UTC day. Raises ValueError for an unknown name."""
    return _table(name, now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1000)
def _table(name: str, day: datetime) -> ZoneTable:
    entries: list[tuple[int, int]] = []
    at, end = day - BACK, day + AHEAD
    offset = _offset(name, at)
    while at < end:
        following = min(at + _STEP, end)
        if (shown := _offset(name, following)) != offset:
            entries.append((_ms(_change(name, at, following, offset)), offset))
            offset = shown
        at = following
    return (*entries, (_ms(end), offset))


def _change(name: str, before: datetime, after: datetime, offset: int) -> datetime:
    """The first instant with another offset: it lies after `before` and not after `after`."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(name, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(name: str, at: datetime) -> int:
    shown = at.astimezone(zone(name)).utcoffset()
    return 0 if shown is None else int(shown.total_seconds())


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000

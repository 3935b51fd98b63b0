"""Offset tables say what the pinned zone data say, for every zone, over all of their time."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.alarms.zone_tables import zone_table
from smartalarm.alarms.zones import ZONE_NAMES, zone

NOW = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)
FIRST, LAST = NOW - timedelta(days=15), datetime(2028, 11, 30, tzinfo=UTC)


def offset_by(table: tuple[tuple[int, int], ...], at: datetime) -> int:
    """What a client reads from it."""
    place = bisect_right([until for until, _ in table], int(at.timestamp() * 1000))
    return table[place][1]


@given(st.sampled_from(sorted(ZONE_NAMES)), st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
def test_a_table_shows_what_the_zone_shows(name: str, wall: datetime) -> None:
    """At any instant, and right at its own changes and one second before them."""
    table, at = zone_table(name, NOW), wall.replace(tzinfo=UTC)
    changes = [datetime.fromtimestamp(until / 1000, UTC) for until, _ in table[:-1]]
    for instant in [at, *changes, *(change - timedelta(seconds=1) for change in changes)]:
        shown = instant.astimezone(zone(name)).utcoffset()
        assert shown is not None
        assert offset_by(table, instant) == shown.total_seconds()


@given(st.sampled_from(sorted(ZONE_NAMES)))
def test_a_table_is_short_ascending_and_reaches_two_years_ahead(name: str) -> None:
    """And the same for all of a day, so that clients and caches keep it."""
    table = zone_table(name, NOW)
    untils = [until for until, _ in table]
    assert untils == sorted(set(untils))
    assert len(table) <= 10
    assert untils[-1] >= (NOW + timedelta(days=730)).timestamp() * 1000
    assert zone_table(name, NOW + timedelta(hours=17)) is table


def test_the_two_weeks_before_are_in_it() -> None:
    """Clocks in Madrid went back on 25 October: a pull soon after knows both offsets."""
    table = zone_table("Europe/Madrid", datetime(2026, 11, 1, tzinfo=UTC))
    assert table[0] == (int(datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()) * 1000, 7200)


def test_an_unknown_name_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(ValueError, match="IANA"):
        zone_table("Mars/Olympus", NOW)

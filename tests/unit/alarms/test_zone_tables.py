"""The offset tables that a pull gives: clients resolve wall times by them alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartalarm.alarms.zone_tables import zone_table

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "zones.json").read_text("utf-8"))["zones"]
NOWS = [datetime(2027, month, 17, 13, 45, tzinfo=UTC) for month in (12, 9, 6)]
HALF_A_DAY_MS = 43_200_000
REACH_MS = (NOWS[0] + timedelta(days=732)).timestamp() * 1000


def offset(table: list[tuple[int, int]], at_ms: int) -> int:
    """What a client reads in a table."""
    return next(offset_s for until_ms, offset_s in table if at_ms < until_ms)


@pytest.mark.parametrize("name", sorted(name for name, table in VECTORS.items() if table[-1][0] > REACH_MS))
def test_a_table_says_what_the_vectors_say_that_clients_are_tested_with(name: str) -> None:
    """Twice a day from 15 days back to two years ahead, whenever it was made; the other table is brute force's."""
    for now in NOWS:
        table = list(zone_table(name, now))
        at_ms = int((now - timedelta(days=15)).timestamp()) * 1000
        while at_ms < table[-1][0]:
            assert offset(VECTORS[name], at_ms) == offset(table, at_ms)
            at_ms += HALF_A_DAY_MS


@pytest.mark.parametrize("name", ["Europe/Madrid", "Africa/Casablanca", "UTC"])
def test_a_table_changes_at_the_very_instants_of_the_vectors_and_ends_two_years_ahead(name: str) -> None:
    """To the second, and without entries that change nothing."""
    for now in NOWS:
        *changes, (horizon, _) = zone_table(name, now)
        day = now.replace(hour=0, minute=0)
        first, last = ((day + timedelta(days=days)).timestamp() * 1000 for days in (-16, 731))
        assert horizon == last
        assert changes == [tuple(entry) for entry in VECTORS[name][:-1] if first < entry[0] <= last]

"""Properties: whatever the rule, zone and moment, the occurrences are those that a walk from the start finds."""

import importlib.util
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smartalarm.alarms.occurrences import occurrences
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.zones import ZONE_NAMES, local_to_instant, zone

_SCRIPT = Path(__file__).parents[3] / "scripts" / "time_vectors.py"
_SPEC = importlib.util.spec_from_file_location("time_vectors", _SCRIPT)
assert _SPEC is not None
assert _SPEC.loader is not None
reference: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(reference)

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00")
QUARTER = timedelta(minutes=15)
"""No clock has changed twice within a quarter of an hour, so the reference may watch it that coarsely."""

steady = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
"""The same cases on every run: a red build must mean that somebody changed something."""

zones: SearchStrategy[str] = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/Santiago"]
) | st.sampled_from(sorted(ZONE_NAMES))
# Clocks change in the small hours, so most alarms here are set to them.
hours = st.sampled_from([0, 1, 2, 3, 23]) | st.integers(0, 23)
minutes = st.sampled_from([0, 15, 30, 45]) | st.integers(0, 59)
days = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


def values(of: SearchStrategy[Any], most: int = 3) -> SearchStrategy[str]:
    """A comma-separated list."""
    return st.lists(of, min_size=1, max_size=most).map(lambda found: ",".join(map(str, found)))


def signed(most: int) -> SearchStrategy[int]:
    """1..most or -most..-1."""
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def wall_times(draw: DrawFn, first: date = date(1970, 1, 1), last: date = date(2090, 12, 31)) -> datetime:
    """A wall time, more often than not in the small hours."""
    day = draw(st.dates(first, last))
    return datetime.combine(day, time(draw(hours), draw(minutes), draw(st.sampled_from([0, 0, 0, 30, 59]))))


@st.composite
def rules(draw: DrawFn, start: datetime) -> str:
    """Any rule we accept, in small: short lists, all parts."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency}

    def perhaps(name: str, value: SearchStrategy[Any], of_ten: int) -> None:
        if draw(st.integers(1, 10)) <= of_ten:
            parts[name] = str(draw(value))

    perhaps("INTERVAL", st.integers(1, 5) | st.sampled_from([6, 7, 11, 12, 13, 52, 99, 999]), 5)
    perhaps("WKST", days, 3)
    perhaps("BYMONTH", values(st.integers(1, 12), 4), 3)
    perhaps("BYMONTHDAY", values(signed(31), 4), 3)
    if frequency in {"MONTHLY", "YEARLY"}:
        # Numbers beyond 5 have no sense in a month; dateutil fails on some of them.
        in_month = frequency == "MONTHLY" or "BYMONTH" in parts
        numbers = signed(5).map(str) | st.just("") | (st.nothing() if in_month else signed(53).map(str))
        perhaps("BYDAY", values(st.tuples(numbers, days).map("".join)), 4)
    else:
        perhaps("BYDAY", values(days, 5), 5)
    perhaps("BYHOUR", values(hours), 2)
    perhaps("BYMINUTE", values(minutes), 2)
    if any(name.startswith("BY") for name in parts):
        perhaps("BYSETPOS", values(signed(4) | signed(366)), 4)
    end = draw(st.integers(0, 9))
    until = draw(st.datetimes(start, start + timedelta(days=4000))).replace(microsecond=0)
    if end == 0:
        parts["UNTIL"] = f"{until:%Y%m%d}"
    elif end == 1:
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
    elif end == 2:
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M%SZ}"
    elif end <= 5:
        parts["COUNT"] = str(draw(st.integers(1, 30) | st.integers(1, 5000)))
    return ";".join(f"{name}={parts[name]}" for name in draw(st.permutations(list(parts))))


@st.composite
def questions(draw: DrawFn) -> tuple[dict[str, Any], str, datetime, int]:
    """A schedule, a zone, a moment up to twelve years after the start (or a little before), and how many."""
    start = draw(wall_times())
    rule = draw(rules(start))
    moment = start + timedelta(days=draw(st.integers(-40, 40) | st.integers(0, 4400)), seconds=draw(st.integers(0, 86399)))
    around = wall_times(max(start, moment - timedelta(days=3)).date(), (max(start, moment) + timedelta(days=40)).date())
    dates = st.lists(around | st.just(start), max_size=3).map(lambda found: [wall.isoformat() for wall in found])
    schedule = {"start": start.isoformat(), "rrule": rule, "exdates": draw(dates), "rdates": draw(dates)}
    return schedule, draw(zones), max(moment, EPOCH + timedelta(days=1)), draw(st.integers(1, 6))


def ours(schedule: dict[str, Any], where: ZoneInfo, from_at: datetime, count: int, horizon: datetime) -> list[Any]:
    """What the product says, in the reference's shape."""
    found = islice(occurrences(Schedule.model_validate(schedule), where, from_at.replace(tzinfo=UTC)), count)
    return [
        (occurrence.at.replace(tzinfo=None), occurrence.local.replace(tzinfo=None))
        for occurrence in found
        if occurrence.wall <= horizon
    ]


@settings(steady, max_examples=1200)
@given(questions())
@example(
    (
        {"start": "2024-01-01T02:30:00", "rrule": "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", "exdates": [], "rdates": []},
        "Europe/Madrid",
        datetime.fromisoformat("2024-03-31T01:00:00"),
        4,
    )
)
def test_occurrences_are_those_of_a_walk_from_the_start(question: tuple[dict[str, Any], str, datetime, int]) -> None:
    """Every rule part, every zone, moments years after the start: equal to dateutil, resolved by watching the clock."""
    schedule, zone_name, from_at, count = question
    where = zone(zone_name)
    horizon = from_at + timedelta(days=1500)
    expected = reference.expected(schedule, where, from_at, count, horizon, QUARTER)
    expected = [pair for pair in expected if pair[1] <= horizon - timedelta(days=3)]
    actual = [pair for pair in ours(schedule, where, from_at, count, horizon) if pair[1] <= horizon - timedelta(days=3)]
    assert expected == actual


def clock_changes(where: ZoneInfo, year: int) -> list[datetime]:
    """The naive UTC instants of that year from which on the zone's offset is another, to the second."""

    def offset(day: datetime, seconds: int) -> timedelta:
        instant = day + timedelta(seconds=seconds)
        return reference.clock(where, instant) - instant  # type: ignore[no-any-return]

    found = []
    for day in (datetime.combine(date(year, 1, 1), time()) + timedelta(days=n) for n in range(365)):
        low, high = 0, 86400
        if offset(day, low) == offset(day, high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(day, middle) == offset(day, low) else (low, middle)
        found.append(day + timedelta(seconds=high))
    return found


@settings(steady, max_examples=250)
@given(zones, st.integers(1970, 2199), st.integers(-7200, 7200))
def test_wall_times_around_every_clock_change_get_the_instant_that_the_clock_shows(
    zone_name: str, year: int, seconds: int
) -> None:
    """The gap moves later, the overlap takes the earlier, whatever the length and direction of the change."""
    where = zone(zone_name)
    for change in clock_changes(where, year):
        for before in (change - timedelta(minutes=2), change + timedelta(minutes=2)):
            wall = reference.clock(where, before) + timedelta(seconds=seconds)
            assert reference.resolve(where, wall, QUARTER) == local_to_instant(wall, where).replace(tzinfo=None)


@settings(steady, max_examples=120)
@given(zones, st.integers(1970, 2199), st.data())
def test_dense_alarms_around_every_clock_change_stay_in_order_and_ring_each_instant_once(
    zone_name: str, year: int, data: st.DataObject
) -> None:
    """Every half-hour from midnight to four, looked at from moments before, on and after the change."""
    where = zone(zone_name)
    for change in clock_changes(where, year):
        start = reference.clock(where, change - timedelta(days=data.draw(st.integers(0, 800))))
        schedule = {
            "start": max(start, EPOCH).replace(second=0).isoformat(),
            "rrule": "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=0,30",
            "rdates": [reference.clock(where, change + timedelta(minutes=m)).isoformat() for m in (-1, 0, 30, 60)],
        }
        for seconds in (-90_000, -1, 0, 1, data.draw(st.integers(-90_000, 90_000))):
            from_at = change + timedelta(seconds=seconds)
            expected = reference.expected(schedule, where, from_at, 12, from_at + timedelta(days=9), QUARTER)
            assert expected == ours(schedule, where, from_at, 12, from_at + timedelta(days=9))

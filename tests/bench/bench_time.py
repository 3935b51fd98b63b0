"""The next occurrence of long-running alarms: ours beside dateutil's rrule, each from stored JSON as a request does it.

python tests/bench/bench_time.py
"""

import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dateutil.rrule import rrulestr

from smartalarm.alarms.occurrences import next_occurrence
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.zones import local_to_instant, zone

MADRID = zone("Europe/Madrid")
FROM_AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
EVERY_MINUTE = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
TEN_YEARS = [
    ("daily, 10 years old", "FREQ=DAILY"),
    ("weekdays, 10 years old", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("weekdays with COUNT, 10 years old", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=9999"),
    ("last workday of the month, 10 years old", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    ("yearly, 10 years old", "FREQ=YEARLY"),
]
WORST = [
    ("never: 30 February, daily", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    ("never: a fourth day of three, weekly", "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=4"),
    ("every minute, COUNT", f"FREQ=DAILY;{EVERY_MINUTE};COUNT=999999999"),
    ("every minute of a month, BYSETPOS, COUNT", f"FREQ=MONTHLY;{EVERY_MINUTE};BYSETPOS=366,-366;COUNT=999999"),
]


def ours(stored: dict[str, Any]) -> datetime | None:
    """The instant, from the stored schedule."""
    found = next_occurrence(Schedule.model_validate(stored), MADRID, FROM_AT)
    return None if found is None else found.at


def dateutils(stored: dict[str, Any]) -> datetime | None:
    """The same as one would write it with dateutil alone."""
    rule = rrulestr(stored["rrule"], dtstart=datetime.fromisoformat(stored["start"]))
    wall = rule.after(FROM_AT.astimezone(MADRID).replace(tzinfo=None), inc=True)
    return None if wall is None else local_to_instant(wall, MADRID)


def microseconds(call: Callable[[dict[str, Any]], object], stored: dict[str, Any], times: int) -> float:
    """The best of five rounds: what the machine does beside it is not measured."""
    return min(timeit.repeat(lambda: call(stored), number=times, repeat=5)) / times * 1e6


def rows() -> list[dict[str, Any]]:
    """One row per alarm: microseconds per next for both and their ratio; for the worst alarms ours alone."""
    found: list[dict[str, Any]] = []
    for name, rrule in TEN_YEARS:
        stored = {"start": "2016-12-01T07:00:00", "rrule": rrule, "exdates": [], "rdates": []}
        if ours(stored) != dateutils(stored):
            raise AssertionError(f"{name}: the two disagree")
        mine, theirs = microseconds(ours, stored, 500), microseconds(dateutils, stored, 5)
        found.append(
            {"case": name, "ours_us": round(mine, 1), "dateutil_us": round(theirs, 1), "ratio": round(theirs / mine, 1)}
        )
    for name, rrule in WORST:
        stored = {"start": "1970-01-01T07:00:00", "rrule": rrule, "exdates": [], "rdates": []}
        found.append({"case": name, "ours_us": round(microseconds(ours, stored, 3), 1), "dateutil_us": None, "ratio": None})
    return found


if __name__ == "__main__":
    for row in rows():
        beside = f"{row['dateutil_us']:>12.1f} us {row['ratio']:>8.1f} x" if row["ratio"] else ""
        print(f"{row['case']:<45}{row['ours_us']:>10.1f} us{beside}")  # noqa: T201  a program's output

"""Fills in what the time vectors expect, by brute force that shares no code with the product.

A case in tests/vectors/time/*.json is written by hand: name, schedule, time_zone, from and count. This program adds
`expect`: dateutil walks the rule from its start, and every wall time is looked for on the zone's own clock, which is
watched in steps from half a day before to a day and a half after. A case with `error` (the field, and the RRULE part at
fault) is wholly written by hand and left as it is; those of random.json are drawn by chance (drawn_rules.py).

zones.json, beside the folder, has the offset tables of all these zones, in the form in which a pull gives them: clients
resolve wall times by such tables, and replay the cases with these.
"""

import importlib
import json
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts.drawn_rules import drawn_cases
from scripts.vector_files import write_or_check

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "time"
TABLES = FOLDER.parent / "zones.json"
COMMAND = "python scripts/time_vectors.py"
HORIZON = datetime(2200, 12, 31, 23, 59, 59)  # noqa: DTZ001  wall time
DAY = timedelta(days=1)
STEP = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
"""No clock has changed twice within a quarter of an hour: coarser, and as good for cases by the hundred."""
TZDATA: str = importlib.import_module("tzdata").IANA_VERSION


def clock(zone: ZoneInfo, instant: datetime) -> datetime:
    """What a clock in the zone shows at a (naive UTC) instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


@cache
def resolve(zone: ZoneInfo, wall: datetime, step: timedelta = STEP) -> datetime:
    """The naive UTC instant at which an alarm set to `wall` rings, found by watching the clock from before to after.

    The first instant at which the clock shows `wall`; when it jumps over it, as much later as the jump is long.
    """
    watched = [wall - timedelta(hours=16) + i * step for i in range(int(timedelta(hours=56) / step))]
    offsets = {clock(zone, instant) - instant for instant in watched}
    shown = [wall - offset for offset in offsets if clock(zone, wall - offset) == wall]
    if shown:
        return min(shown)
    after = next(i for i, instant in enumerate(watched) if clock(zone, instant) > wall)
    before_jump, after_jump = (clock(zone, watched[i]) - watched[i] for i in (after - 1, after))
    moved = wall + (after_jump - before_jump)
    return next(moved - offset for offset in offsets if clock(zone, moved - offset) == moved)


def rule_walls(text: str, start: datetime, horizon: datetime) -> tuple[Iterator[datetime], datetime | None]:
    """All wall times of a rule by dateutil, and the instant (naive UTC) of an UNTIL with Z, which is not yet applied."""
    parts = dict(part.split("=", 1) for part in text.upper().split(";"))
    count, until, until_at = parts.pop("COUNT", None), parts.pop("UNTIL", None), None
    if until and until.endswith("Z"):
        until_at = datetime.fromisoformat(until).replace(tzinfo=None)
    elif until:
        last = datetime.fromisoformat(until)
        horizon = min(horizon, last if "T" in until else datetime.combine(last, time(23, 59, 59)))
    if "BYDAY" in parts:
        parts["BYDAY"] = _byday_as_union(parts)
    rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start)
    assert isinstance(rule, rrule)  # noqa: S101  one RRULE value gives no set
    shortest = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", "1"))
    counted = CountedInterval(interval, max(0, (horizon - start).days) // (shortest * interval) + 2)
    walls = _until_exhausted(iter(rule.replace(interval=counted, until=horizon)))
    return islice(walls, int(count) if count else None), until_at


class Exhausted(Exception):
    """The walk has gone past its horizon."""


class CountedInterval(int):
    """An INTERVAL that allows so many steps. dateutil looks at its own end only when a rule fires, so a rule that never
    does would be walked to the year 9999.
    """  # noqa: D205

    steps_left: int

    def __new__(cls, interval: int, steps: int) -> Self:
        """An int with a counter."""
        counted = super().__new__(cls, interval)
        counted.steps_left = steps
        return counted

    def _step(self) -> int:
        self.steps_left -= 1
        if self.steps_left < 0:
            raise Exhausted
        return int(self)

    def __radd__(self, other: int) -> int:
        return other + self._step()

    def __mul__(self, other: int) -> int:
        return self._step() * other


def _until_exhausted(walls: Iterator[datetime]) -> Iterator[datetime]:
    try:
        yield from walls
    except Exhausted:
        return


def _byday_as_union(parts: dict[str, str]) -> str:
    """MO,1FR for dateutil, which takes a list with and without numbers for days that are both: all get numbers."""
    days = parts["BYDAY"].split(",")
    if all(day in {"MO", "TU", "WE", "TH", "FR", "SA", "SU"} for day in days):
        return parts["BYDAY"]
    most = 53 if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts else 5
    numbered = chain.from_iterable([day] if len(day) > 2 else [f"{n}{day}" for n in range(1, most + 1)] for day in days)  # noqa: PLR2004
    return ",".join(numbered)


def expected(
    schedule: dict[str, Any],
    zone: ZoneInfo,
    from_at: datetime,
    count: int,
    horizon: datetime = HORIZON,
    step: timedelta = STEP,
) -> list[tuple[datetime, datetime]]:
    """The first `count` occurrences from `from_at` (naive UTC) on, as (naive UTC instant, what the clock shows)."""
    start = datetime.fromisoformat(schedule["start"])
    text = schedule.get("rrule")
    walls, until_at = rule_walls(text, start, horizon) if text else (iter([start]), None)
    dates = {datetime.fromisoformat(date) for date in schedule.get("rdates", [])}
    excluded = {datetime.fromisoformat(date) for date in schedule.get("exdates", [])}
    near = clock(zone, from_at) - 3 * DAY
    found: set[datetime] = set()
    last_wall: datetime | None = None
    for wall in walls:
        if wall < near:
            continue
        # Once enough is found, a wall time two days further on can only be later, whatever the clocks do.
        if last_wall is not None and wall > last_wall + 2 * DAY:
            break
        at = resolve(zone, wall, step)
        if at >= from_at and wall not in excluded and (until_at is None or at <= until_at):
            found.add(at)
            last_wall = wall if len(found) >= count and last_wall is None else last_wall
        if until_at is not None and at - until_at > 2 * DAY:
            break
    found |= {at for at in (resolve(zone, wall, step) for wall in dates - excluded if wall >= near) if at >= from_at}
    return [(at, clock(zone, at)) for at in sorted(found)[:count]]


def to_json(zone: ZoneInfo, at: datetime) -> dict[str, str]:
    """One occurrence as the API shows it."""
    aware = at.replace(tzinfo=UTC)
    return {"at": f"{at.isoformat(timespec='milliseconds')}Z", "local": aware.astimezone(zone).isoformat()}


def filled(name: str, vectors: dict[str, Any]) -> dict[str, Any]:
    """The same file with every expectation computed anew."""
    if name == "random":
        return {**vectors, "tzdata": TZDATA, "cases": drawn(vectors["seed"], len(vectors["cases"]))}
    return {**vectors, "tzdata": TZDATA, "cases": [answered(case) for case in vectors["cases"]]}


def answered(case: dict[str, Any], step: timedelta = STEP) -> dict[str, Any]:
    """The case with what is expected."""
    if "error" in case:
        return case
    zone = ZoneInfo(case["time_zone"])
    pairs = expected(case["schedule"], zone, to_naive(case["from"]), case["count"], step=step)
    return {**case, "expect": [to_json(zone, at) for at, _ in pairs]}


def drawn(seed: int, count: int) -> list[dict[str, Any]]:
    """The first cases of a seed that are over before 2036: rules that fire once in a lifetime would need long tables."""
    cases = (answered(case, QUARTER) for case in drawn_cases(seed))
    return list(islice((case for case in cases if all(one["at"] < "2036" for one in case["expect"])), count))


def to_naive(instant: str) -> datetime:
    """An instant's text as naive UTC."""
    return datetime.fromisoformat(instant).astimezone(UTC).replace(tzinfo=None)


def tables() -> dict[Path, str]:
    """The table of every zone in the files, from before its first case until three years after its last occurrence."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text("utf-8"))["cases"]:
            if "error" in case:
                continue
            instants = [to_naive(text) for text in (case["from"], *(one["at"] for one in case["expect"]))]
            first, last = spans.get(case["time_zone"], (instants[0], instants[0]))
            spans[case["time_zone"]] = (min(first, *instants), max(last, *instants))
    found = {name: table(ZoneInfo(name), first - 30 * DAY, last + 1100 * DAY) for name, (first, last) in spans.items()}
    body = ",\n".join(f'"{name}": {json.dumps(found[name], separators=(",", ":"))}' for name in sorted(found))
    return {TABLES: f'{{\n"tzdata": "{TZDATA}",\n"zones": {{\n{body}\n}}\n}}\n'}


def table(zone: ZoneInfo, first: datetime, end: datetime) -> list[tuple[int, int]]:
    """[until_ms, offset_s]: until that instant clocks are so much ahead of UTC, found by looking every six hours."""

    def offset(instant: datetime) -> timedelta:
        return clock(zone, instant) - instant

    entries = []
    at, look, shown = first, timedelta(hours=6), offset(first)
    while at < end:
        following = offset(at + look)
        if following != shown:
            low, high = 0, int(look.total_seconds())
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(at + timedelta(seconds=middle)) == shown else (low, middle)
            entries.append((unix_ms(at + timedelta(seconds=high)), int(shown.total_seconds())))
        at, shown = at + look, following
    return [*entries, (unix_ms(at), int(shown.total_seconds()))]


def unix_ms(at: datetime) -> int:
    """Of naive UTC."""
    return int(at.replace(tzinfo=UTC).timestamp()) * 1000


def main() -> int:
    """Write the files, or with --check only compare them."""
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()
    return write_or_check(FOLDER, filled, about=__doc__, command=COMMAND, beside=f", tzdata {TZDATA}", more=tables)


if __name__ == "__main__":
    sys.exit(main())

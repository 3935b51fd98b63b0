"""Schedules, zones and moments drawn by chance, the same ones for the same seed: what nobody would think of writing down."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Santiago",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Europe/Dublin",
    "America/Havana",
    "Africa/Cairo",
    "Antarctica/Troll",
    "America/St_Johns",
    "Asia/Gaza",
    "UTC",
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
START = datetime.fromisoformat("2016-01-01T00:00:00")
FROM = datetime.fromisoformat("2026-01-01T00:00:00")
FROM_DAYS = 1000


def drawn_cases(seed: int) -> Iterator[dict[str, Any]]:
    """Cases without end, to be taken as far as wanted."""
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    number = 0
    while True:
        number += 1
        from_at = FROM + timedelta(days=chance.randrange(FROM_DAYS), seconds=chance.randrange(86400))
        start = max(START, from_at - timedelta(days=chance.choice((0, 3, 40, 400, 3650)) * chance.random()))
        first = _wall(chance, start)
        schedule = {
            "start": first.isoformat(),
            "rrule": _rule(chance, first),
            "exdates": _dates(chance, first, from_at),
            "rdates": _dates(chance, first, from_at),
        }
        yield {
            "name": f"drawn {number}",
            "schedule": schedule,
            "time_zone": chance.choice(ZONES),
            "from": f"{from_at.isoformat()}Z",
            "count": chance.randint(1, 6),
        }


def _wall(chance: random.Random, near: datetime) -> datetime:
    """On that day, more often than not in the small hours, when clocks change."""
    hour = chance.choice((0, 1, 2, 3, 23, chance.randrange(24)))
    minute = chance.choice((0, 15, 30, 45, chance.randrange(60)))
    return near.replace(hour=hour, minute=minute, second=chance.choice((0, 0, 0, 30, 59)), microsecond=0)


def _dates(chance: random.Random, first: datetime, from_at: datetime) -> list[str]:
    """Some days after the moment, a few of them at the time of the start."""
    days = [from_at + timedelta(days=chance.randrange(60)) for _ in range(chance.choice((0, 0, 1, 3)))]
    return [
        (datetime.combine(day, first.time()) if chance.random() < 0.7 else _wall(chance, day)).isoformat()  # noqa: PLR2004
        for day in days
    ]


def _rule(chance: random.Random, start: datetime) -> str:
    frequency = chance.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = {"FREQ": frequency}
    is_long = frequency in {"MONTHLY", "YEARLY"}

    def perhaps(name: str, value: Callable[[], Any], of_ten: int) -> None:
        if chance.randrange(10) < of_ten:
            parts[name] = str(value())

    def some(one: Callable[[], Any], most: int) -> str:
        return ",".join(str(one()) for _ in range(chance.randint(1, most)))

    def signed(most: int) -> int:
        return chance.randint(1, most) * chance.choice((1, -1))

    def day() -> str:
        # Numbers beyond 5 have no sense in a month; dateutil fails on some of them.
        most = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
        return (str(signed(most)) if is_long and chance.random() < 0.6 else "") + chance.choice(DAYS)  # noqa: PLR2004

    perhaps("INTERVAL", lambda: chance.choice((1, 2, 2, 3, 4, 5, 7, 13)), 5)
    perhaps("WKST", lambda: chance.choice(DAYS), 3)
    perhaps("BYMONTH", lambda: some(lambda: chance.randint(1, 12), 4), 2)
    perhaps("BYMONTHDAY", lambda: some(lambda: signed(31), 4), 3)
    perhaps("BYDAY", lambda: some(day, 4), 5)
    perhaps("BYHOUR", lambda: some(lambda: chance.choice((0, 1, 2, 3, 12, 23)), 3), 2)
    perhaps("BYMINUTE", lambda: some(lambda: chance.choice((0, 15, 30, 45)), 3), 2)
    if any(name.startswith("BY") for name in parts):
        perhaps("BYSETPOS", lambda: some(lambda: signed(chance.choice((4, 4, 40, 366))), 3), 4)
    until = start + timedelta(days=chance.randrange(4000), seconds=chance.randrange(86400))
    end = chance.choice(("", "", "", "", "date", "wall", "instant", "count", "count"))
    if end == "count":
        parts["COUNT"] = str(chance.choice((chance.randint(1, 30), chance.randint(1, 3000))))
    elif end:
        parts["UNTIL"] = f"{until:%Y%m%d}" + {"date": "", "wall": f"{until:T%H%M%S}", "instant": f"{until:T%H%M%SZ}"}[end]
    names = list(parts)
    chance.shuffle(names)
    return ";".join(f"{name}={parts[name]}" for name in names)

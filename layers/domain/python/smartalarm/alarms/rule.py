"""The recurrence rules we accept: one RRULE value (RFC 5545, 3.3.10) to a `Rule`, or an error that names the part.

Read liberally where the meaning is plain: any case, parts in any order, BYMONTHDAY as a limit under WEEKLY too (the RFC
forbids the combination), and UNTIL as a bare date although start has a time: it then means that whole day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Final, Literal, cast

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

MAX_RULE_CHARACTERS: Final = 500
MAX_INTERVAL: Final = 999
MAX_COUNT: Final = 999_999_999
_WEEKDAYS: Final = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_SUB_DAILY: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})


class RuleError(ValueError):
    """A rule we do not accept. `part` is the RRULE part at fault, None when it is the text as a whole."""

    def __init__(self, message: str, part: str | None = None) -> None:
        super().__init__(f"rrule: {message}")
        self.part = part


@dataclass(frozen=True, slots=True)
class Rule:
    """One parsed rule. Weekdays count from Monday = 0; empty tuples are parts not given; all are sorted and unique.

    Of `until_local` (wall time) and `until_at` (aware UTC instant) at most one is set, and neither beside `count`.
    """

    text: str
    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until_local: datetime | None = None
    until_at: datetime | None = None
    week_start: int = 0
    weekdays: tuple[int, ...] = ()
    ordinal_weekdays: tuple[tuple[int, int], ...] = ()
    """Pairs (weekday, n): the n-th of that weekday in its month or year, from the end when n is negative."""
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """Read an RRULE value, without the leading "RRULE:". Raises RuleError; `Rule.text` is the text in upper case."""
    parts = _split(text)
    if "FREQ" not in parts:
        raise RuleError("FREQ is missing", "FREQ")
    read: dict[str, Any] = {name: _READERS[name](value, name) for name, value in parts.items()}
    frequency: Frequency = read["FREQ"]
    if "COUNT" in read and "UNTIL" in read:
        raise RuleError("COUNT and UNTIL cannot be combined", "COUNT")
    days = cast("set[tuple[int, int]]", set(read.get("BYDAY", ())))
    if frequency in ("DAILY", "WEEKLY") and any(n for _, n in days):
        raise RuleError("BYDAY may have a number only with FREQ=MONTHLY or FREQ=YEARLY", "BYDAY")
    if "BYSETPOS" in read and not any(name.startswith("BY") and name != "BYSETPOS" for name in read):
        raise RuleError("BYSETPOS needs another BY part", "BYSETPOS")
    until: datetime | None = read.get("UNTIL")
    return Rule(
        text=text.upper(),
        frequency=frequency,
        interval=read.get("INTERVAL", 1),
        count=read.get("COUNT"),
        until_local=until if until and not until.tzinfo else None,
        until_at=until if until and until.tzinfo else None,
        week_start=read.get("WKST", 0),
        weekdays=tuple(sorted(weekday for weekday, n in days if not n)),
        ordinal_weekdays=tuple(sorted(day for day in days if day[1])),
        month_days=read.get("BYMONTHDAY", ()),
        months=read.get("BYMONTH", ()),
        positions=read.get("BYSETPOS", ()),
        hours=read.get("BYHOUR", ()),
        minutes=read.get("BYMINUTE", ()),
    )


def _split(text: str) -> dict[str, str]:
    """Name to value, both in upper case. What an error repeats of the text is therefore short and plain."""
    if len(text) > MAX_RULE_CHARACTERS:
        raise RuleError(f"must have at most {MAX_RULE_CHARACTERS} characters")
    if not re.fullmatch(r"[A-Za-z0-9=;,:+-]+", text):
        raise RuleError("must be parts such as FREQ=DAILY;INTERVAL=2, without spaces")
    if text.upper().startswith("RRULE:"):
        raise RuleError('must be the value alone, without "RRULE:"')
    parts: dict[str, str] = {}
    for pair in text.upper().split(";"):
        name, equals, value = pair.partition("=")
        if name and name not in _READERS:
            raise RuleError(f"{name[:20]} is not supported", name[:20])
        if not name or not equals:
            raise RuleError("every part must look like NAME=VALUE, with one semicolon between two", name or None)
        if name in parts:
            raise RuleError(f"{name} is given twice", name)
        parts[name] = value
    return parts


def _read_frequency(value: str, part: str) -> str:
    if value in _SUB_DAILY:
        raise RuleError(f"FREQ={value} is not supported; an alarm repeats daily at most, with BYHOUR and BYMINUTE", part)
    if value not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise RuleError("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY", part)
    return value


def _number_reader(low: int, high: int) -> Callable[[str, str], int]:
    def read(value: str, part: str) -> int:
        # Ten digits hold every bound, and leading zeros beyond them help nobody.
        number = int(value) if re.fullmatch(r"[0-9]{1,10}", value) else -1
        if not low <= number <= high:
            raise RuleError(f"{part} must be a whole number from {low} to {high}", part)
        return number

    return read


def _signed_reader(high: int) -> Callable[[str, str], int]:
    def read(value: str, part: str) -> int:
        number = int(value) if re.fullmatch(r"[+-]?[0-9]{1,3}", value) else 0
        if not 1 <= abs(number) <= high:
            raise RuleError(f"{part} must be whole numbers from 1 to {high} or from -{high} to -1", part)
        return number

    return read


def _list_reader(read_one: Callable[[str, str], int]) -> Callable[[str, str], tuple[int, ...]]:
    def read(value: str, part: str) -> tuple[int, ...]:
        return tuple(sorted({read_one(item, part) for item in value.split(",")}))

    return read


def _read_days(value: str, part: str) -> tuple[tuple[int, int], ...]:
    days = []
    for item in value.split(","):
        found = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", item)
        n = int(found[1] or 0) if found else 0
        if not found or (found[1] and not 1 <= abs(n) <= 53):  # noqa: PLR2004  no year has more than 53 of a weekday
            raise RuleError("BYDAY must be days such as MO or FR, with a number from 1 to 53 as in 2TU or -1FR", part)
        days.append((_WEEKDAYS[found[2]], n))
    return tuple(days)


def _read_week_start(value: str, part: str) -> int:
    if value not in _WEEKDAYS:
        raise RuleError("WKST must be one of MO, TU, WE, TH, FR, SA, SU", part)
    return _WEEKDAYS[value]


def _read_until(value: str, part: str) -> datetime:
    """Naive for wall time, aware for an instant; a bare date is the last second of that day."""
    if re.fullmatch(r"[0-9]{8}(T([01][0-9]|2[0-3])[0-9]{4}Z?)?", value):
        try:
            until = datetime.fromisoformat(value)
        except ValueError:
            pass  # such as 30 February; the error below says the same of both
        else:
            return until if "T" in value else datetime.combine(until, time(23, 59, 59))
    raise RuleError("UNTIL must be a real time such as 20261231T235959, 20261231T225959Z or 20261231", part)


_READERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "FREQ": _read_frequency,
    "INTERVAL": _number_reader(1, MAX_INTERVAL),
    "COUNT": _number_reader(1, MAX_COUNT),
    "UNTIL": _read_until,
    "WKST": _read_week_start,
    "BYDAY": _read_days,
    "BYMONTHDAY": _list_reader(_signed_reader(31)),
    "BYMONTH": _list_reader(_number_reader(1, 12)),
    "BYSETPOS": _list_reader(_signed_reader(366)),
    "BYHOUR": _list_reader(_number_reader(0, 23)),
    "BYMINUTE": _list_reader(_number_reader(0, 59)),
}

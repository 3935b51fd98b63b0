"""Alarm shapes that people set, and by brute force when each is due. Shares nothing with the product's own expansion."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Shape:
    """Wall times: on `weekdays` from `first_on` on, every `interval`-th day, at `hours` x `minutes` and `second`.

    `once`: on the first day only, at the first time.
    """

    first_on: date
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    second: int = 0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    interval: int = 1
    once: bool = False
    exdates: tuple[datetime, ...] = ()
    rdates: tuple[datetime, ...] = ()

    @property
    def start(self) -> datetime:
        """The first wall time."""
        return datetime.combine(self.first_on, time(self.hours[0], self.minutes[0], self.second))

    def to_schedule(self) -> dict[str, Any]:
        """The same as the API takes it."""
        schedule: dict[str, Any] = {"start": self.start.isoformat(), "rrule": None}
        if not self.once:
            days = "" if len(self.weekdays) == 7 else ";BYDAY=" + ",".join(_DAYS[day] for day in self.weekdays)
            frequency = f"FREQ=WEEKLY{days}" if days else f"FREQ=DAILY;INTERVAL={self.interval}"
            hours, minutes = (",".join(map(str, values)) for values in (self.hours, self.minutes))
            schedule["rrule"] = f"{frequency};BYHOUR={hours};BYMINUTE={minutes}"
        schedule["exdates"] = [wall.isoformat() for wall in self.exdates]
        schedule["rdates"] = [wall.isoformat() for wall in self.rdates]
        return schedule

    @classmethod
    def from_schedule(cls, schedule: dict[str, Any]) -> "Shape":
        """The reverse, for schedules that `to_schedule` wrote."""
        start = datetime.fromisoformat(schedule["start"])
        plain = cls(
            start.date(),
            (start.hour,),
            (start.minute,),
            start.second,
            once=schedule["rrule"] is None,
            exdates=tuple(map(datetime.fromisoformat, schedule["exdates"])),
            rdates=tuple(map(datetime.fromisoformat, schedule["rdates"])),
        )
        if schedule["rrule"] is None:
            return plain
        parts = dict(part.split("=") for part in schedule["rrule"].split(";"))
        return replace(
            plain,
            hours=tuple(map(int, parts["BYHOUR"].split(","))),
            minutes=tuple(map(int, parts["BYMINUTE"].split(","))),
            weekdays=tuple(_DAYS.index(day) for day in parts.get("BYDAY", ",".join(_DAYS)).split(",")),
            interval=int(parts.get("INTERVAL", "1")),
        )

    def walls(self, first_on: date, last_on: date) -> list[datetime]:
        """All wall times on these days, in order."""
        found = {wall for wall in self.rdates if first_on <= wall.date() <= last_on}
        day = max(first_on, self.first_on)
        while day <= last_on:
            if day == self.first_on or not self.once:
                found.update(self._on(day))
            day += timedelta(days=1)
        return sorted(found - set(self.exdates))

    def _on(self, day: date) -> list[datetime]:
        if self.once:
            return [self.start]
        if day.weekday() not in self.weekdays or (day - self.first_on).days % self.interval:
            return []
        times = [time(hour, minute, self.second) for hour in self.hours for minute in self.minutes]
        return [wall for at in times if (wall := datetime.combine(day, at)) >= self.start]

    def due(self, zone: ZoneInfo, since: datetime, before: datetime) -> list[tuple[datetime, datetime]]:
        """(instant, wall time) of all that is due from `since` up to, not at, `before`."""
        day = timedelta(days=2)
        found: dict[datetime, datetime] = {}
        for wall in self.walls((since - day).date(), (before + day).date()):
            at = wall_to_instant(wall, zone)
            if since <= at < before and (at not in found or at.astimezone(zone).replace(tzinfo=None) == wall):
                found[at] = wall
        return sorted(found.items())


@lru_cache(maxsize=200_000)
def wall_to_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks there show it; if they skip it, as much later as they skip."""
    guess = wall.replace(tzinfo=UTC)
    offsets = {(guess + hours * _HOUR).astimezone(zone).utcoffset() or timedelta() for hours in (-30, 0, 30)}
    shown = [guess - offset for offset in offsets if (guess - offset).astimezone(zone).replace(tzinfo=None) == wall]
    if shown:
        return min(shown)
    before = (guess - 30 * _HOUR).astimezone(zone).utcoffset() or timedelta()
    return guess - before


def draw_shape(rng: random.Random, today: date) -> Shape:
    """Something that a person sets; many at the same popular times."""
    first_on = today + timedelta(days=rng.choice((-40, -8, -1, 0, 0, 0, 1)))
    hour = rng.choice((0, 1, 2, 2, 3, 5, 6, 7, 7, 7, 8, 9, 12, 18, 21, 22, 23))
    minute = rng.choice((0, 0, 0, 0, 5, 15, 30, 30, 45, rng.randrange(60)))
    second = rng.choice((0, 0, 0, 0, rng.randrange(60)))
    kind = rng.random()
    if kind < 0.15:
        return Shape(today + timedelta(days=rng.randrange(7)), (hour,), (minute,), second, once=True)
    if kind < 0.35:
        days = rng.choice(((0, 1, 2, 3, 4), (5, 6), tuple(sorted(rng.sample(range(7), rng.randint(1, 5))))))
        return Shape(first_on, (hour,), (minute,), second, weekdays=days)
    if kind < 0.5:
        return Shape(first_on, (hour,), (minute,), second, interval=rng.choice((1, 1, 1, 2, 3)))
    if kind < 0.6:
        extra = datetime.combine(today + timedelta(days=rng.randrange(7)), time(rng.randrange(24), rng.randrange(60)))
        left_out = datetime.combine(today + timedelta(days=rng.randrange(7)), time(hour, minute, second))
        return Shape(first_on, (hour,), (minute,), second, rdates=(extra,), exdates=(left_out,))
    hours = tuple(sorted(rng.sample(range(24), rng.randint(4, 20))))
    minutes = tuple(sorted(rng.sample(range(0, 60, 5), rng.choice((1, 1, 2, 3)))))
    return Shape(first_on, hours, minutes, second)

"""Nights made for tests: when they begin and end on the sleeper's clock, and what the sleeper did in between."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from smartalarm.ports import Stage
from smartalarm.sleep.metrics import night_metrics
from smartalarm.sleep.night import Night

MADRID = "Europe/Madrid"
MONDAY = date(2026, 11, 2)
_ids = count(1)


def stages(
    latency: float = 10, minutes: float = 480, waso: float = 0, gap: float = 0, last: Stage = "light"
) -> list[Stage | None]:
    """Lying awake, asleep in all stages with some wake in the middle, a gap; all in minutes."""
    asleep: list[Stage | None] = ["light", "deep", "rem", "light"]
    sleep = [asleep[index * 4 // round(minutes * 2)] for index in range(round(minutes * 2))]
    sleep[-20:] = [last] * min(20, len(sleep))
    middle = len(sleep) // 2
    awake: list[Stage | None] = ["wake"] * round(waso * 2)
    nothing: list[Stage | None] = [None] * round(gap * 2)
    lying: list[Stage | None] = ["wake"] * round(latency * 2)
    return [*lying, *sleep[:middle], *awake, *nothing, *sleep[middle:]]


def night(
    on: date = MONDAY,
    bed: str = "23:00",
    *,
    epochs: Sequence[Stage | None] | None = None,
    zone: str = MADRID,
    alarm_rang: bool = False,
    **made: Any,
) -> Night:
    """The night whose evening is on this date; a bed time before noon is the following day's."""
    hour, minute = map(int, bed.split(":"))
    evening = on if hour >= 12 else on + timedelta(days=1)
    wall = datetime(evening.year, evening.month, evening.day, hour, minute, tzinfo=ZoneInfo(zone))
    told = tuple(epochs if epochs is not None else stages(**made))
    start = wall.astimezone(UTC)
    return Night(
        session_id=f"00000000-0000-4000-8000-{next(_ids):012}",
        start=start,
        end=start + len(told) * timedelta(seconds=30),
        time_zone=zone,
        source="wrist",
        stages=told,
        metrics=night_metrics(told),
        analysed_by="model",
        alarm_rang=alarm_rang,
    )


def nights(number: int, first: date = MONDAY, **how: Any) -> list[Night]:
    """So many alike, one after the other."""
    return [night(first + timedelta(days=day), **how) for day in range(number)]

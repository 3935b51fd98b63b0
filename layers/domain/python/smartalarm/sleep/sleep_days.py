"""Recorded nights as days: one main sleep for each, from noon to noon where the sleeper was, and naps apart from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from smartalarm.alarms.zones import local_to_instant, zone
from smartalarm.ports import Stage
from smartalarm.sleep.chronotype import SleepPeriod
from smartalarm.sleep.metrics import EPOCH_SECONDS, NightMetrics
from smartalarm.sleep.night import Night

SHORTEST_NIGHT: Final = timedelta(hours=3)
"""A recording that is shorter is a nap, also on a day that has no other."""
LEAST_KNOWN: Final = 0.8
"""A night with stages for less of it is shown, but counts in no figure: gaps would look like lost sleep."""

_HALF_A_DAY: Final = timedelta(hours=12)
_EPOCH: Final = timedelta(seconds=EPOCH_SECONDS)
_LAST_EPOCHS: Final = 10


@dataclass(frozen=True, slots=True)
class Sleep:
    """One recording with sleep in it, in the zone of its sleeper. `asleep_at` and `awake_at`: first and last of sleep."""

    night: Night
    zone: ZoneInfo
    known_share: float
    asleep_at: datetime
    awake_at: datetime
    last_stages: tuple[Stage, ...]
    """The last five minutes before waking up."""

    @property
    def metrics(self) -> NightMetrics:
        """Its figures."""
        return self.night.metrics

    @property
    def minutes(self) -> float:
        """Total sleep time."""
        return self.metrics.total_sleep_time_minutes

    @property
    def is_counted(self) -> bool:
        """Whether enough of it is known for figures."""
        return self.known_share >= LEAST_KNOWN

    @property
    def ended_deep(self) -> bool:
        """Whether the sleeper came out of deep sleep."""
        return 2 * self.last_stages.count("deep") > len(self.last_stages)

    @property
    def period(self) -> SleepPeriod:
        """From falling asleep to the last waking up."""
        length = self.awake_at - self.asleep_at
        return SleepPeriod(self.minute_of(self.asleep_at + length / 2), length / timedelta(minutes=1))

    def local(self, instant: datetime) -> datetime:
        """What the sleeper's clock showed."""
        return instant.astimezone(self.zone)

    def minute_of(self, instant: datetime) -> float:
        """The same, in minutes of the day."""
        wall = self.local(instant)
        return wall.hour * 60 + wall.minute + wall.second / 60


@dataclass(frozen=True, slots=True)
class SleepDay:
    """Noon to noon, named after the date on which it ends: its longest sleep, and the others."""

    on: date
    main: Sleep
    naps: tuple[Sleep, ...]

    @property
    def is_counted(self) -> bool:
        """Whether it counts in figures."""
        return self.main.is_counted

    @property
    def is_free(self) -> bool:
        """Whether no alarm rang."""
        return not self.main.night.alarm_rang

    @property
    def slept_minutes(self) -> float:
        """All sleep of the day."""
        return self.main.minutes + sum(nap.minutes for nap in self.naps)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From its noon to the next, and to the end of a sleep that goes on after that."""
        noon = datetime.combine(self.on - timedelta(days=1), datetime.min.time()) + _HALF_A_DAY
        ends_at = local_to_instant(noon + 2 * _HALF_A_DAY, self.main.zone)
        return local_to_instant(noon, self.main.zone), max(ends_at, self.main.night.end)


def sleep_of(night: Night) -> Sleep | None:
    """The night as sleep; None when nobody slept in it."""
    asleep = [index for index, stage in enumerate(night.stages) if stage is not None and stage != "wake"]
    if not asleep:
        return None
    last = (night.stages[index] for index in asleep[-_LAST_EPOCHS:])
    return Sleep(
        night=night,
        zone=zone(night.time_zone),
        known_share=1 - night.stages.count(None) / len(night.stages),
        asleep_at=night.start + asleep[0] * _EPOCH,
        awake_at=night.start + (asleep[-1] + 1) * _EPOCH,
        last_stages=tuple(stage for stage in last if stage is not None),
    )


def is_unread(night: Night) -> bool:
    """Whether it is as long as a night, but so little of it is known that nobody can say whether anybody slept."""
    known = len(night.stages) - night.stages.count(None)
    return sleep_of(night) is None and night.end - night.start >= SHORTEST_NIGHT and known < LEAST_KNOWN * len(night.stages)


def to_sleep_days(sleeps: Iterable[Sleep]) -> tuple[list[SleepDay], int]:
    """The days that have a night, oldest first, and how many naps there are in all, on days without one too."""
    ordered = sorted(sleeps, key=lambda sleep: (_day_of(sleep), sleep.night.start, sleep.night.session_id))
    days: list[SleepDay] = []
    naps = 0
    for on, group in groupby(ordered, key=_day_of):
        of_day = list(group)
        main = max(of_day, key=lambda sleep: sleep.minutes)
        if main.night.end - main.night.start < SHORTEST_NIGHT:
            naps += len(of_day)
            continue
        naps += len(of_day) - 1
        days.append(SleepDay(on, main, tuple(sleep for sleep in of_day if sleep is not main)))
    return days, naps


def counted(days: Sequence[SleepDay]) -> list[SleepDay]:
    """Those that count in figures."""
    return [day for day in days if day.is_counted]


def _day_of(sleep: Sleep) -> date:
    """The date on which the sleeper's noon comes next: of the morning, for a night."""
    return (sleep.local(sleep.night.start).replace(tzinfo=None) + _HALF_A_DAY).date()

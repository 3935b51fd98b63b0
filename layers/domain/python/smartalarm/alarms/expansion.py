"""The wall times that a rule generates, found without walking there from the start.

The work goes year by year, as far as the year 2200: which days match is a bit pattern (`year_days`), which of them lie in
a period of the rule (every second week ...) is another, and their intersection are the days. So the cost depends on what
is asked for, not on how long ago the alarm began, and a rule that never fires is known to be one after some 230 steps.
The results are those of dateutil's rrule, with one exception: BYDAY=MO,1FR means Mondays and first Fridays, as RFC 5545
has it, where dateutil asks for days that are both.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from smartalarm.alarms.rule import Rule
from smartalarm.alarms.schedule import LAST_YEAR
from smartalarm.alarms.year_days import MONTH_BITS, MONTH_DAY_BITS, MONTH_STARTS, Year, spaced, year_of

HORIZON: Final = datetime(LAST_YEAR, 12, 31, 23, 59, 59)  # noqa: DTZ001  wall time
"""No rule generates anything later."""

_AHEAD_OF_UTC: Final = timedelta(hours=15)
"""Wall time is ahead of UTC by less than this in every zone."""

_Bits = int
"""A set of days: bit n is the n-th day after the first day of the group it belongs to."""


class Expansion:
    """One rule with its start. Lives for one question; nothing in it outgrows the rule's own text."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self._rule = rule
        self._start = start
        self._start_day = start.toordinal()
        self._months, self._month_days, self._weekdays = rule.months, rule.month_days, rule.weekdays
        if not (rule.month_days or rule.weekdays or rule.ordinal_weekdays):
            self._take_days_from_start()
        hours, minutes = rule.hours or (start.hour,), rule.minutes or (start.minute,)
        self._times = tuple([time(hour, minute, start.second) for hour in hours for minute in minutes])
        self._positions = rule.positions
        if rule.frequency == "DAILY" and rule.positions:
            # A day is the period and all days have the same times: choosing among them once is enough.
            self._times = tuple(self._times[i] for i in _chosen(rule.positions, len(self._times)))
            self._positions = ()
        # The first day of the period that `start` lies in, as far as periods are counted in days.
        self._anchor = self._start_day
        if rule.frequency == "WEEKLY":
            self._anchor -= (self._start_day - 1 - rule.week_start) % 7
        self._matching: dict[tuple[int, int], _Bits] = {}
        self._picked: dict[_Bits, tuple[tuple[int, time], ...]] = {}

    def _take_days_from_start(self) -> None:
        """RFC 5545: what no BY part says about the day is taken from the start."""
        match self._rule.frequency:
            case "YEARLY":
                self._months = self._months or (self._start.month,)
                self._month_days = (self._start.day,)
            case "MONTHLY":
                self._month_days = (self._start.day,)
            case "WEEKLY":
                self._weekdays = (self._start.weekday(),)
            case "DAILY":
                pass

    def wall_times(self, first: datetime) -> Iterator[datetime]:
        """The rule's wall times at or after `first`, ascending, COUNT and UNTIL respected, none beyond the horizon.

        An UNTIL that is an instant ends them only roughly, up to a day late: the exact end depends on the zone.
        """
        first = max(first, self._start)
        walls = self._between(first, self._last())
        if self._rule.count is None:
            return walls
        return islice(walls, max(self._rule.count - self._generated_before(first), 0))

    def _last(self) -> datetime:
        if self._rule.until_local is not None:
            return min(self._rule.until_local, HORIZON)
        if self._rule.until_at is not None and self._rule.until_at.year <= LAST_YEAR:
            return min(self._rule.until_at.replace(tzinfo=None) + _AHEAD_OF_UTC, HORIZON)
        return HORIZON

    def _between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """What the periods generate from `first` (not before the start) to `last`, both inclusive, ascending."""
        if first > last or not self._times:
            return
        first_day = first.toordinal()
        # A week that reaches into the year of `first` belongs to the year before.
        for number in range(date.fromordinal(first_day - 6).year, last.year + 1):
            for group_day, days in self._groups(number):
                ahead = max(first_day - group_day, 0)
                if days.bit_length() <= ahead:
                    continue
                for offset, at in self._instances(days, ahead):
                    wall = datetime.combine(date.fromordinal(group_day + offset), at)
                    if wall > last:
                        return
                    if wall >= first:
                        yield wall

    def _groups(self, number: int) -> Iterator[tuple[int, _Bits]]:
        """A year's days, as (ordinal of bit 0, days). One group, or with BYSETPOS one per period.

        A week belongs to the year in which it begins, so under WEEKLY the bits may reach six days into the next year.
        """
        year = year_of(number)
        days = self._matching_days(year)
        rule = self._rule
        periods: list[tuple[int, int]] = [(0, year.days)]  # first and last + 1
        match rule.frequency:
            case "YEARLY":
                if (number - self._start.year) % rule.interval:
                    return
            case "MONTHLY":
                begun = (number - self._start.year) * 12 - self._start.month + 1
                active = range(-begun % rule.interval, 12, rule.interval)
                days &= sum(MONTH_BITS[year.leap][month] for month in active)
                starts = MONTH_STARTS[year.leap]
                periods = [(starts[month], starts[month + 1]) for month in active] if self._positions else periods
            case "WEEKLY":
                days |= (self._matching_days(year_of(number + 1)) & 0b111111) << year.days
                step = 7 * rule.interval
                first = (self._anchor - year.first_day) % step
                days &= (spaced(step) << first & year.all_days) * 0b1111111
                # The first week has only its days from the start on (BYSETPOS notices), as in dateutil.
                days &= -1 << max(self._start_day - year.first_day, 0) if number <= self._start.year else -1
                periods = [(day, day + 7) for day in range(first, year.days, step)] if self._positions else periods
            case "DAILY":
                days &= spaced(rule.interval) << (self._anchor - year.first_day) % rule.interval
        if not self._positions:
            yield year.first_day, days
            return
        for first, end in periods:
            yield year.first_day + first, (days & (1 << end) - 1) >> first

    def _matching_days(self, year: Year) -> _Bits:
        """The days that fit BYMONTH, BYMONTHDAY and BYDAY, whatever the period."""
        kind = (year.leap, year.first_weekday)
        if kind not in self._matching:
            self._matching[kind] = self._match_days(year)
        return self._matching[kind]

    def _match_days(self, year: Year) -> _Bits:
        days = year.all_days
        if self._months:
            days &= sum(MONTH_BITS[year.leap][month - 1] for month in self._months)
        if self._month_days:
            by_month_day = 0
            for day in self._month_days:
                by_month_day |= MONTH_DAY_BITS[year.leap][day]
            days &= by_month_day
        if self._weekdays or self._rule.ordinal_weekdays:
            by_weekday = 0
            for weekday in self._weekdays:
                by_weekday |= year.weekday_bits(weekday)
            if self._rule.ordinal_weekdays:
                for first, end in self._ordinal_scopes(year):
                    for weekday, n in self._rule.ordinal_weekdays:
                        by_weekday |= year.nth_weekday_bit(weekday, n, first, end)
            days &= by_weekday
        return days

    def _ordinal_scopes(self, year: Year) -> list[tuple[int, int]]:
        """Within what 2TU counts: each month, but the whole year under YEARLY without BYMONTH."""
        starts = MONTH_STARTS[year.leap]
        if self._rule.frequency == "YEARLY" and not self._months:
            return [(0, year.days)]
        return [(starts[month - 1], starts[month]) for month in self._months or range(1, 13)]

    def _instances(self, days: _Bits, ahead: int) -> Iterator[tuple[int, time]]:
        """What a group generates, as (day, time of day), ascending; days before `ahead` may be left out."""
        if self._positions:
            yield from self._pick(days)
            return
        days = days >> ahead << ahead
        while days:
            lowest = days & -days
            offset = lowest.bit_length() - 1
            for at in self._times:
                yield offset, at
            days ^= lowest

    def _pick(self, days: _Bits) -> tuple[tuple[int, time], ...]:
        """BYSETPOS: the chosen ones among all times of all days of one period."""
        if days not in self._picked:
            offsets, times = [i for i in range(days.bit_length()) if days >> i & 1], self._times
            chosen = _chosen(self._positions, len(offsets) * len(times))
            self._picked[days] = tuple((offsets[i // len(times)], times[i % len(times)]) for i in chosen)
        return self._picked[days]

    def _generated_before(self, wall: datetime) -> int:
        """How many the rule has generated, from the start on, before `wall` (not before the start): COUNT's tally."""
        if self._rule.frequency in ("DAILY", "WEEKLY") and not self._months and not self._month_days:
            return self._generated_in_cycles(wall)
        return sum(
            self._size_before(wall, group_day, days) - self._size_before(self._start, group_day, days)
            for number in range(date.fromordinal(self._anchor).year, wall.year + 1)
            for group_day, days in self._groups(number)
        )

    def _generated_in_cycles(self, wall: datetime) -> int:
        """Where only weekdays and the interval matter, all repeats after 7 intervals (one under WEEKLY): no walk."""
        interval, length = self._rule.interval, 7 * self._rule.interval
        steps = range(7) if self._rule.frequency == "WEEKLY" else range(0, length, interval)
        weekdays = self._weekdays or range(7)
        days = sum(1 << step for step in steps if (self._anchor - 1 + step) % 7 in weekdays)
        from_start = days & -1 << self._start_day - self._anchor
        tally = self._size_before(wall, self._anchor, from_start)
        tally -= self._size_before(self._start, self._anchor, from_start)
        cycles = (wall.toordinal() - self._anchor) // length
        if cycles:
            size = len(self._pick(days)) if self._positions else days.bit_count() * len(self._times)
            tally += (cycles - 1) * size
            tally += self._size_before(wall, self._anchor + cycles * length, days)
        return tally

    def _size_before(self, wall: datetime, group_day: int, days: _Bits) -> int:
        """How many instances of one group lie before `wall`, whatever the start is."""
        ahead = wall.toordinal() - group_day
        if ahead < 0:
            return 0
        if self._positions:
            return bisect_left(self._pick(days), (ahead, wall.time()))
        earlier_days = (days & (1 << ahead) - 1).bit_count()
        return earlier_days * len(self._times) + (bisect_left(self._times, wall.time()) if days >> ahead & 1 else 0)


def _chosen(positions: tuple[int, ...], size: int) -> list[int]:
    """The indexes that BYSETPOS names in a set of that size, sorted: 1 is the first, -1 the last."""
    return sorted({p - 1 if p > 0 else size + p for p in positions if abs(p) <= size})

"""The days of one year as the bits of a whole number: bit 0 is 1 January.

Whatever a rule says about months, month days and weekdays depends only on where the year starts in the week and whether
it is a leap year. So a year is tested with a few machine operations instead of 365 comparisons, and the next match is
the lowest set bit.
"""

from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

_MONTH_LENGTHS: Final = (
    (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
    (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
)
MONTH_STARTS: Final = tuple(tuple(sum(lengths[:month]) for month in range(13)) for lengths in _MONTH_LENGTHS)
"""By leap (0, 1): the bit of each month's first day, January at 0; at 12 the length of the year."""


def _month_day_bits(starts: tuple[int, ...], day: int) -> int:
    bits = 0
    for first, end in pairwise(starts):
        bit = first + day - 1 if day > 0 else end + day
        bits |= (1 << bit) if first <= bit < end else 0
    return bits


MONTH_BITS: Final = tuple(tuple((1 << end) - (1 << first) for first, end in pairwise(starts)) for starts in MONTH_STARTS)
"""By leap, then month - 1: all days of the month."""

MONTH_DAY_BITS: Final = tuple(
    {day: _month_day_bits(starts, day) for day in range(-31, 32) if day} for starts in MONTH_STARTS
)
"""By leap, then 1..31 or -31..-1: that day of every month that has it."""


def spaced(step: int) -> int:
    """Every `step`-th bit from bit 0 on, as far as a year and a week reach."""
    count = 372 // step + 1
    return ((1 << step * count) - 1) // ((1 << step) - 1)


_EVERY_SEVENTH: Final = spaced(7)


class Year(NamedTuple):
    """One year: the proleptic ordinal of 1 January, its weekday (Monday 0), leap as 0 or 1, and its number of days."""

    first_day: int
    first_weekday: int
    leap: int
    days: int

    @property
    def all_days(self) -> int:
        """All bits set."""
        return (1 << self.days) - 1

    def weekday_bits(self, weekday: int) -> int:
        """All days on that weekday."""
        return (_EVERY_SEVENTH << (weekday - self.first_weekday) % 7) & self.all_days

    def nth_weekday_bit(self, weekday: int, n: int, first: int, end: int) -> int:
        """The n-th such weekday among the days from `first` up to before `end`, from the back for n < 0; 0 if none."""
        if n > 0:
            bit = first + (weekday - self.first_weekday - first) % 7 + 7 * (n - 1)
        else:
            bit = end - 1 - (self.first_weekday + end - 1 - weekday) % 7 + 7 * (n + 1)
        return 1 << bit if first <= bit < end else 0


def year_of(number: int) -> Year:
    """The year of that number, 1 to 9998."""
    first_day = date(number, 1, 1).toordinal()
    days = date(number + 1, 1, 1).toordinal() - first_day
    return Year(first_day, (first_day - 1) % 7, days - 365, days)

"""Chronotype and social jetlag: when one sleeps on days without an alarm, and how far days with one are from that.

Mid-sleep lies half-way between falling asleep and the last waking up. On free days it is MSF, on work days MSW. Chronotype
is MSFsc, MSF corrected for the sleep that is made up on free days: MSF - (SDf - SDweek) / 2 where SDf > SDw, else MSF
(T. Roenneberg et al., Current Biology 14:R1038, 2004, and 22:939, 2012; SD is the time from falling asleep to waking up).
Social jetlag is |MSF - MSW| (M. Wittmann et al., Chronobiology International 23:497, 2006).

The questionnaire behind these asks for work and free days, and knows no chronotype for those whom an alarm wakes on free
days too. Here a free day is one on which no alarm rang, which says the same. SDweek weighs SDw and SDf by the nights
recorded of each, where the questionnaire weighs by the days of a working week.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smartalarm.sleep.circular import DAY, circular_difference, circular_mean


@dataclass(frozen=True, slots=True)
class SleepPeriod:
    """One night from falling asleep to the last waking up: its middle, in minutes of the local day, and its minutes."""

    middle: float
    duration: float


def mid_sleep(periods: Sequence[SleepPeriod]) -> float | None:
    """The mean mid-sleep, in minutes of the day; None without nights, or when they point nowhere together."""
    return circular_mean([period.middle for period in periods])


def chronotype(free: Sequence[SleepPeriod], work: Sequence[SleepPeriod]) -> float | None:
    """MSFsc in minutes of the day; None without a mid-sleep on free days."""
    msf = mid_sleep(free)
    if msf is None:
        return None
    free_duration = sum(period.duration for period in free) / len(free)
    work_duration = sum(period.duration for period in work) / len(work) if work else free_duration
    if free_duration <= work_duration:
        return msf
    week_duration = (free_duration * len(free) + work_duration * len(work)) / (len(free) + len(work))
    return corrected(msf, free_duration, work_duration, week_duration)


def corrected(msf: float, free_duration: float, work_duration: float, week_duration: float) -> float:
    """MSF without the half of the sleep that is made up on free days, in minutes of the day."""
    return (msf - (free_duration - week_duration) / 2) % DAY if free_duration > work_duration else msf % DAY


def social_jetlag(free: Sequence[SleepPeriod], work: Sequence[SleepPeriod]) -> float | None:
    """|MSF - MSW| in minutes, the short way round the clock; None when one of them is not known."""
    msf, msw = mid_sleep(free), mid_sleep(work)
    return None if msf is None or msw is None else abs(circular_difference(msf, msw))

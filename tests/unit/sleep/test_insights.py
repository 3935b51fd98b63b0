"""Figures over nights: what counts, what each rests on, and what is said when there are too few."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartalarm.sleep.insight_views import InsightSet, Needs
from smartalarm.sleep.night import Night
from smartalarm.sleep.patterns import insights_of, series_of, to_clock
from smartalarm.sleep.sleep_days import SleepDay, sleep_of, to_sleep_days
from tests.unit.sleep.made_nights import MONDAY, night, nights, stages

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def days_of(found: Sequence[Night]) -> tuple[list[SleepDay], int]:
    """The days of these nights, and the naps."""
    return to_sleep_days(sleep for sleep in map(sleep_of, found) if sleep is not None)


def figures(found: Sequence[Night], *, goal: int = 480, now: datetime = NOW) -> InsightSet:
    """All figures of these nights."""
    return insights_of(days_of(found)[0], goal_minutes=goal, now=now)


def test_six_nights_are_too_few_and_it_is_said_how_many_more() -> None:
    """No figure has a value; each says what it waits for."""
    found = figures(nights(6))

    assert found.total_sleep_time.model_dump() == {
        "nights": 6,
        "status": "not_enough_nights",
        "needs": {"nights": 1, "free_nights": 0, "work_nights": 0},
        "minutes": None,
    }
    assert {each["status"] for each in found.model_dump().values()} == {"not_enough_nights"}
    assert all(each["needs"] is not None for each in found.model_dump().values())


def test_no_night_at_all_gives_figures_that_wait() -> None:
    """The first day with the app."""
    found = figures([])

    assert found.regularity.needs == Needs(nights=7)
    assert found.social_jetlag.needs == Needs(nights=7, free_nights=2, work_nights=2)


def test_seven_nights_have_figures() -> None:
    """8 hours asleep of 8 h 30 min in bed, 10 minutes to fall asleep, 20 awake in between."""
    found = figures(nights(7, waso=20))

    assert (found.total_sleep_time.minutes, found.total_sleep_time.nights) == (480, 7)
    assert found.sleep_efficiency.share == pytest.approx(480 / 510, abs=1e-4)
    assert (found.sleep_onset_latency.minutes, found.waso.minutes) == (10, 20)
    assert found.stages.minutes is not None
    assert sum(found.stages.minutes.model_dump().values()) == pytest.approx(510)
    assert found.bed_time.time == "23:00"
    assert found.wake_time.time == "07:30"
    assert found.wake_time.spread_minutes == 0
    assert (found.regularity.index, found.regularity.days_compared) == (100, 6)


def test_bed_times_around_midnight_average_to_midnight() -> None:
    """23:30 and 00:30 in turns."""
    found = figures([night(MONDAY + timedelta(days=day), "23:30" if day % 2 else "00:30") for day in range(8)])

    assert found.bed_time.time == "00:00"
    assert found.bed_time.spread_minutes == pytest.approx(30, abs=0.2)


def test_each_night_is_read_in_its_own_zone() -> None:
    """Madrid, then New York: 23:00 on the clock there is 23:00, though six hours later."""
    found = figures([*nights(4), *nights(4, MONDAY + timedelta(days=4), zone="America/New_York")])

    assert found.bed_time.time == "23:00"
    assert found.bed_time.spread_minutes == 0
    assert found.regularity.index is not None
    assert found.regularity.index < 95  # for the body the journey was six hours


def test_the_longest_sleep_from_noon_to_noon_is_the_night_and_others_are_naps() -> None:
    """A nap at 15:00 belongs to the night that follows; one at 09:00 to the night before."""
    evening_nap = night(MONDAY, "15:00", epochs=stages(minutes=60))
    morning_nap = night(MONDAY, "09:00", epochs=stages(minutes=40))
    days, naps = days_of([evening_nap, night(MONDAY), morning_nap, night(MONDAY + timedelta(days=1))])

    assert naps == 2
    assert [(day.on, day.main.minutes, day.slept_minutes) for day in days] == [
        (date(2026, 11, 3), 480, 580),
        (date(2026, 11, 4), 480, 480),
    ]


def test_a_nap_alone_makes_no_night() -> None:
    """Less than three hours on a day without another recording."""
    days, naps = days_of([night(MONDAY, "15:00", epochs=stages(minutes=90))])

    assert (days, naps) == ([], 1)


def test_naps_count_for_the_debt_and_not_for_the_night() -> None:
    """7 h at night and half an hour after lunch, seven times, against 8 h: 3 h 30 min are lacking."""
    found = figures(
        [
            *nights(7, MONDAY + timedelta(days=20), minutes=420),
            *nights(7, MONDAY + timedelta(days=20), bed="14:00", minutes=30),
        ]
    )

    assert (found.total_sleep_time.minutes, found.sleep_with_naps.minutes) == (420, 450)
    assert (found.debt.minutes, found.debt.minutes_per_night) == (210, 30)


def test_debt_knows_the_last_fortnight_and_invents_no_night() -> None:
    """Old nights are not counted, nor are those without a record."""
    old, recent = nights(10, minutes=300), nights(8, MONDAY + timedelta(days=18), minutes=450)
    found = figures([*old, *recent[:3], *recent[4:]])

    assert (found.debt.minutes, found.debt.nights, found.debt.goal_minutes) == (7 * 30, 7, 480)
    assert figures(old).debt.needs == Needs(nights=7)


def test_a_night_with_long_gaps_is_shown_but_counts_in_no_figure() -> None:
    """A fifth of it may be unknown, not more."""
    patchy = [night(MONDAY + timedelta(days=7 + day), gap=240) for day in range(2)]
    found = figures([*nights(7), *patchy])

    assert found.total_sleep_time.nights == 7
    assert (found.gaps.nights_with_gaps, found.gaps.nights) == (2, 9)
    assert [night.is_counted for night in series_of(days_of(patchy)[0])] == [False, False]


def test_a_recording_without_sleep_is_no_night() -> None:
    """A watch on the table."""
    assert sleep_of(night(epochs=["wake"] * 960)) is None


def test_chronotype_and_jetlag_come_from_nights_with_and_without_an_alarm() -> None:
    """Five work nights 23:00 to 05:10, two free ones 00:00 to 08:10: MSW 02:10, MSF 04:10, MSFsc 03:27."""
    work = nights(5, minutes=360, alarm_rang=True)
    free = [night(MONDAY + timedelta(days=5 + day), "00:00") for day in range(2)]
    found = figures([*work, *free])

    assert found.chronotype.mid_sleep_free == "04:10"
    assert found.chronotype.mid_sleep == "03:27"  # 42.9 minutes earlier, as in the example of Roenneberg's definition
    assert (found.chronotype.free_nights, found.chronotype.work_nights) == (2, 5)
    assert (found.social_jetlag.minutes, found.social_jetlag.mid_sleep_work) == (120, "02:10")


def test_without_free_nights_there_is_no_chronotype_and_it_is_said() -> None:
    """Nor is there a jetlag without nights of both kinds."""
    found = figures(nights(9, alarm_rang=True))

    assert found.chronotype.needs == Needs(free_nights=2)
    assert found.social_jetlag.needs == Needs(free_nights=2)
    assert figures(nights(9)).social_jetlag.needs == Needs(work_nights=2)
    assert figures(nights(9)).deep_waking.needs == Needs(work_nights=7)


def test_nights_that_never_follow_one_another_have_no_regularity() -> None:
    """Every other day: there is nothing 24 hours apart."""
    found = figures([night(MONDAY + timedelta(days=2 * day)) for day in range(10)])

    assert found.wake_time.status == "ok"
    assert found.regularity.needs == Needs(nights=5)


def test_the_night_of_a_clock_change_has_its_own_length() -> None:
    """Madrid, 25 October 2026: from 23:00 to 07:10 on the wall are nine hours."""
    change = date(2026, 10, 24)
    (day,), _ = days_of([night(change, minutes=540 - 10)])

    assert day.main.local(day.main.awake_at).strftime("%H:%M") == "07:00"
    assert day.span[1] - day.span[0] == timedelta(hours=25)
    assert day.main.period.duration == 530


def test_a_trend_is_said_only_when_it_is_more_than_chance() -> None:
    """Ten minutes more each night are 70 a week; up and down is steady."""
    rising = figures([night(MONDAY + timedelta(days=day), minutes=400 + 10 * day) for day in range(10)])
    steady = figures([night(MONDAY + timedelta(days=day), minutes=400 + 30 * (day % 2)) for day in range(10)])

    assert (rising.trend.minutes_per_week, rising.trend.direction) == (70, "rising")
    assert steady.trend.direction == "steady"


def test_waking_from_deep_sleep_is_counted_on_mornings_with_an_alarm() -> None:
    """Two of eight."""
    found = figures(
        [night(MONDAY + timedelta(days=day), last="deep" if day < 2 else "light", alarm_rang=True) for day in range(8)]
    )

    assert (found.deep_waking.share, found.deep_waking.nights) == (0.25, 8)


def test_the_series_has_each_night_on_its_own_clock() -> None:
    """Dates and weekdays are those of the morning."""
    (first,) = series_of(days_of([night(MONDAY, "00:30", zone="America/New_York")])[0])

    assert (first.date, first.weekday) == ("2026-11-03", 2)
    assert (first.start_local, first.end_local) == ("2026-11-03T00:30:00-05:00", "2026-11-03T08:40:00-05:00")
    assert (first.asleep_local, first.awake_local) == ("2026-11-03T00:40:00-05:00", "2026-11-03T08:40:00-05:00")
    assert first.is_free


@settings(deadline=None)  # the machine may be busy
@given(st.floats(0, 1439.999))
def test_a_clock_time_is_always_one(minute: float) -> None:
    """23:59:40 rounds to midnight, not to 24:00."""
    assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", to_clock(minute))
    assert to_clock(1439.7) == "00:00"


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["13:00", "22:15", "23:59", "03:00", "11:59"])), max_size=12))
def test_any_mix_of_nights_has_figures(chosen: list[tuple[int, str]]) -> None:
    """Whatever was recorded, in whatever order."""
    found = [night(MONDAY + timedelta(days=day), bed, epochs=stages(minutes=200)) for day, bed in dict.fromkeys(chosen)]
    days, naps = days_of(found)

    assert len(days) + naps == len(found)
    assert figures(found) == figures(found[::-1])

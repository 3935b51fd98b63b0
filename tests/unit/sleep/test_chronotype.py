"""Chronotype and social jetlag, by the definitions of the Munich ChronoType Questionnaire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.sleep.chronotype import SleepPeriod, chronotype, corrected, mid_sleep, social_jetlag

HOUR = 60.0
PERIODS = st.lists(st.builds(SleepPeriod, st.floats(60, 300), st.floats(300, 600)), min_size=1, max_size=10)


def period(onset: float, hours: float) -> SleepPeriod:
    """From `onset` o'clock on."""
    return SleepPeriod((onset + hours / 2) * HOUR % 1440, hours * HOUR)


def test_sleep_made_up_on_free_days_is_taken_back_by_half() -> None:
    """Roenneberg 2012: MSF 04:00, SDw 6 h on five days, SDf 8 h on two: SDweek 6.571 h, MSFsc 03:17:08.57."""
    work, free = [period(23, 6)] * 5, [period(0, 8)] * 2

    assert mid_sleep(free) == pytest.approx(4 * HOUR)
    assert chronotype(free, work) == pytest.approx(3 * HOUR + 17 + 8.571428 / 60)


def test_no_longer_sleep_on_free_days_needs_no_correction() -> None:
    """MSF 02:15 with SDw 9 h and SDf 7 h stays 02:15."""
    assert chronotype([period(22.75, 7)] * 2, [period(22, 9)] * 5) == pytest.approx(2 * HOUR + 15)


def test_a_correction_may_pass_midnight() -> None:
    """MSF 01:00 with SDf 9 h and SDweek 6.75 h is 23:52:30 on the evening before."""
    assert corrected(HOUR, 9 * HOUR, 5.5 * HOUR, 6.75 * HOUR) == pytest.approx(23 * HOUR + 52.5)


def test_without_free_days_there_is_no_chronotype() -> None:
    """As with those whom an alarm wakes on free days too; without work days there is nothing to correct."""
    assert chronotype([], [period(23, 7)]) is None
    assert chronotype([period(0, 8)], []) == pytest.approx(4 * HOUR)


def test_social_jetlag_is_the_way_between_the_two_mid_sleeps() -> None:
    """Wittmann 2006: MSW 02:30 and MSF 04:30 are two hours apart."""
    assert social_jetlag([period(0, 9)], [period(23, 7)]) == pytest.approx(2 * HOUR)


def test_social_jetlag_goes_the_short_way_round_the_clock() -> None:
    """Mid-sleep at 23:30 and at 00:30 are an hour apart, not twenty-three."""
    assert social_jetlag([period(20, 9)], [period(20, 7)]) == pytest.approx(HOUR)
    assert social_jetlag([], [period(20, 7)]) is None


@given(PERIODS, PERIODS, st.integers(0, 1439))
def test_another_time_zone_moves_chronotype_and_keeps_jetlag(
    free: list[SleepPeriod], work: list[SleepPeriod], turn: int
) -> None:
    """Both count on the clock alone."""
    moved = [[SleepPeriod((one.middle + turn) % 1440, one.duration) for one in nights] for nights in (free, work)]
    before, after = chronotype(free, work), chronotype(*moved)

    assert before is not None
    assert after is not None
    assert min((after - before - turn) % 1440, (before + turn - after) % 1440) == pytest.approx(0, abs=1e-6)
    assert social_jetlag(*moved) == pytest.approx(social_jetlag(free, work), abs=1e-6)

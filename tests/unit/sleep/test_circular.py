"""Clock times are averaged around the clock."""

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from smartalarm.sleep.circular import DAY, circular_difference, circular_mean, circular_sd, resultant_length

# Mardia and Jupp 2000, example 1.1: a roulette wheel that was spun nine times. Degrees, as minutes of a day of 360 degrees.
ROULETTE = [degrees * 4 for degrees in (43, 45, 52, 61, 75, 88, 88, 279, 357)]
TIMES = st.lists(st.floats(0, 1439.99, allow_nan=False), min_size=1, max_size=40)


def test_half_past_eleven_and_half_past_midnight_average_to_midnight() -> None:
    """Not to noon, as their plain mean does."""
    mean = circular_mean([23 * 60 + 30, 30])

    assert mean is not None
    assert abs(circular_difference(mean, 0)) < 1e-9


def test_the_roulette_wheel_of_mardia_and_jupp() -> None:
    """They give a mean direction of 51 degrees and a mean resultant length of 0.711."""
    mean, length = circular_mean(ROULETTE), resultant_length(ROULETTE)

    assert mean is not None
    assert (round(mean / 4), round(length or 0, 3)) == (51, 0.711)


def test_the_spread_is_that_of_a_right_angle_by_hand() -> None:
    """00:00 and 06:00: R = cos 45 degrees = 0.7071, so sqrt(-2 ln R) = sqrt(ln 2) rad = 0.8326 rad = 190.8 minutes."""
    assert resultant_length([0, 360]) == pytest.approx(math.sqrt(0.5))
    assert circular_mean([0, 360]) == pytest.approx(180)
    assert circular_sd([0, 360]) == pytest.approx(math.sqrt(math.log(2)) / math.tau * 1440)
    assert circular_sd([0, 360]) == pytest.approx(190.8, abs=0.05)


def test_a_narrow_spread_is_the_ordinary_one() -> None:
    """Fisher 1993, 2.3: close together, the circle is a line. 06:50, 07:00 and 07:10: sqrt(200 / 3) = 8.165 minutes."""
    assert circular_sd([410, 420, 430]) == pytest.approx(8.165, abs=0.01)


def test_times_that_balance_out_have_no_mean() -> None:
    """Midnight and noon point nowhere together, and nothing has no direction either."""
    assert circular_mean([0, 720]) is circular_sd([0, 720]) is None
    assert resultant_length([0, 720]) == pytest.approx(0)
    assert circular_mean([]) is circular_sd([]) is resultant_length([]) is None


@given(TIMES, st.floats(-5000, 5000))
@example([0.0, 0.0], -1e-13)
def test_turning_all_times_turns_the_mean_and_keeps_the_spread(times: list[float], turn: float) -> None:
    """The clock has no beginning."""
    length = resultant_length(times)
    assume(length is not None and 0.01 < length < 0.9999)
    mean, turned = circular_mean(times), circular_mean([time + turn for time in times])
    spread, kept = circular_sd(times), circular_sd([time + turn for time in times])

    assert None not in {mean, turned, spread, kept}
    assert circular_difference(turned or 0, (mean or 0) + turn) == pytest.approx(0, abs=1e-4)
    assert kept == pytest.approx(spread, rel=1e-4)


@given(TIMES)
def test_a_mean_is_a_time_of_day(times: list[float]) -> None:
    """From midnight on, before the next one."""
    mean = circular_mean(times)

    assert mean is None or 0 <= mean < DAY


@given(st.floats(0, 1439), st.floats(0, 1439))
def test_a_difference_goes_the_short_way(later: float, earlier: float) -> None:
    """At most twelve hours, and it leads from one to the other."""
    difference = circular_difference(later, earlier)

    assert -720 <= difference < 720
    assert min((earlier + difference - later) % DAY, (later - earlier - difference) % DAY) == pytest.approx(0, abs=1e-6)

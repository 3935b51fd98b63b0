"""Sleep debt and trend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.sleep.debt import sleep_debt
from smartalarm.sleep.trend import theil_sen


def test_debt_adds_up_what_nights_lack_of_the_goal() -> None:
    """Seven nights of 7 h against 8 h: seven hours."""
    assert sleep_debt([420] * 7, 480) == 420


def test_a_longer_night_makes_good_what_a_shorter_one_left() -> None:
    """6 h and 9 h against 8 h: one hour is left."""
    assert sleep_debt([360, 540], 480) == 60


def test_there_is_no_debt_below_nought() -> None:
    """More than the goal is no credit; no nights owe nothing."""
    assert sleep_debt([600] * 14, 480) == sleep_debt([], 480) == 0


def test_the_worked_example_of_sen() -> None:
    """Sen 1968, section 6: slope 4, interval of 93 % from 26/7 to 35/8."""
    points = list(zip((1, 2, 3, 4, 10, 12, 18), (9, 15, 19, 20, 45, 55, 78), strict=True))
    trend = theil_sen(points, z=1.8119)

    assert trend is not None
    assert [trend.slope, trend.low, trend.high] == pytest.approx([4, 26 / 7, 35 / 8])


def test_one_odd_night_does_not_bend_a_trend() -> None:
    """A straight line with one point far off keeps its slope."""
    points = [(float(day), 400.0 + day) for day in range(20)]
    points[10] = (10.0, 0.0)

    trend = theil_sen(points)
    assert trend is not None
    assert trend.slope == 1


def test_one_day_has_no_trend() -> None:
    """Nor has none."""
    assert theil_sen([]) is theil_sen([(1, 2)]) is theil_sen([(1, 2), (1, 3)]) is None


@given(st.lists(st.integers(200, 600), min_size=3, max_size=30), st.integers(-50, 50), st.integers(-500, 500))
def test_a_line_added_to_the_points_is_added_to_the_slope(values: list[int], slope: int, height: int) -> None:
    """And the interval holds the slope."""
    plain = theil_sen([(float(x), float(y)) for x, y in enumerate(values)])
    tilted = theil_sen([(float(x), float(y + height + slope * x)) for x, y in enumerate(values)])

    assert plain is not None
    assert tilted is not None
    assert tilted.slope == pytest.approx(plain.slope + slope)
    assert plain.low <= plain.slope <= plain.high

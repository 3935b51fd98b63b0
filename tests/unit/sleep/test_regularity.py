"""The sleep regularity index of Phillips et al. 2017."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.sleep.regularity import DAY_EPOCHS, EPOCH_SECONDS, Timeline, regularity_index

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def timeline(states: Sequence[bool | None]) -> Timeline:
    """Epochs from noon on."""
    return Timeline.of([], [(NOON, states)])


def nights(bedtimes: Sequence[float], hours: float = 8) -> Timeline:
    """A night for each day, `bedtimes` hours after its noon; awake otherwise."""
    asleep = [True] * round(hours * 3600 / EPOCH_SECONDS)
    days = [NOON + number * DAY for number in range(len(bedtimes))]
    records = [(day + timedelta(hours=bedtime), asleep) for day, bedtime in zip(days, bedtimes, strict=True)]
    return Timeline.of([(day, day + DAY) for day in days], records)


def test_the_formula_by_hand() -> None:
    """A day of four epochs, three days: 8 pairs, 6 equal, so -100 + 200 * 6 / 8 = 50."""
    days = [True, True, False, False, True, False, False, False, True, True, False, False]

    assert regularity_index(timeline(days), day_epochs=4) == (50.0, 8)


def test_a_pair_with_an_epoch_that_is_not_known_is_left_out() -> None:
    """The same days with a gap in the second: its two pairs go, those that are left are 4 of 6 equal."""
    days = [True, True, False, False, True, False, None, False, True, True, False, False]

    index, pairs = regularity_index(timeline(days), day_epochs=4) or (0, 0)
    assert pairs == 6
    assert index == pytest.approx(-100 + 200 * 4 / 6)


def test_the_same_night_every_day_is_a_hundred() -> None:
    """Phillips 2017: the perfectly regular sleeper."""
    assert regularity_index(nights([11] * 8)) == (100.0, 7 * DAY_EPOCHS)


def test_going_to_bed_an_hour_later_every_other_day_by_hand() -> None:
    """Each pair of days differs for an hour at either end of the night, 2 of 24 hours: -100 + 200 * 22 / 24 = 83.3."""
    index, _ = regularity_index(nights([11, 12, 11, 12, 11, 12, 11, 12])) or (0, 0)

    assert index == pytest.approx(83.333, abs=0.001)


def test_the_opposite_every_day_is_minus_a_hundred() -> None:
    """Awake for a day, asleep for a day."""
    states = [day % 2 == 0 for day in range(6) for _ in range(DAY_EPOCHS)]

    assert regularity_index(timeline(states)) == (-100.0, 5 * DAY_EPOCHS)


def test_a_random_sleeper_is_near_nought() -> None:
    """A coin for every epoch of a fortnight: the standard error is 200 * 0.5 / sqrt(37,440) = 0.5."""
    coin = random.Random(3216)  # noqa: S311  no secret
    index, _ = regularity_index(timeline([coin.random() < 0.5 for _ in range(14 * DAY_EPOCHS)])) or (100, 0)

    assert abs(index) < 2


def test_a_day_without_a_record_is_not_compared() -> None:
    """Five days, the third unknown: only two pairs of days are left."""
    asleep = [True] * (8 * 120)
    days = [NOON + number * DAY for number in (0, 1, 3, 4)]
    known = Timeline.of([(day, day + DAY) for day in days], [(day + timedelta(hours=11), asleep) for day in days])

    assert regularity_index(known) == (100.0, 2 * DAY_EPOCHS)


def test_nothing_to_compare_has_no_index() -> None:
    """One night, or none."""
    assert regularity_index(nights([11])) is None
    assert regularity_index(Timeline.of([], [])) is None


def test_a_day_is_24_hours_that_pass_and_not_a_turn_of_the_wall_clock() -> None:
    """Madrid's clocks go back on 25 October 2026: 23:00 comes an hour later for the body, once among four pairs of days.

    That pair differs for two hours of the 97 that are compared (its day has 25): -100 + 200 * 95 / 97 = 95.9.
    """
    starts = [datetime(2026, 10, 22 + night, 21 if night < 3 else 22, tzinfo=UTC) for night in range(5)]
    noons = [datetime(2026, 10, 22 + night, 10 if night < 3 else 11, tzinfo=UTC) for night in range(6)]
    timeline = Timeline.of(pairwise(noons), [(start, [True] * (8 * 120)) for start in starts])
    index, pairs = regularity_index(timeline) or (0, 0)

    assert pairs == 97 * 120
    assert index == pytest.approx(-100 + 200 * 95 / 97)


@given(st.lists(st.sampled_from([True, False, None]), min_size=5, max_size=200), st.integers(1, 20))
def test_the_index_is_what_a_plain_loop_counts(states: list[bool | None], day_epochs: int) -> None:
    """The definition, one pair at a time."""
    pairs = [
        one == other
        for one, other in zip(states, states[day_epochs:], strict=False)
        if one is not None and other is not None
    ]
    expected = None if not pairs else (-100 + 200 * sum(pairs) / len(pairs), len(pairs))

    found = regularity_index(timeline(states), day_epochs)
    assert (found is None) == (expected is None)
    if found and expected:
        assert list(found) == pytest.approx(list(expected))


@given(st.lists(st.floats(8, 14), min_size=3, max_size=6), st.integers(-100, 100))
def test_moving_all_nights_alike_changes_nothing(bedtimes: list[float], shift: int) -> None:
    """The index knows no right time to sleep."""
    moved = [bedtime + shift * EPOCH_SECONDS / 3600 for bedtime in bedtimes]
    one, other = regularity_index(nights(bedtimes)), regularity_index(nights(moved))

    assert one is not None
    assert other is not None
    assert one[0] == pytest.approx(other[0], abs=0.2)

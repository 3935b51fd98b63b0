"""Which figures call for which suggestion, in which order, and in which words."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartalarm.sleep.night import Night
from smartalarm.sleep.patterns import insights_of
from smartalarm.sleep.sleep_days import sleep_of, to_sleep_days
from smartalarm.sleep.suggestions import KINDS, Suggestion, figure_now, first_figure, suggestions_of, text_of
from tests.unit.sleep.made_nights import MONDAY, night, nights

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def suggested(found: Sequence[Night], *, goal: int = 480, has_plain_alarm: bool = True) -> list[Suggestion]:
    """What these nights call for."""
    days, _ = to_sleep_days(sleep for sleep in map(sleep_of, found) if sleep is not None)
    return suggestions_of(insights_of(days, goal_minutes=goal, now=NOW), has_plain_alarm=has_plain_alarm)


def kinds(found: Sequence[Night], **how: Any) -> list[str]:
    """Of which kind they are."""
    return [one.kind for one in suggested(found, **how)]


def scattered(minutes: int, number: int = 14) -> list[Night]:
    """Nights that begin so much earlier and later than 23:00 in turns, without an alarm."""
    beds = [f"{(23 * 60 + sign * minutes) // 60 % 24:02}:{(23 * 60 + sign * minutes) % 60:02}" for sign in (-1, 1)]
    return [night(MONDAY + timedelta(days=day), beds[day % 2]) for day in range(number)]


def test_good_nights_call_for_nothing() -> None:
    """Eight hours at the same time, half of them with an alarm."""
    assert kinds(nights(14)) == []


def test_six_nights_call_for_nothing_whatever_they_were() -> None:
    """It would be guessed."""
    assert kinds(nights(6, MONDAY + timedelta(days=8), minutes=200, latency=90)) == []


def test_a_wake_time_that_moves_much_is_said() -> None:
    """By 50 minutes to either side; 40 are not enough."""
    (found,) = suggested(scattered(50))

    assert (found.kind, found.rests_on) == ("steady_wake_time", ("wake_time", "regularity"))
    assert found.figures["wake_time"] == "07:10"
    assert found.figures["spread_minutes"] == pytest.approx(50, abs=0.5)
    assert kinds(scattered(40)) == []


def test_who_works_in_shifts_is_not_told_a_time() -> None:
    """With four hours to either side the mean is nobody's usual time: no wake time and no bed time comes of it."""
    beds = ["19:00", "03:00"]
    shifts = [night(MONDAY + timedelta(days=day), beds[day // 3 % 2], minutes=400) for day in range(15)]

    assert kinds(shifts) == []


def test_short_nights_call_for_an_earlier_bed_time() -> None:
    """35 minutes below the goal are half an hour earlier, in quarters of an hour."""
    (found,) = suggested(nights(10, MONDAY + timedelta(days=5), minutes=445))

    assert found.kind == "earlier_bedtime"
    assert found.figures == {
        "minutes_per_night": 35,
        "minutes_earlier": 30,
        "bed_time": "23:00",
        "new_bed_time": "22:30",
        "goal_minutes": 480,
        "nights": 10,
    }


def test_an_earlier_bed_time_may_pass_midnight_backwards() -> None:
    """At most an hour at a time."""
    (found,) = suggested(nights(10, MONDAY + timedelta(days=5), bed="00:15", minutes=360))

    assert (found.figures["minutes_earlier"], found.figures["new_bed_time"]) == (60, "23:15")


def test_who_lies_awake_is_not_sent_to_bed_earlier() -> None:
    """More time in bed would be more time awake."""
    assert "earlier_bedtime" not in kinds(nights(10, MONDAY + timedelta(days=5), minutes=400, waso=120))


def test_sleep_that_lies_apart_on_free_days_is_said_instead_of_a_moving_wake_time() -> None:
    """Work nights from 23:00, free ones from 01:30, as long."""
    work = nights(8, alarm_rang=True)
    free = [night(MONDAY + timedelta(days=8 + day), "01:30") for day in range(6)]
    (found,) = suggested([*work, *free])

    assert found.kind == "social_jetlag"
    assert found.figures == {"minutes": 150, "mid_sleep_free": "05:40", "mid_sleep_work": "03:10", "nights": 14}


def test_an_hour_of_jetlag_is_not_said() -> None:
    """Only more than that."""
    free = [night(MONDAY + timedelta(days=8 + day), "00:00") for day in range(6)]

    assert kinds([*nights(8, alarm_rang=True), *free]) == []


def test_a_long_time_to_fall_asleep_is_said() -> None:
    """More than half an hour on average."""
    assert kinds(nights(14, latency=31)) == ["long_latency"]
    assert kinds(nights(14, latency=30)) == []


def test_alarms_that_meet_deep_sleep_call_for_a_smart_wake() -> None:
    """Unless every alarm has one."""
    found = [night(MONDAY + timedelta(days=day), last="deep" if day % 2 else "light", alarm_rang=True) for day in range(14)]

    assert kinds(found) == ["smart_wake"]
    assert kinds(found, has_plain_alarm=False) == []


def test_gaps_come_before_what_rests_on_figures_with_gaps() -> None:
    """Half the nights."""
    patchy = [night(MONDAY + timedelta(days=9 + day), gap=240) for day in range(8)]

    assert kinds([*nights(9, latency=120), *patchy])[:2] == ["better_placement", "long_latency"]


def test_a_doctor_is_named_after_two_weeks_of_very_short_nights_only() -> None:
    """Below five hours with all naps; that comes first."""
    assert kinds(nights(14, minutes=290))[0] == "talk_to_doctor"
    assert "talk_to_doctor" not in kinds(nights(13, minutes=290))
    assert "talk_to_doctor" not in kinds(nights(14, minutes=300))
    assert "talk_to_doctor" not in kinds([*nights(14, minutes=290), *nights(14, bed="15:00", minutes=90)])


def test_what_lies_furthest_beyond_its_limit_comes_first() -> None:
    """An hour to fall asleep is twice its limit; 60 minutes short of the goal are three times theirs."""
    found = nights(14, minutes=480, latency=60)

    assert kinds(found, goal=505) == ["long_latency", "earlier_bedtime"]
    assert kinds(found, goal=540) == ["earlier_bedtime", "long_latency"]


def test_the_same_nights_give_the_same_in_any_order() -> None:
    """Nothing is left to chance."""
    found = [*scattered(70), *nights(5, MONDAY + timedelta(days=14), latency=80, minutes=300)]

    assert suggested(found) == suggested(found[::-1])


EXAMPLES = {
    "talk_to_doctor": nights(14, minutes=280),
    "better_placement": [night(MONDAY + timedelta(days=day), gap=240) for day in range(14)],
    "earlier_bedtime": nights(14, minutes=400),
    "social_jetlag": [
        night(MONDAY + timedelta(days=day), "23:00" if day < 8 else "02:00", alarm_rang=day < 8) for day in range(14)
    ],
    "steady_wake_time": scattered(90),
    "long_latency": nights(14, latency=50),
    "smart_wake": nights(14, last="deep", alarm_rang=True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_plain_words_made_of_its_figures(kind: str) -> None:
    """Two sentences of what is and what could help: no order, no blame, nothing with a decimal point."""
    found = next(one for one in suggested(EXAMPLES[kind]) if one.kind == kind)
    text = text_of(found.kind, found.figures)

    assert 60 < len(text) < 220
    assert not re.search(r"\d\.\d|\bmust\b|\bshould\b|\bbad\b|\bpoor\b|\bfail|disorder|insomnia|apnea|illness|!", text)
    assert not re.search(r"\b0 min", text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_that_a_suggestion_wants_to_change_is_among_its_own(kind: str) -> None:
    """And can be read anew later, for the progress."""
    days, _ = to_sleep_days(sleep for sleep in map(sleep_of, EXAMPLES[kind]) if sleep is not None)
    insights = insights_of(days, goal_minutes=480, now=NOW)
    found = next(one for one in suggestions_of(insights, has_plain_alarm=True) if one.kind == kind)

    assert found.figures[first_figure(found.kind)] == figure_now(found.kind, insights)
    assert set(found.rests_on) <= set(type(insights).model_fields)

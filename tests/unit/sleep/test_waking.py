"""When to wake: how sure it must be, how that falls, and what is deployed."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from smartalarm.sleep.waking import CURVE, Curve, judge

SLEEPING = (0.02, 0.08, 0.8, 0.1)
LIGHT = (0.1, 0.85, 0.03, 0.02)
AWAKE = (0.9, 0.07, 0.01, 0.02)
HALF = (0.05, 0.7, 0.05, 0.2)
EVEN = Curve(0.9, 0.6, 1.0, 1)


def test_the_bar_falls_from_opening_to_closing() -> None:
    """Evenly by default, later with a higher power, and never beyond its ends."""
    assert [EVEN.bar(left) for left in (1.5, 1, 0.5, 0, -1)] == pytest.approx([0.9, 0.9, 0.75, 0.6, 0.6])
    assert Curve(0.9, 0.6, 2.0, 1).bar(0.5) == pytest.approx(0.825)


def test_it_rings_once_it_is_sure_enough_for_the_time_that_is_left() -> None:
    """What is not enough as the window opens is enough near its end; deep sleep never is."""
    early, late = judge([HALF], 1800, 1800, EVEN), judge([HALF], 300, 1800, EVEN)
    assert early is not None
    assert late is not None
    assert (early.rings, late.rings) == (False, True)
    asleep = judge([SLEEPING], 60, 1800, EVEN)
    assert asleep is not None
    assert not asleep.rings


def test_the_verdict_names_the_likelier_of_wake_and_light_sleep() -> None:
    """And how sure it is that it is one of the two."""
    awake, light = judge([AWAKE], 900, 1800, EVEN), judge([LIGHT], 900, 1800, EVEN)
    assert awake is not None
    assert light is not None
    assert (awake.stage, light.stage) == ("wake", "light")
    assert (awake.confidence, light.confidence) == pytest.approx((0.97, 0.95))


def test_without_news_of_the_newest_epoch_there_is_no_verdict() -> None:
    """Nobody is woken for what was so a while ago."""
    assert judge([], 900, 1800, EVEN) is None
    assert judge([AWAKE, None], 900, 1800, EVEN) is None
    assert judge([AWAKE], 900, 0, EVEN) is None


def test_of_several_epochs_the_mean_of_those_that_are_known_counts() -> None:
    """A gap among them is left out."""
    calm = Curve(0.9, 0.6, 1.0, 3)
    verdict = judge([SLEEPING, AWAKE, None, LIGHT], 900, 1800, calm)
    assert verdict is not None
    assert verdict.confidence == pytest.approx((0.97 + 0.95) / 2)


def test_the_deployed_curve_is_the_one_that_was_fitted() -> None:
    """models/smart-wake.json is written by the run that judges it."""
    written = json.loads((Path(__file__).resolve().parents[3] / "models" / "smart-wake.json").read_text())
    assert asdict(CURVE) == written["curve"]

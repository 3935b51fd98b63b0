"""The simulation of the smart wake rings as the product does, on nights made up for it."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from models.training.nights import LabelledNight
from models.training.scores import DEEP, LIGHT, REM, WAKE
from models.training.waking import (
    LAST_CALL,
    WINDOW,
    Sleeper,
    by_curve,
    first_movement,
    judge,
    oracle,
    plain,
    sleeper_of,
    tuned,
)
from smartalarm.sleep import waking
from smartalarm.sleep.waking import Curve

N = 900


@dataclass(frozen=True)
class MadeGuess:
    """A night and what was made of it."""

    night: LabelledNight
    chances: NDArray[np.float64]


def made(seed: int) -> Sleeper:
    """Stages that change now and then, chances that are right most of the time."""
    rng = np.random.default_rng(seed)
    stages = np.repeat(rng.choice((WAKE, LIGHT, LIGHT, DEEP, REM), N // 15 + 1), 15)[:N].astype(np.int8)
    chances = rng.dirichlet((1, 1, 1, 1), N) * 0.6
    chances[np.arange(N), stages] += 0.4
    stages[-7:-3] = -1
    counts = np.where(stages == WAKE, 90.0, 0.0).astype(np.float32)
    found = sleeper_of(MadeGuess(LabelledNight(f"made-{seed}", counts, np.full(N, np.nan, np.float32), stages), chances))
    assert found is not None
    return found


@pytest.mark.parametrize("curve", [Curve(0.9, 0.6, 1.0, 1), Curve(0.8, 0.5, 2.0, 4)])
def test_it_rings_at_the_epoch_at_which_the_product_would(curve: Curve) -> None:
    """Epoch by epoch through each window, by the same judge as in the function."""
    sleeper = made(1)
    for alarm, rung in zip(sleeper.alarms, by_curve(curve)(sleeper), strict=True):
        expected = alarm
        for epoch in range(alarm - WINDOW, alarm - LAST_CALL + 1):
            known = [tuple(row) for row in sleeper.chances[:epoch]]
            verdict = waking.judge(known, (alarm - epoch) * 30.0, WINDOW * 30.0, curve)
            if verdict is not None and verdict.rings:
                expected = epoch
                break
        assert rung == expected


def test_plain_alarms_ring_in_time_and_nothing_rings_after_it() -> None:
    """Nor before its window opens."""
    sleeper = made(2)
    assert (plain(sleeper) == sleeper.alarms).all()
    for ring in (first_movement(10), by_curve(Curve(0.6, 0.5, 1.0, 1)), oracle):
        early = sleeper.alarms - ring(sleeper)
        assert early.min() >= 0
        assert early.max() <= WINDOW


def test_the_oracle_meets_light_sleep_wherever_there_is_some() -> None:
    """And nobody meets more of it."""
    sleepers = [made(seed) for seed in range(3)]
    best = judge(sleepers, oracle).share(WAKE, LIGHT)
    assert (
        best
        > judge(sleepers, by_curve(Curve(0.8, 0.5, 1.0, 1))).share(WAKE, LIGHT)
        > judge(sleepers, plain).share(WAKE, LIGHT)
    )


def test_a_night_takes_no_part_in_the_choice_of_its_curve() -> None:
    """Were the last night's stages others, the curve it is judged by would stay."""
    nights = [made(seed) for seed in range(4)]
    other = made(3)
    other.stages[:] = DEEP
    before, _ = tuned(nights)
    after, _ = tuned([*nights[:3], other])
    assert before.rows[3, 4] == after.rows[3, 4]  # minutes early follow from the curve and the chances alone

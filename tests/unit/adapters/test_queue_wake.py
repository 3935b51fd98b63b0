"""The ring queue of the local host."""

from datetime import UTC, datetime, timedelta

import pytest

from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.ports import Timer
from smartalarm.ringing.leases import LEAD, WAKES_WITHIN

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)
TICK = timedelta(seconds=0.5)


def timer(seconds: float) -> Timer:
    """A timer that is due in so many seconds."""
    return Timer("alarm:x", "ann", NOW + timedelta(seconds=seconds), "ring", "x", 1, NOW)


@pytest.mark.parametrize(("seconds", "is_woken"), [(-1, True), (0, True), (1.5, True), (1.6, False), (7, False)])
def test_only_what_the_next_tick_might_be_late_for_wakes_the_loop(seconds: float, is_woken: bool) -> None:  # noqa: FBT001  a table
    """A hundred saves a second of an alarm that is due in a few seconds make two looks a second, not a hundred."""
    queue = WakeQueue(WAKES_WITHIN)
    queue.send([timer(60), timer(seconds)], now=NOW)
    assert queue.wake.is_set() == is_woken


def test_a_process_without_a_loop_wakes_those_of_others() -> None:
    """By the same rule, and not itself."""
    wakes: list[str] = []
    queue = WakeQueue(WAKES_WITHIN, lambda: wakes.append("others"))
    queue.send([timer(1)], now=NOW)
    queue.send([timer(60)], now=NOW)
    assert (wakes, queue.wake.is_set()) == (["others"], False)


def test_there_is_time_enough_to_arm_after_a_tick() -> None:
    """The tick comes within half a second; a ring is claimed in its last second."""
    assert timedelta(seconds=1) + TICK <= WAKES_WITHIN < LEAD

"""The system clock: aware, and never early."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from smartalarm.adapters.clock import LONGEST_NAP_SECONDS, SystemClock


class SteppingClock(SystemClock):
    """A system clock that somebody sets an hour forward after a moment."""

    def __init__(self) -> None:
        self.step_at = time.monotonic() + 0.05

    def now(self) -> datetime:
        """The wall time, as it is set."""
        return super().now() + timedelta(hours=time.monotonic() >= self.step_at)


def test_now_is_aware_and_in_utc() -> None:
    """Every instant of the product is."""
    assert SystemClock().now().tzinfo is UTC


@pytest.mark.parametrize("seconds", [-3600, -0.001, 0])
def test_an_instant_that_has_passed_is_not_waited_for(seconds: float) -> None:
    """It returns at once."""
    clock = SystemClock()
    started = time.monotonic()
    clock.wait_until(clock.now() + timedelta(seconds=seconds))

    assert time.monotonic() - started < 0.05


@pytest.mark.parametrize("seconds", [0.0005, 0.003, 0.05])
def test_it_returns_at_the_instant_and_never_before(seconds: float) -> None:
    """An alarm that rings early is wrong; the best of five tries shows how late it has to be."""
    clock = SystemClock()
    late = []
    for _ in range(5):
        instant = clock.now() + timedelta(seconds=seconds)
        clock.wait_until(instant)
        late.append((clock.now() - instant).total_seconds())

    assert min(late) >= 0
    assert min(late) < 0.005


def test_waiting_burns_no_more_than_the_last_millisecond() -> None:
    """CPU time of this thread, the best of five tries."""
    clock = SystemClock()
    burnt = []
    for _ in range(5):
        started = time.thread_time()
        clock.wait_until(clock.now() + timedelta(seconds=0.1))
        burnt.append(time.thread_time() - started)

    assert min(burnt) < 0.01


def test_a_clock_that_is_set_forward_ends_the_wait() -> None:
    """It naps in pieces and looks again, so an hour's wait is over with the first piece."""
    clock = SteppingClock()
    started = time.monotonic()
    clock.wait_until(clock.now() + timedelta(minutes=59))

    assert time.monotonic() - started < LONGEST_NAP_SECONDS + 0.5

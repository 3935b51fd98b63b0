"""The system clock: aware, precise, and never early."""

from datetime import UTC, datetime, timedelta

import pytest

from smartalarm.adapters.clock import LONGEST_NAP_SECONDS, SPIN_SECONDS, SystemClock

START = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


class Machine:
    """A machine on which looking at the clock takes 10 µs, and a sleeper wakes up late by a part of a millisecond."""

    def __init__(self) -> None:
        self.time = START
        self.naps: list[float] = []
        self.late = timedelta(milliseconds=0.8)
        self.step = timedelta()
        self.clock = SystemClock(self._read, self._sleep)

    def _read(self) -> datetime:
        self.time += timedelta(microseconds=10)
        return self.time

    def _sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += self.step + (timedelta(seconds=seconds) + self.late if seconds else timedelta())
        self.step = timedelta()


@pytest.fixture
def machine() -> Machine:
    """A machine at 06:00."""
    return Machine()


def test_now_is_aware_and_in_utc() -> None:
    """Every instant of the product is."""
    assert SystemClock().now().tzinfo is UTC


@pytest.mark.parametrize("seconds", [-3600, -0.001, 0])
def test_an_instant_that_has_passed_is_not_waited_for(machine: Machine, seconds: float) -> None:
    """It returns at once."""
    machine.clock.wait_until(START + timedelta(seconds=seconds))

    assert machine.naps == []


@pytest.mark.parametrize("seconds", [0.0005, 0.001, 0.0015, 0.3, 0.501, 7.25])
@pytest.mark.parametrize("late_ms", [0.0, 0.1, 0.8, 0.99])
def test_it_returns_at_the_instant_and_never_before(machine: Machine, seconds: float, late_ms: float) -> None:
    """An alarm that rings early is wrong; a late waking is made up for by the last millisecond."""
    machine.late = timedelta(milliseconds=late_ms)
    machine.clock.wait_until(START + timedelta(seconds=seconds))

    assert timedelta() <= machine.time - START - timedelta(seconds=seconds) <= timedelta(microseconds=20)


def test_only_the_last_millisecond_is_spun(machine: Machine) -> None:
    """Before it, the thread sleeps, in pieces."""
    machine.late = timedelta()
    machine.clock.wait_until(START + timedelta(seconds=2))
    naps = [nap for nap in machine.naps if nap > 0]

    assert len(naps) == 4
    assert max(naps) == LONGEST_NAP_SECONDS
    assert sum(naps) == pytest.approx(2 - SPIN_SECONDS, abs=0.0001)


def test_a_clock_that_is_set_forward_ends_the_wait(machine: Machine) -> None:
    """It looks again after each piece, so an hour's wait is over with the first one."""
    machine.step = timedelta(hours=1)
    machine.clock.wait_until(START + timedelta(hours=1))

    assert machine.naps == [LONGEST_NAP_SECONDS]


def test_a_clock_that_is_set_back_makes_it_wait_on(machine: Machine) -> None:
    """The instant counts, not the time that passed."""
    machine.step = timedelta(seconds=-10)
    machine.clock.wait_until(START + timedelta(seconds=1))

    assert machine.time >= START + timedelta(seconds=1)
    assert sum(machine.naps) > 10.9


def test_the_real_one_waits_as_well() -> None:
    """Not early, and not for ever."""
    clock = SystemClock()
    instant = clock.now() + timedelta(milliseconds=20)
    clock.wait_until(instant)

    assert instant <= clock.now() < instant + timedelta(seconds=5)

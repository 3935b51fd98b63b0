"""A batch falls into time lines, one for each due second."""

from datetime import timedelta

from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Timer
from tests.fakes import START


def handed(seconds: float, purpose: str = "ring", user: str | None = None) -> HandedTimer:
    """A timer so long after START, each of a user of its own unless one is named."""
    return HandedTimer(
        Timer(f"t{seconds}", user or f"user{seconds}", START + timedelta(seconds=seconds), purpose, "o", 1, START)
    )


def test_timers_of_one_second_stay_together_and_seconds_part_in_order() -> None:
    """Whatever order they came in."""
    late, first, second = handed(2), handed(0.1), handed(0.9)
    batch = RingBatch((late, first, second))
    assert [part.handed for part in batch.time_lines()] == [(first, second), (late,)]


def test_what_rings_parts_from_what_is_only_told() -> None:
    """A stop that a push service takes its time for delays no ring of the same second."""
    stop, ring, again = handed(0.1, "announce"), handed(0.2), handed(0.3, "again")
    assert [part.handed for part in RingBatch((stop, ring, again)).time_lines()] == [(ring, again), (stop,)]


def test_one_users_second_alarm_parts_from_everybody_elses_first() -> None:
    """Its commit waits for the first one's."""
    first, second, other = handed(0.1, user="ann"), handed(0.2, user="ann"), handed(0.3, user="bob")
    assert [part.handed for part in RingBatch((first, second, other)).time_lines()] == [(first, other), (second,)]


def test_an_empty_batch_has_no_time_lines() -> None:
    """There is nothing to wait for."""
    assert RingBatch(()).time_lines() == []

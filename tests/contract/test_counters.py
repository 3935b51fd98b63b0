"""Counters: how often within a window that starts with the first hit."""

from smartalarm.ports import Count, Counters
from tests.contract.samples import NOW, after


def test_a_counter_counts_the_hits_of_its_window(counters: Counters) -> None:
    """The window starts with the first hit and keeps its end, to the microsecond."""
    counts = [counters.hit("key", 60, now=after(seconds)) for seconds in (0, 0, 59.999999)]

    assert counts == [Count(1, after(60)), Count(2, after(60)), Count(3, after(60))]


def test_a_window_has_ended_at_its_end(counters: Counters) -> None:
    """The next one starts with the next hit, whenever that comes."""
    counters.hit("key", 60, now=NOW)
    counters.hit("key", 60, now=NOW)

    assert counters.hit("key", 60, now=after(60)) == Count(1, after(120))
    assert counters.hit("key", 30, now=after(500)) == Count(1, after(530))


def test_keys_count_apart(counters: Counters) -> None:
    """One account's failures are not another's."""
    counters.hit("one", 60, now=NOW)

    assert counters.hit("two", 60, now=NOW).count == 1


def test_a_cleared_key_starts_anew(counters: Counters) -> None:
    """Clearing what is not there is fine."""
    counters.hit("key", 60, now=NOW)
    counters.hit("other", 60, now=NOW)
    counters.clear("key")
    counters.clear("key")

    assert counters.hit("key", 60, now=after(1)) == Count(1, after(61))
    assert counters.hit("other", 60, now=after(1)).count == 2

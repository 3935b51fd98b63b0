"""The store that observes how long each call took."""

import pytest

from smartalarm.adapters.memory import MemoryStore
from smartalarm.adapters.telemetry import LocalTelemetry
from smartalarm.adapters.timed_store import TimedStore
from smartalarm.errors import NotFound


@pytest.fixture
def telemetry() -> LocalTelemetry:
    """Metrics of this test alone."""
    return LocalTelemetry()


def test_a_call_gives_what_the_store_gives_and_is_counted_under_its_name(telemetry: LocalTelemetry) -> None:
    """Twice the same call, counted twice."""
    store = TimedStore(MemoryStore(), telemetry)
    assert [store.count("user", "alarm"), store.count("user", "alarm")] == [0, 0]
    assert 'database_duration_seconds_count{call="count"} 2.0' in telemetry.exposition()


def test_a_call_that_fails_is_observed_too_and_its_error_comes_through(telemetry: LocalTelemetry) -> None:
    """A slow failure is part of the budget as well."""
    store = TimedStore(MemoryStore(), telemetry)
    with pytest.raises(NotFound):
        store.get("user", "alarm", "none")
    assert 'database_duration_seconds_count{call="get"} 1.0' in telemetry.exposition()

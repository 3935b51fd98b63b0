"""One world in memory for each test, and handles on its fakes."""

from collections.abc import Callable

import pytest

from smartalarm import ports
from smartalarm.injection import Injector
from tests.fakes import QuickPasswords, RecordingQueue, RecordingTelemetry, clock_of, memory_world


@pytest.fixture
def injector() -> Injector:
    """One world with the default settings."""
    return memory_world()


@pytest.fixture
def advance(injector: Injector) -> Callable[[float], None]:
    """Moves the world's clock on by seconds."""
    return clock_of(injector).advance


@pytest.fixture
def queue(injector: Injector) -> RecordingQueue:
    """The world's ring queue."""
    found = injector.get(ports.RingQueue)
    assert isinstance(found, RecordingQueue)
    return found


@pytest.fixture
def problems(injector: Injector) -> list[str]:
    """The problems that the world logged."""
    telemetry = injector.get(ports.Telemetry)
    assert isinstance(telemetry, RecordingTelemetry)
    return telemetry.problems


@pytest.fixture
def verified(injector: Injector) -> list[str | None]:
    """The hashes that passwords were verified against; None is the dummy."""
    passwords = injector.get(ports.Passwords)
    assert isinstance(passwords, QuickPasswords)
    return passwords.verified

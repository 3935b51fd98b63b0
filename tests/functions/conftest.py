"""The front door of a world in memory."""

from collections.abc import Callable

import pytest

from tests.fakes import clock_of, memory_world
from tests.functions.front_door import FrontDoor


@pytest.fixture
def door() -> FrontDoor:
    """A client of a world with nobody in it."""
    return FrontDoor(memory_world())


@pytest.fixture
def advance(door: FrontDoor) -> Callable[[float], None]:
    """Moves that world's clock on by seconds."""
    return clock_of(door.world).advance

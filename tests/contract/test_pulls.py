"""Pulls on every backend: following the changes ends where pulling everything does."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.adapters.entropy import SystemEntropy
from tests.contract.backends import Backend
from tests.functions.living import Life

_people = count(1)


@pytest.mark.parametrize("seed", [11, 22, 33])
def test_a_client_that_follows_knows_what_a_new_one_knows(backend: Backend, seed: int) -> None:
    """The same lives as in memory, with this backend's feed, pages and reads."""
    parts: dict[type, Callable[[], Any]] = {
        ports.Store: lambda: backend.store,
        ports.Connections: lambda: backend.connections,
        ports.Entropy: SystemEntropy,
    }
    life = Life(seed, parts, name=f"p{next(_people)}")
    for _ in range(3):
        for _ in range(15):
            life.step()
        life.check()

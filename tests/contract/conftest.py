"""The contract runs on every backend: `backend` is an empty one, `store`, `counters` and `connections` its parts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smartalarm.ports import Connections, Counters, Store
from tests.contract.backends import BACKENDS, Backend, BackendMissing, Fresh


@pytest.fixture(scope="session", params=list(BACKENDS))
def fresh_backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """One kind of backend, kept open for all tests of a process."""
    name: str = request.param
    opened = BACKENDS[name](tmp_path_factory.mktemp(name))
    try:
        fresh = opened.__enter__()
    except BackendMissing as missing:
        pytest.skip(str(missing))
    yield fresh
    opened.__exit__(None, None, None)


@pytest.fixture
def backend(fresh_backend: Fresh, tmp_path: Path) -> Iterator[Backend]:
    """An empty backend."""
    with fresh_backend(tmp_path) as backend:
        yield backend


@pytest.fixture
def store(backend: Backend) -> Store:
    """Its store."""
    return backend.store


@pytest.fixture
def counters(backend: Backend) -> Counters:
    """Its counters."""
    return backend.counters


@pytest.fixture
def connections(backend: Backend) -> Connections:
    """Its connections."""
    return backend.connections

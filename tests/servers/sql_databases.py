"""Empty SQL databases for tests: a SQLite file, or a database on the shared PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.postgres import PostgresMissing, fresh_database, running_postgres

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of the kind, without tables. Skips the test where no server can be had."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    with postgres_or_skip() as server, fresh_database(server) as url:
        yield url


@contextmanager
def postgres_or_skip() -> Iterator[str]:
    """The URL of a real server. Skips the test where none can be had."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.skip(str(missing))

"""The stores that the contract is held against, each as a place that hands out empty ones."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from smartalarm.adapters.memory import MemoryConnections, MemoryCounters, MemoryStore
from smartalarm.adapters.sql import Engine, SqlConnections, SqlCounters, SqlStore, open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.sql.schema import metadata
from smartalarm.ports import Connections, Counters, Store
from tests.servers.postgres import PostgresMissing, fresh_database, running_postgres


class BackendMissing(Exception):
    """This backend cannot be had here; the text says why in one line."""


@dataclass(frozen=True)
class Backend:
    """One empty backend. `url` is where another process finds the same data, None where none can.

    `crowd` is how many users the cases of many users take: an emulator would need minutes for a thousand.
    """

    name: str
    store: Store
    counters: Counters
    connections: Connections
    url: str | None = None
    crowd: int = 1000
    engine: Engine | None = field(default=None, compare=False)


Fresh = Callable[[Path], AbstractContextManager[Backend]]
"""Gives an empty backend; the path is a folder it may use."""


@contextmanager
def memory_backend(_: Path) -> Iterator[Fresh]:
    """Everything in dicts."""

    @contextmanager
    def fresh(_: Path) -> Iterator[Backend]:
        counters = MemoryCounters()
        yield Backend("memory", MemoryStore(counters), counters, MemoryConnections())

    yield fresh


@contextmanager
def sqlite_backend(folder: Path) -> Iterator[Fresh]:
    """A file for each test, copied from one that was migrated once."""
    template = folder / "template.db"
    engine = open_engine(f"sqlite:///{template}")
    migrate(engine)
    engine.close()

    @contextmanager
    def fresh(folder: Path) -> Iterator[Backend]:
        shutil.copy(template, folder / "store.db")
        with _sql(f"sqlite:///{folder / 'store.db'}", "sqlite") as backend:
            yield backend

    yield fresh


@contextmanager
def postgresql_backend(_: Path) -> Iterator[Fresh]:
    """A database for each test process, emptied for each test, on one server for all of them."""
    try:
        with running_postgres() as server, fresh_database(server) as url, _sql(url, "postgresql") as backend:
            engine = backend.engine
            assert engine
            migrate(engine)

            @contextmanager
            def fresh(_: Path) -> Iterator[Backend]:
                engine.write(_empty)
                yield replace(
                    backend,
                    store=SqlStore(engine),
                    counters=SqlCounters(engine),
                    connections=SqlConnections(engine),
                )

            yield fresh
    except PostgresMissing as missing:
        raise BackendMissing(str(missing)) from missing


@contextmanager
def dynamodb_backend(_: Path) -> Iterator[Fresh]:
    """A table for each test on an emulator for all of them."""
    try:
        from smartalarm.adapters.dynamo import (  # noqa: PLC0415 - only where boto3 is installed
            DynamoConnections,
            DynamoCounters,
            DynamoStore,
        )
        from tests.servers.dynamo_table import fresh_table  # noqa: PLC0415 - the same
        from tests.servers.ministack import MinistackMissing, running_ministack  # noqa: PLC0415 - the same
    except ImportError as error:
        raise BackendMissing(f"no DynamoDB adapter here: {error}") from error
    try:
        with running_ministack() as endpoint:

            @contextmanager
            def fresh(_: Path) -> Iterator[Backend]:
                with fresh_table(endpoint) as (table, _connection):
                    store, url = DynamoStore(table), f"dynamodb+{endpoint}/{table.name}"
                    yield Backend("dynamodb", store, DynamoCounters(table), DynamoConnections(table), url, crowd=120)

            yield fresh
    except MinistackMissing as missing:
        raise BackendMissing(str(missing)) from missing


BACKENDS: dict[str, Callable[[Path], AbstractContextManager[Fresh]]] = {
    "memory": memory_backend,
    "sqlite": sqlite_backend,
    "postgresql": postgresql_backend,
    "dynamodb": dynamodb_backend,
}


@contextmanager
def _sql(url: str, name: str) -> Iterator[Backend]:
    engine = open_engine(url)
    try:
        yield Backend(name, SqlStore(engine), SqlCounters(engine), SqlConnections(engine), url, engine=engine)
    finally:
        engine.close()


def _empty(connection: sa.Connection, _: int) -> None:
    for table in metadata.tables.values():
        connection.execute(sa.delete(table))

"""PostgreSQL (and, compiled only, Oracle): pools of connections, row locks, transactions that are retried."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from smartalarm.adapters.sql.engine import (
    ATTEMPTS,
    CONNECT_SECONDS,
    LOCK_SECONDS,
    MIGRATION_SECONDS,
    STATEMENT_SECONDS,
    Engine,
)
from smartalarm.adapters.sql.errors import is_race, translated

T = TypeVar("T")

_SNAPSHOT = {"postgresql": "REPEATABLE READ", "oracle": "SERIALIZABLE"}
_RECYCLE_SECONDS = 1800


class PooledEngine(Engine):
    """A database server. Reads run without a transaction of their own, which saves two round trips each."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._readers = self._engine(isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        self._writers = self._engine()

    @property
    def dialect(self) -> sa.Dialect:
        """See `Engine.dialect`."""
        return self._readers.dialect

    def read(self, work: Callable[[sa.Connection], T], *, is_snapshot: bool = False) -> T:
        """See `Engine.read`."""
        with translated():
            try:
                return self._read(work, is_snapshot=is_snapshot)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._read(work, is_snapshot=is_snapshot)

    def write(self, work: Callable[[sa.Connection, int], T]) -> T:
        """See `Engine.write`."""
        with translated():
            for attempt in range(ATTEMPTS - 1):
                has_finished = False
                try:
                    with self._writers.begin() as connection:
                        result = work(connection, attempt)
                        has_finished = True
                except Exception as error:
                    # A connection that died before COMMIT was sent has changed nothing; after it, nobody knows.
                    is_stale = isinstance(error, DBAPIError) and error.connection_invalidated and not has_finished
                    if not (is_race(error) or (is_stale and attempt == 0)):
                        raise
                else:
                    return result
            with self._writers.begin() as connection:
                return work(connection, ATTEMPTS - 1)

    def admin(self) -> sa.Engine:
        """See `Engine.admin`."""
        return self._engine(statement_seconds=MIGRATION_SECONDS, lock_seconds=MIGRATION_SECONDS, poolclass=NullPool)

    def close(self) -> None:
        """See `Engine.close`."""
        self._readers.dispose()
        self._writers.dispose()

    def _read(self, work: Callable[[sa.Connection], T], *, is_snapshot: bool) -> T:
        if not is_snapshot:
            with self._readers.connect() as connection:
                return work(connection)
        with self._writers.connect() as connection:
            return work(connection.execution_options(isolation_level=_SNAPSHOT[self.dialect.name]))

    def _engine(
        self, *, statement_seconds: int = STATEMENT_SECONDS, lock_seconds: int = LOCK_SECONDS, **more: Any
    ) -> sa.Engine:
        if "poolclass" not in more:
            more |= {"pool_size": 5, "max_overflow": 15, "pool_timeout": LOCK_SECONDS, "pool_recycle": _RECYCLE_SECONDS}
        limits: dict[str, Any] = {}
        if self._url.get_backend_name() == "postgresql":
            limits = {
                "connect_timeout": CONNECT_SECONDS,
                "options": f"-c statement_timeout={statement_seconds}s -c lock_timeout={lock_seconds}s"
                f" -c idle_in_transaction_session_timeout={statement_seconds + lock_seconds}s",
                "tcp_user_timeout": (statement_seconds + lock_seconds) * 1000,  # a network that swallows packets
                "application_name": "smartalarm",
            }
        elif self._url.get_backend_name() == "oracle":
            limits = {"tcp_connect_timeout": CONNECT_SECONDS}
        given = self._url.query
        return sa.create_engine(
            self._url, connect_args={name: value for name, value in limits.items() if name not in given}, **more
        )

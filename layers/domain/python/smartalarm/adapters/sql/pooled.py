"""PostgreSQL (and, compiled only, Oracle): pools of connections, row locks, transactions that are retried."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from smartalarm.adapters.sql.engine import ATTEMPTS, Engine, Limits
from smartalarm.adapters.sql.errors import is_race, translated

T = TypeVar("T")

_SNAPSHOT = {"postgresql": "REPEATABLE READ", "oracle": "SERIALIZABLE"}
_RECYCLE_SECONDS = 1800


class PooledEngine(Engine):
    """A database server. Reads run without a transaction of their own, which saves two round trips each."""

    def __init__(self, url: sa.URL, limits: Limits) -> None:
        self._url = url
        self.limits = limits
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
        patient = replace(
            self.limits, statement_seconds=self.limits.migration_seconds, lock_seconds=self.limits.migration_seconds
        )
        return self._engine(patient, poolclass=NullPool)

    def dedicated(self) -> Any:
        """PostgreSQL only: a driver's connection (psycopg 3, autocommit) outside the pools, for who listens on it.

        The caller closes it. Raises what the driver raises. Both ends notice within seconds when the other one is gone.
        """
        engine = self._engine(poolclass=NullPool, pool_reset_on_return=None)
        raw = engine.raw_connection()
        connection: Any = raw.driver_connection
        raw.detach()
        connection.autocommit = True
        return connection

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

    def _engine(self, limits: Limits | None = None, **more: Any) -> sa.Engine:
        limits = limits or self.limits
        if "poolclass" not in more:
            more |= {"pool_size": 5, "max_overflow": 15, "pool_recycle": _RECYCLE_SECONDS}
            more["pool_timeout"] = limits.lock_seconds
        timeouts = _TIMEOUTS[self._url.get_backend_name()](limits)
        arguments = {name: value for name, value in timeouts.items() if name not in self._url.query}
        # Errors are logged, and what people write is none of the log's business.
        return sa.create_engine(self._url, connect_args=arguments, hide_parameters=True, **more)


def _postgresql_timeouts(limits: Limits) -> dict[str, Any]:
    """Libpq's parameters (PostgreSQL manual, 32.1.2); what the URL says itself goes first."""
    statement, lock = int(limits.statement_seconds * 1000), int(limits.lock_seconds * 1000)
    return {
        "application_name": "smartalarm",
        "connect_timeout": limits.connect_seconds,
        "options": f"-c statement_timeout={statement} -c lock_timeout={lock}"
        f" -c idle_in_transaction_session_timeout={statement + lock}"
        # A process whose machine vanished holds its locks until the server asks for it in vain.
        " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": statement + lock,  # a network that swallows packets
    }


def _oracle_timeouts(limits: Limits) -> dict[str, Any]:
    return {"tcp_connect_timeout": limits.connect_seconds}


_TIMEOUTS = {"postgresql": _postgresql_timeouts, "oracle": _oracle_timeouts}

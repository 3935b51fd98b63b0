"""SQLite: one writer at a time, any number of readers beside it (WAL), every commit on the disk (synchronous=FULL)."""

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from smartalarm.adapters.sql.engine import ATTEMPTS, Engine, Limits
from smartalarm.adapters.sql.errors import is_race, translated
from smartalarm.errors import Unavailable

T = TypeVar("T")

_STEPS_BETWEEN_LOOKS = 100_000  # virtual machine steps, about a millisecond


class SqliteEngine(Engine):
    """A database file. Writers of this process queue for one kept connection, those of other processes for the file."""

    def __init__(self, url: sa.URL, limits: Limits) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("SQLite needs a file, because several connections share it")
        self._url = url
        self.limits = limits
        self._readers = self._engine(is_reader=True, pool_size=8, max_overflow=32, pool_timeout=limits.lock_seconds)
        self._writers = self._engine(pool_size=1, max_overflow=0, pool_timeout=limits.lock_seconds)
        self._turn = threading.Lock()
        self._writer: sa.Connection | None = None

    @property
    def dialect(self) -> sa.Dialect:
        """See `Engine.dialect`."""
        return self._readers.dialect

    def read(self, work: Callable[[sa.Connection], T], *, is_snapshot: bool = False) -> T:
        """See `Engine.read`. Never waits for a writer."""
        with translated(), self._readers.connect() as connection:
            connection.info["deadline"].start()
            if not is_snapshot:
                return work(connection)  # one statement sees one state by itself
            driver = connection.connection.driver_connection
            driver.execute("BEGIN")  # type: ignore[union-attr]
            try:
                return work(connection)
            finally:
                driver.execute("ROLLBACK")  # type: ignore[union-attr]

    def write(self, work: Callable[[sa.Connection, int], T]) -> T:
        """See `Engine.write`."""
        if not self._turn.acquire(timeout=self.limits.statement_seconds):
            raise Unavailable("The database is busy")
        try:
            with translated():
                for attempt in range(ATTEMPTS - 1):
                    try:
                        return self._transact(work, attempt)
                    except Exception as error:
                        if not is_race(error):
                            raise
                return self._transact(work, ATTEMPTS - 1)
        finally:
            self._turn.release()

    def admin(self) -> sa.Engine:
        """See `Engine.admin`."""
        engine = self._engine(lock_seconds=self.limits.migration_seconds, poolclass=NullPool)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    def close(self) -> None:
        """See `Engine.close`."""
        with self._turn:
            self._drop_writer()
        self._readers.dispose()
        self._writers.dispose()

    def _transact(self, work: Callable[[sa.Connection, int], T], attempt: int) -> T:
        """One attempt. The driver is asked directly to begin and end, which costs a tenth of what SQLAlchemy takes."""
        if self._writer is None:
            self._writer = self._writers.connect()
        connection = self._writer
        connection.info["deadline"].start()
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection, attempt)
            driver.execute("COMMIT")
        except BaseException:
            try:
                if driver.in_transaction:
                    driver.execute("ROLLBACK")
            except sqlite3.Error:
                self._drop_writer()
            raise
        return result

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None

    def _engine(self, *, lock_seconds: float | None = None, is_reader: bool = False, **pool: Any) -> sa.Engine:
        patience = self.limits.lock_seconds if lock_seconds is None else lock_seconds
        engine = sa.create_engine(
            self._url,
            connect_args={"check_same_thread": False, "timeout": patience, "isolation_level": None},
            pool_reset_on_return=None,
            skip_autocommit_rollback=True,
            isolation_level=None,
            hide_parameters=True,  # errors are logged, and what people write is none of the log's business
            **pool,
        )
        sa.event.listen(engine, "connect", partial(self._set_up, is_reader=is_reader))
        return engine

    def _set_up(self, driver: sqlite3.Connection, entry: ConnectionPoolEntry, *, is_reader: bool) -> None:
        """The settings belong to the connection, not to the file (but for WAL)."""
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute("PRAGMA journal_size_limit = 67108864")
        driver.execute("PRAGMA temp_store = MEMORY")
        if is_reader:
            driver.execute("PRAGMA query_only = ON")
        entry.info["deadline"] = deadline = _Deadline(self.limits.statement_seconds)
        driver.set_progress_handler(deadline.has_passed, _STEPS_BETWEEN_LOOKS)


class _Deadline:
    """Stops a statement of one connection that runs for too long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = 0.0

    def start(self) -> None:
        """Count from now."""
        self._ends = time.monotonic() + self._seconds

    def has_passed(self) -> bool:
        """Whether SQLite shall stop."""
        return 0 < self._ends < time.monotonic()

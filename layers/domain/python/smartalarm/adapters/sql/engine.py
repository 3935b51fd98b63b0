"""A database that the stores work on: `read` and `write` run a piece of work on a connection, with time-outs and retries."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

T = TypeVar("T")

ATTEMPTS = 8  # a transaction that lost a race is run again; each loss means that somebody else got on


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds: a statement, waiting for a lock or a pooled connection, connecting."""

    statement_seconds: float = 10
    lock_seconds: float = 5
    connect_seconds: int = 5
    migration_seconds: float = 60


class Engine(ABC):
    """One database. Safe to use from many threads."""

    limits: Limits

    @property
    @abstractmethod
    def dialect(self) -> sa.Dialect:
        """SQLAlchemy's dialect."""

    @abstractmethod
    def read(self, work: Callable[[sa.Connection], T], *, is_snapshot: bool = False) -> T:
        """Run reads and give what `work` returns. With `is_snapshot` all its statements see one state.

        Raises Unavailable. `work` may be run twice, when a kept connection turned out to be dead.
        """

    @abstractmethod
    def write(self, work: Callable[[sa.Connection, int], T]) -> T:
        """Run one transaction and give what `work` returned, once it is durable.

        `work` gets the connection and the number of the attempt, from 0: it is run again when it raised `Raced`, broke
        a unique key or met a deadlock. Raises Unavailable; Conflict when a unique key stays broken.
        """

    @abstractmethod
    def admin(self) -> sa.Engine:
        """SQLAlchemy's own engine, for migrations and inspection; its transactions include DDL. The caller disposes it."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections; the engine cannot be used any more."""

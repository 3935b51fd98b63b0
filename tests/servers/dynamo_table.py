"""Fresh DynamoDB tables on the emulator, through connections that count what they do and can be made to lag or fail."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3

from smartalarm.adapters.clock import SystemClock
from smartalarm.adapters.dynamo import Limits, Patience, Table, create_table
from smartalarm.adapters.dynamo.driver import LeanConnection
from smartalarm.adapters.dynamo.opening import open_connection
from smartalarm.adapters.entropy import SystemEntropy

REGION = "eu-west-1"
PATIENT = Limits(connect_seconds=10, read_seconds=30)  # the emulator shares two cores with everybody else


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its operation and the capacity units it consumed."""

    operation: str
    units: float


class WatchedConnection(LeanConnection):
    """Writes down each request and what it cost. `before` may look at one first, answer in its place or raise."""

    def __init__(self, client: Any, before: Callable[[str, dict[str, Any]], dict[str, Any] | None] | None = None) -> None:
        super().__init__(client)
        self.calls: list[Call] = []
        self.before = before

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """Send one request."""
        answer = self.before(operation_name, operation_kwargs) if self.before else None
        if answer is None:
            answer = super().dispatch(operation_name, operation_kwargs)
        consumed = answer.get("ConsumedCapacity", [])
        consumed = consumed if isinstance(consumed, list) else [consumed]
        self.calls.append(Call(operation_name, sum(part.get("CapacityUnits", 0) for part in consumed)))
        return answer

    def close(self) -> None:
        """Keep the sockets: the client serves the next table, too."""


class StoppedClock:
    """A clock that stands still and writes down how long it was asked to wait, in seconds."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        """Always the same."""
        return datetime(2026, 12, 1, tzinfo=UTC)

    def wait_until(self, instant: datetime) -> None:
        """Return at once."""
        self.waits.append((instant - self.now()).total_seconds())


class HalfEntropy(SystemEntropy):
    """Jitter without chance: always half of what there could be."""

    def fraction(self) -> float:
        """One half."""
        return 0.5


@cache
def emulator_client(endpoint: str) -> Any:
    """One client for all tables of a process: making one takes longer than many a test."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
    return open_connection(REGION, endpoint, PATIENT, session).client


@contextmanager
def fresh_table(
    endpoint: str,
    *,
    patience: Patience | None = None,
    before: Callable[[str, dict[str, Any]], dict[str, Any] | None] | None = None,
) -> Iterator[tuple[Table, WatchedConnection]]:
    """An empty table of its own. DynamoDB's own removal is off: it goes by the real clock, tests do not."""
    connection = WatchedConnection(emulator_client(endpoint), before)
    name = f"test-{uuid.uuid4().hex}"
    table = Table(connection, name, patience=patience or Patience(SystemClock(), SystemEntropy()))
    create_table(table, removes_expired=False)
    connection.calls.clear()
    try:
        yield table, connection
    finally:
        table.close()
        connection.client.delete_table(TableName=name)

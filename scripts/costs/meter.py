"""The meter: everything that costs money is written down while the product runs, call by call, under what it was for."""

import io
import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scripts.costs.capacity import Item, index_units, read_units, write_units
from smartalarm.adapters.dynamo.driver import LeanConnection
from smartalarm.adapters.dynamo.table import table_definition

_DEFINITION = table_definition("any")
_KEY = {"DeleteItem": "Key", "UpdateItem": "Key", "PutItem": "Item"}
EVENT_BYTES = 26  # CloudWatch Logs adds so many to each event
SOCKET_BYTES = 32 * 1024  # a message is counted again for each 32 KB begun
QUEUE_BYTES = 64 * 1024  # and a queue's request for each 64 KB


@dataclass
class Phase:
    """What one kind of invocation used, summed over all of them. `counts` and `units` are exact, CPU seconds are measured.

    `rounds`: network calls in a row that are waited for after the hold, by kind; those before it cost nothing.
    """

    function: str
    memory_mb: int
    invocations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    log_bytes: int = 0
    bytes_out: int = 0
    cpu_to_claim: float = 0.0
    cpu_of_claim: float = 0.0
    cpu_after_hold: float = 0.0
    cpu_to_last_send: float = 0.0
    rounds: Counter[str] = field(default_factory=Counter)


class JumpingClock:
    """A clock that moves by being waited for only, and notes the CPU time at which it was."""

    def __init__(self, meter: "Meter") -> None:
        self._meter = meter
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        """Where it stands."""
        return self._now

    def wait_until(self, instant: datetime) -> None:
        """Jump there."""
        self._meter.waited()
        self._now = max(self._now, instant)


class Meter:
    """Counts. All calls of one process report to it; the phase says what they were for.

    `looks`: whether it looks at items to know what writes cost. Without, it disturbs the CPU time least.
    """

    def __init__(self, *, looks: bool = True) -> None:
        self.looks = looks
        self.phases: dict[str, Phase] = {}
        self.commits: dict[str, list[dict[str, Any]]] = {}
        self._phase: Phase | None = None
        self._name = ""
        self._lock = threading.Lock()
        self._own_cpu = 0.0
        self._spans: list[tuple[float, float, str]] = []
        self._waits: list[tuple[float, float]] = []
        self._begun_cpu = 0.0
        self._begun_at = 0.0
        self._sent_cpu = 0.0

    # ---- phases

    @contextmanager
    def invocation(self, name: str, function: str, memory_mb: int) -> Iterator[None]:
        """One invocation of a function, under the name of what it is for."""
        phase = self.phases.setdefault(name, Phase(function, memory_mb))
        self._phase, self._name = phase, name
        self._spans, self._waits, self._sent_cpu = [], [], 0.0
        self._begun_cpu, self._begun_at = self.cpu(), time.perf_counter()
        try:
            yield
        finally:
            phase.invocations += 1
            self._settle(phase)
            self._phase = None

    def _settle(self, phase: Phase) -> None:
        """The hold ends with the last wait: what comes before it is hidden, what follows is time that is paid on top."""
        released_at, released_cpu = self._waits[-1] if self._waits else (self._begun_at, self._begun_cpu)
        if self._waits:
            phase.cpu_to_claim += self._waits[0][1] - self._begun_cpu
            phase.cpu_of_claim += released_cpu - self._waits[0][1]
        phase.cpu_after_hold += self.cpu() - released_cpu
        if self._sent_cpu:
            phase.cpu_to_last_send += self._sent_cpu - released_cpu
        end = released_at
        for begun, ended, kind in sorted(self._spans, key=lambda span: span[1]):  # the longest chain of calls in a row
            if begun >= end:
                phase.rounds[kind] += 1
                end = ended

    def cpu(self) -> float:
        """CPU seconds of this process so far, without the meter's own."""
        return time.process_time() - self._own_cpu

    def waited(self) -> None:
        """The clock was asked to wait."""
        self._waits.append((time.perf_counter(), self.cpu()))

    def sent(self) -> None:
        """Pushes or socket messages have left."""
        self._sent_cpu = self.cpu()

    # ---- what is counted

    def add(self, what: str, number: int = 1) -> None:
        """So many billable requests."""
        with self._lock:
            if self._phase:
                self._phase.counts[what] += number

    def add_units(self, what: str, number: float) -> None:
        """So many units of DynamoDB."""
        with self._lock:
            if self._phase:
                self._phase.units[what] += number  # type: ignore[assignment]  # halves occur

    def add_out(self, size: int) -> None:
        """So many bytes to the internet."""
        with self._lock:
            if self._phase:
                self._phase.bytes_out += size

    def add_log(self, text: str) -> None:
        """Lines of the log."""
        with self._lock:
            if self._phase:
                self._phase.log_bytes += sum(len(line.encode()) + EVENT_BYTES for line in text.splitlines() if line)

    def add_commit(self, parts: dict[str, Any]) -> None:
        """One transaction of the phase, for the account of ledger writes."""
        with self._lock:
            if self._phase:
                self.commits.setdefault(self._name, []).append(parts)

    @contextmanager
    def call(self, kind: str) -> Iterator[None]:
        """One call over the network."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._spans.append((begun, time.perf_counter(), kind))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Work of the meter itself, which costs the product nothing."""
        begun = time.thread_time()
        try:
            yield
        finally:
            with self._lock:
                self._own_cpu += time.thread_time() - begun

    @property
    def is_on(self) -> bool:
        """Whether an invocation runs."""
        return self._phase is not None

    def watch(self, client: Any, kind: str) -> Any:
        """Count what a boto3 client of SQS or of the gateway's management sends."""

        def before(params: dict[str, Any], **_: Any) -> None:
            size = len(params.get("body") or b"")
            each = {"queue": QUEUE_BYTES, "socket": SOCKET_BYTES}[kind]
            self.add({"queue": "sqs_requests", "socket": "socket_messages"}[kind], max(1, math.ceil(size / each)))

        client.meta.events.register("before-call", before)
        return client


class Tee(io.StringIO):
    """Standard output that is counted instead of shown."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def write(self, text: str) -> int:
        """Count it."""
        self._meter.add_log(text)
        if '"level":"ERROR"' in text:
            sys.stderr.write(text)
        return len(text)


class MeteredConnection(LeanConnection):
    """The product's connection to DynamoDB; looks at each item before and after a write to know what that costs."""

    def __init__(self, client: Any, meter: Meter) -> None:
        super().__init__(client)
        self._meter = meter

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """Send one request and write down its price."""
        meter = self._meter
        if not meter.is_on:
            return super().dispatch(operation_name, operation_kwargs)
        writes = _writes_of(operation_name, operation_kwargs)
        if not meter.looks:
            with meter.call("write" if writes else "read"):
                return super().dispatch(operation_name, operation_kwargs)
        with meter.aside():
            before = self._look(writes)
        try:
            with meter.call("write" if writes else "read"):
                answer = super().dispatch(operation_name, operation_kwargs)
        finally:
            meter.add("dynamodb_calls")
            with meter.aside():
                after = self._look(writes)
                if writes:
                    self._note_writes(operation_name, before, after)
        if not writes:
            with meter.aside():
                meter.add_units("read", _read_units(operation_name, operation_kwargs, answer))
        return answer

    def _look(self, writes: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item | None]:
        return {
            (name, sk): self._own_client.get_item(
                TableName=self._table_name(), Key={"PK": {"S": name}, "SK": {"S": sk}}, ConsistentRead=True
            ).get("Item")
            for name, sk in writes
        }

    def _table_name(self) -> str:
        (name,) = self._tables
        return str(name)

    def _note_writes(
        self,
        operation: str,
        before: Mapping[tuple[str, str], Item | None],
        after: Mapping[tuple[str, str], Item | None],
    ) -> None:
        factor = 2 if operation == "TransactWriteItems" else 1
        parts: Counter[str] = Counter()
        for key in before:
            sort = key[1].partition("#")[0]
            what = {"root": "seq", "d": "document", "t": "timer"}.get(sort, "other")
            parts[what] += factor * write_units(before[key], after[key])
            for index in _DEFINITION["LocalSecondaryIndexes"]:
                parts["change feed"] += index_units(index, before[key], after[key])
            for index in _DEFINITION["GlobalSecondaryIndexes"]:
                name = "due index" if index["IndexName"] == "by_due" else "other"
                parts[name] += index_units(index, before[key], after[key])
        for what, units in parts.items():
            self._meter.add_units(f"write: {what}", units)
        self._meter.add_commit({name: units for name, units in sorted(parts.items()) if units})


def _writes_of(operation: str, arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The keys that a request writes."""
    if operation == "TransactWriteItems":
        steps = [part for step in arguments["TransactItems"] for part in step.values()]
        keys = [step.get("Key") or step["Item"] for step in steps]
    elif operation in _KEY:
        keys = [arguments[_KEY[operation]]]
    elif operation == "BatchWriteItem":
        requests = [request for group in arguments["RequestItems"].values() for request in group]
        keys = [r["DeleteRequest"]["Key"] if "DeleteRequest" in r else r["PutRequest"]["Item"] for r in requests]
    else:
        return []
    return [(key["PK"]["S"], key["SK"]["S"]) for key in keys]


def _read_units(operation: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    if operation == "BatchGetItem":
        asked = sum(len(group["Keys"]) for group in arguments["RequestItems"].values())
        found = [item for items in answer["Responses"].values() for item in items]
        return sum(read_units([item], consistent=True) for item in found) + asked - len(found)
    consistent = bool(arguments.get("ConsistentRead"))
    if operation == "GetItem":
        return read_units([answer["Item"]] if answer.get("Item") else [], consistent=consistent)
    return read_units(answer.get("Items", []), consistent=consistent)

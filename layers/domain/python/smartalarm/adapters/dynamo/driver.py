"""The table through pynamodb's low-level connection: every call has a time limit, bounded retries and translated errors."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from smartalarm.adapters.dynamo.failures import Raced, busy, translated
from smartalarm.adapters.dynamo.table import SHARDS, meta_table
from smartalarm.errors import Unavailable
from smartalarm.ports import Clock, Entropy

Item = dict[str, dict[str, Any]]
"""An item as DynamoDB writes it: {"PK": {"S": "u#1"}, "seq": {"N": "5"}}."""

_T = TypeVar("_T")
_R = TypeVar("_R")

GET_KEYS, WRITE_KEYS = 100, 25  # BatchGetItem and BatchWriteItem take no more at once
MAX_PAGES = 10_000  # of 1 MB each: no query of ours comes near


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try again, and how long to wait before: exponential, capped, with full jitter."""

    clock: Clock
    entropy: Entropy
    base_seconds: float = 0.01
    cap_seconds: float = 0.5
    attempts: int = 24

    def tries(self) -> Iterator[int]:
        """Attempt numbers, with a wait before each but the first."""
        for attempt in range(self.attempts):
            if attempt:
                longest = min(self.cap_seconds, self.base_seconds * 2.0**attempt)
                self.clock.wait_until(self.clock.now() + timedelta(seconds=longest * self.entropy.fraction()))
            yield attempt


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of one call, and how often the driver itself tries in all."""

    connect_seconds: float = 1.0
    read_seconds: float = 3.0
    attempts: int = 3


class LeanConnection(Connection):
    """pynamodb's connection around a client of our own: made once, before any thread, its sockets kept alive."""

    def __init__(self, client: Any) -> None:
        super().__init__(region=client.meta.region_name, host=client.meta.endpoint_url)
        self._own_client = client

    @property
    def client(self) -> Any:
        """The botocore client."""
        return self._own_client

    def close(self) -> None:
        """Let go of its sockets."""
        self._own_client.close()


class Table:
    """One table. Thread-safe. `shards` spread the due index; `threads` bound what runs side by side."""

    def __init__(
        self, connection: LeanConnection, name: str, *, patience: Patience, shards: int = SHARDS, threads: int = 16
    ) -> None:
        self.name, self.patience, self.shards = name, patience, shards
        self._connection = connection
        self._connection.add_meta_table(MetaTable(meta_table(name)))
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of threads and sockets."""
        if self._pool is not None:
            self._pool.shutdown()
        self._connection.close()

    @property
    def client(self) -> Any:
        """The botocore client, for what concerns the table as a whole."""
        return self._connection.client

    # -------------------------------------------------------------------------------------------- reading

    def get(self, pk: str, sk: str) -> Item | None:
        """One item, read consistently."""
        with translated():
            found: Item | None = self._connection.get_item(self.name, pk, sk, consistent_read=True).get("Item")
        return found

    def get_many(self, keys: Iterable[tuple[str, str]]) -> list[Item]:
        """Those of the items that exist, read consistently, in no order."""
        wanted = list(dict.fromkeys(keys))
        if len(wanted) == 1:
            item = self.get(*wanted[0])
            return [] if item is None else [item]
        chunks = [wanted[at : at + GET_KEYS] for at in range(0, len(wanted), GET_KEYS)]
        if len(chunks) == 1:  # in this thread: a commit reads its few keys from a thread of the pool
            return self._get_chunk(chunks[0])
        return [item for part in self.each(self._get_chunk, chunks) for item in part]

    def _get_chunk(self, keys: Sequence[tuple[str, str]]) -> list[Item]:
        found: list[Item] = []
        left = [{"PK": {"S": pk}, "SK": {"S": sk}} for pk, sk in keys]
        for _ in self.patience.tries():
            with translated():
                answer = self._connection.batch_get_item(self.name, left, consistent_read=True)  # type: ignore[arg-type]
            found += answer.get("Responses", {}).get(self.name, [])
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            if not left:
                return found
        raise Unavailable("The database leaves keys unread")

    def query(
        self,
        pk: str,
        condition: Condition | None = None,
        *,
        index: str | None = None,
        filter_by: Condition | None = None,
        forward: bool = True,
        page_size: int | None = None,
        consistent: bool = True,
    ) -> Iterator[Item]:
        """The items below one hash key in order, fetched page by page as they are asked for."""
        start: Item | None = None
        for _ in range(MAX_PAGES):
            answer = self._query(
                pk, condition, filter_by, index=index, forward=forward, limit=page_size, start=start, consistent=consistent
            )
            yield from answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return
        raise Unavailable("The database has too many pages for one question")

    def count(self, pk: str, condition: Condition, filter_by: Condition | None = None) -> int:
        """How many items a query finds, without fetching them."""
        total = 0
        start: Item | None = None
        for _ in range(MAX_PAGES):
            answer = self._query(pk, condition, filter_by, start=start, select="COUNT")
            total += int(answer["Count"])
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return total
        raise Unavailable("The database has too many pages for one question")

    def _query(
        self,
        pk: str,
        condition: Condition | None,
        filter_by: Condition | None,
        *,
        index: str | None = None,
        forward: bool = True,
        limit: int | None = None,
        start: Item | None = None,
        consistent: bool = True,
        select: str | None = None,
    ) -> dict[str, Any]:
        with translated():
            return self._connection.query(
                self.name,
                pk,
                range_key_condition=condition,
                filter_condition=filter_by,
                consistent_read=consistent,
                exclusive_start_key=start,
                index_name=index,
                limit=limit,
                scan_index_forward=forward,
                select=select,
            )

    def scan(self, filter_by: Condition, attributes: Sequence[str], start: Item | None) -> tuple[list[Item], Item | None]:
        """One page of the whole table (1 MB read, then filtered), and where the next one starts."""
        with translated():
            answer = self._connection.scan(
                self.name,
                filter_condition=filter_by,
                attributes_to_get=list(attributes),
                exclusive_start_key=start,  # type: ignore[arg-type]  # a whole key is right, the hint says str
            )
        return answer["Items"], answer.get("LastEvaluatedKey")

    # -------------------------------------------------------------------------------------------- writing

    def update(self, pk: str, sk: str, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        """Change one item, made if need be; gives it as it is then. Raises ConditionFailed."""
        answer = self._write(
            lambda: self._connection.update_item(
                self.name, pk, sk, actions=actions, condition=condition, return_values="ALL_NEW"
            )
        )
        changed: Item = answer["Attributes"]
        return changed

    def delete(self, pk: str, sk: str, condition: Condition | None = None) -> Item | None:
        """Remove one item and give what it was. Raises ConditionFailed."""
        answer = self._write(
            lambda: self._connection.delete_item(self.name, pk, sk, condition=condition, return_values="ALL_OLD")
        )
        removed: Item | None = answer.get("Attributes")
        return removed

    def _write(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for _ in self.patience.tries():
            try:
                with translated():
                    return call()
            except Raced:
                continue
        raise busy()

    def delete_many(self, keys: Iterable[tuple[str, str]]) -> None:
        """Remove items whatever they are."""
        wanted = list(dict.fromkeys(keys))
        for at in range(0, len(wanted), WRITE_KEYS):
            left: list[Any] = [{"PK": {"S": pk}, "SK": {"S": sk}} for pk, sk in wanted[at : at + WRITE_KEYS]]
            for _ in self.patience.tries():
                with translated():
                    answer = self._connection.batch_write_item(self.name, delete_items=left)
                left = [entry["DeleteRequest"]["Key"] for entry in answer.get("UnprocessedItems", {}).get(self.name, [])]
                if not left:
                    break
            else:
                raise Unavailable("The database leaves items undeleted")

    def request(self, pk: str, sk: str, **parts: Any) -> dict[str, Any]:
        """One step of a transaction as DynamoDB wants it; `parts` are those of pynamodb's `get_operation_kwargs`."""
        return self._connection.get_operation_kwargs(self.name, pk, sk, **parts)

    def transact(
        self, checks: Sequence[Item], deletes: Sequence[Item], puts: Sequence[Item], updates: Sequence[Item]
    ) -> None:
        """All or none of these requests. Raises Cancelled, with its reasons in this order."""
        with translated():
            self._connection.transact_write_items(checks, deletes, puts, updates)

    # -------------------------------------------------------------------------------------------- side by side

    def each(self, work: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
        """The results of `work` for each item, in order, side by side. Must not be called from within such work."""
        return list(self.pool.map(work, items))

    @property
    def pool(self) -> ThreadPoolExecutor:
        """The threads, made when first needed."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="dynamo")
            return self._pool

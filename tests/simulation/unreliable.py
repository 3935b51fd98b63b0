"""The store and the connections as one process reaches them: the shared ones in memory, behind that process's wire."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from smartalarm.adapters.memory import MemoryConnections, MemoryStore
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import (
    RETAKE_SECONDS,
    ChangePage,
    Claim,
    ClaimChange,
    Commit,
    Committed,
    Connection,
    Cursor,
    Document,
    Key,
    Page,
    Timer,
)
from tests.simulation.wire import Wire

Watch = Callable[[Commit, Committed], None]


class SimulatedStore(MemoryStore):
    """The one store of a world. Every commit that took effect is told to `watch`."""

    def __init__(self) -> None:
        super().__init__()
        self.watch: Watch = lambda _commit, _committed: None

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        committed = super().commit(commit)
        self.watch(commit, committed)
        return committed

    def next_take_at(self, lead: timedelta) -> datetime | None:
        """When a lease taker that looks `lead` ahead finds something next."""
        found: datetime | None = None
        for due_at, user, timer_id in self._due._order:
            if found is not None and due_at - lead >= found:
                break
            timer = self._due._timers[user][timer_id]
            at = due_at - lead
            if timer.handed_at is not None:
                at = max(due_at, timer.handed_at) + timedelta(seconds=RETAKE_SECONDS)
            found = at if found is None else min(found, at)
        return found

    def overdue(self, before: datetime) -> list[Timer]:
        """Timers that were due before an instant."""
        return [self._due._timers[user][timer_id] for due_at, user, timer_id in self._due._order if due_at < before]

    def timer(self, user: str, timer_id: str) -> Timer | None:
        """One timer."""
        return self._due.find(user, timer_id)


class UnreliableStore:
    """`Store` behind a wire."""

    def __init__(self, store: SimulatedStore, wire: Wire) -> None:
        self._store = store
        self._wire = wire

    def get(self, user: str, kind: str, document_id: str) -> Document:
        """See `Store.get`."""
        return self._wire.call([user], lambda: self._store.get(user, kind, document_id))

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """See `Store.read`."""
        asked = list(keys)
        return self._wire.call([key.user for key in asked], lambda: self._store.read(asked))

    def page(
        self,
        user: str,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 200,
        newest_first: bool = False,
        first: str | None = None,
        last: str | None = None,
    ) -> Page:
        """See `Store.page`."""
        return self._wire.call(
            [user],
            lambda: self._store.page(
                user, kind, after=after, limit=limit, newest_first=newest_first, first=first, last=last
            ),
        )

    def list_many(self, users: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
        """See `Store.list_many`."""
        asked = list(users)
        return self._wire.call(asked, lambda: self._store.list_many(asked, kinds))

    def count(self, user: str, kind: str) -> int:
        """See `Store.count`."""
        return self._wire.call([user], lambda: self._store.count(user, kind))

    def changes(self, user: str, since: Cursor, limit: int) -> ChangePage:
        """See `Store.changes`."""
        return self._wire.call([user], lambda: self._store.changes(user, since, limit))

    def seq(self, user: str) -> int:
        """See `Store.seq`."""
        return self._wire.call([user], lambda: self._store.seq(user))

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        return self._wire.commit(commit, lambda: self._store.commit(commit))

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`."""
        if len({commit.user for commit in commits}) != len(commits):
            raise ValueError("the users of one commit_many must differ")
        return self._wire.commit_many(commits, self._store.commit)

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        return self._wire.call(None, lambda: self._store.take_due(now=now, until=until, limit=limit))

    def release_handed(self) -> int:
        """See `Store.release_handed`."""
        return self._wire.call(None, self._store.release_handed)

    def timers(self, user: str) -> list[Timer]:
        """See `Store.timers`."""
        return self._wire.call([user], lambda: self._store.timers(user))

    def users_with_timers(self, purpose: str, *, after: str | None, limit: int) -> list[str]:
        """See `Store.users_with_timers`."""
        return self._wire.call(None, lambda: self._store.users_with_timers(purpose, after=after, limit=limit))

    def claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.claim`."""
        kind, _, rest = key.partition(":")
        users = [rest.partition(":")[0]] if kind == "early" else []
        return self._wire.call(users, lambda: self._store.claim(key, now=now))

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """See `Store.change_claim`."""
        return self._wire.call([], lambda: self._store.change_claim(change, now=now))

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.take_claim`."""
        return self._wire.call([], lambda: self._store.take_claim(key, now=now))

    def erase(self, user: str) -> None:
        """See `Store.erase`."""
        self._wire.call([user], lambda: self._store.erase(user))

    def purge(self, *, now: datetime, limit: int) -> int:
        """See `Store.purge`."""
        return self._wire.call([], lambda: self._store.purge(now=now, limit=limit))

    def ping(self) -> None:
        """See `Store.ping`."""
        self._wire.call([], self._store.ping)


class UnreliableConnections:
    """`Connections` behind a wire."""

    def __init__(self, connections: MemoryConnections, wire: Wire) -> None:
        self._connections = connections
        self._wire = wire

    def open(self, connection: Connection) -> None:
        """See `Connections.open`."""
        self._wire.call([connection.user], lambda: self._connections.open(connection))

    def find(self, connection_id: str) -> Connection | None:
        """See `Connections.find`."""
        return self._wire.call(self._owner(connection_id), lambda: self._connections.find(connection_id))

    def close(self, connection_id: str) -> None:
        """See `Connections.close`."""
        self._wire.call(self._owner(connection_id), lambda: self._connections.close(connection_id))

    def close_host(self, host: str) -> None:
        """See `Connections.close_host`."""
        self._wire.call([], lambda: self._connections.close_host(host))

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """See `Connections.of`."""
        asked = list(users)
        return self._wire.call(asked, lambda: self._connections.of(asked))

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """See `Connections.saw`."""
        self._wire.call([user], lambda: self._connections.saw(user, device_id, at=at))

    def last_seen(self, user: str) -> dict[str, datetime]:
        """See `Connections.last_seen`."""
        return self._wire.call([user], lambda: self._connections.last_seen(user))

    def forget_user(self, user: str) -> None:
        """See `Connections.forget_user`."""
        self._wire.call([user], lambda: self._connections.forget_user(user))

    def _owner(self, connection_id: str) -> list[str]:
        connection = self._connections.find(connection_id)
        return [connection.user] if connection else []

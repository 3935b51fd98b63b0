"""Documents, timers and claims in dicts under one lock."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from smartalarm.adapters.memory.claims import ClaimBook, claim_to_text
from smartalarm.adapters.memory.counters import MemoryCounters
from smartalarm.adapters.memory.due import DueIndex
from smartalarm.adapters.memory.user import UserData, documents_to_texts
from smartalarm.errors import NotFound, SmartAlarmError
from smartalarm.ports import (
    ChangePage,
    Claim,
    ClaimChange,
    Commit,
    Committed,
    Cursor,
    Document,
    Key,
    Page,
    Timer,
    order_key,
)
from smartalarm.storage.cursors import cursor_to_place, place_to_cursor
from smartalarm.storage.rules import check_claim, no_such_user, settle, user_exists


class MemoryStore:
    """`Store` in memory. `counters` are the ones that `purge` cleans as well."""

    def __init__(self, counters: MemoryCounters | None = None) -> None:
        self._lock = threading.RLock()
        self._counters = counters
        self._users: dict[str, UserData] = {}
        self._due = DueIndex()
        self._claims = ClaimBook()

    # -------------------------------------------------------------------------------------------- documents

    def get(self, user: str, kind: str, document_id: str) -> Document:
        """See `Store.get`."""
        with self._lock:
            data = self._users.get(user)
            document = data.document(kind, document_id) if data else None
        if document is None or document.deleted:
            raise NotFound
        return document

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """See `Store.read`."""
        found = {}
        with self._lock:
            for key in keys:
                data = self._users.get(key.user)
                document = data.document(key.kind, key.id) if data else None
                if document is not None:
                    found[key] = document
        return found

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
        place = None if after is None else cursor_to_place(kind, after)
        with self._lock:
            data = self._users.get(user)
            if data is None:
                return Page((), None)
            found = data.live_between(kind, first=first, last=last, after=place, limit=limit + 1, newest_first=newest_first)
        if len(found) <= limit:
            return Page(tuple(found), None)
        return Page(tuple(found[:limit]), place_to_cursor(kind, order_key(found[limit - 1].id)))

    def list_many(self, users: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
        """See `Store.list_many`."""
        with self._lock:
            asked = [data for user in users if (data := self._users.get(user))]
            found = {data.name: [doc for kind in sorted(set(kinds)) for doc in data.live(kind)] for data in asked}
        return {user: documents for user, documents in found.items() if documents}

    def count(self, user: str, kind: str) -> int:
        """See `Store.count`."""
        with self._lock:
            data = self._users.get(user)
            return len(data.lists.get(kind, ())) if data else 0

    def changes(self, user: str, since: Cursor, limit: int) -> ChangePage:
        """See `Store.changes`."""
        with self._lock:
            data = self._users.get(user)
            items, more = data.changes(since, limit) if data else ([], False)
        cursor = Cursor(items[-1].seq, items[-1].kind, items[-1].id) if items else since
        return ChangePage(tuple(items), cursor, more)

    def seq(self, user: str) -> int:
        """See `Store.seq`."""
        with self._lock:
            data = self._users.get(user)
            return data.seq if data else 0

    # -------------------------------------------------------------------------------------------- commits

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        with self._lock:
            data = self._user_for(commit)
            committed = settle(
                commit,
                data.seq,
                versions={
                    (put.kind, put.id): row.version for put in commit.writes if (row := data.rows.get((put.kind, put.id)))
                },
                guards={
                    change.id: (timer.due_at, timer.revision)
                    for change in commit.timers
                    if (timer := self._due.find(commit.user, change.id))
                },
                claims={
                    change.key: version
                    for change in commit.claims
                    if (version := self._claims.version(change.key, commit.now))
                },
            )
            texts = documents_to_texts(committed.documents)
            claims = [(change, claim_to_text(change)) for change in commit.claims]
            self._users[commit.user] = data
            data.seq = committed.seq
            for document, text in zip(committed.documents, texts, strict=True):
                data.save(document, text)
            for timer_change in commit.timers:
                if timer_change.timer is None:
                    self._due.remove(commit.user, timer_change.id)
                else:
                    self._due.put(replace(timer_change.timer, handed_at=None))
            for change, value in claims:
                self._claims.put(change, value, commit.now)
            return committed

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`."""
        if len({commit.user for commit in commits}) != len(commits):
            raise ValueError("the users of one commit_many must differ")
        outcomes: list[Committed | SmartAlarmError] = []
        for commit in commits:
            try:
                outcomes.append(self.commit(commit))
            except SmartAlarmError as error:
                outcomes.append(error)
        return outcomes

    def _user_for(self, commit: Commit) -> UserData:
        data = self._users.get(commit.user)
        if commit.creates_user:
            if data is not None:
                raise user_exists()
            return UserData(commit.user)
        if data is None or data.is_erased:
            raise no_such_user()
        return data

    # -------------------------------------------------------------------------------------------- timers

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        with self._lock:
            return self._due.take(now=now, until=until, limit=limit)

    def release_handed(self) -> int:
        """See `Store.release_handed`."""
        with self._lock:
            return self._due.release()

    def timers(self, user: str) -> list[Timer]:
        """See `Store.timers`."""
        with self._lock:
            return self._due.of(user)

    def users_with_timers(self, purpose: str, *, after: str | None, limit: int) -> list[str]:
        """See `Store.users_with_timers`."""
        with self._lock:
            return [user for user in self._due.users(purpose) if after is None or user > after][:limit]

    # -------------------------------------------------------------------------------------------- claims

    def claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.claim`."""
        with self._lock:
            return self._claims.find(key, now)

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """See `Store.change_claim`."""
        value = claim_to_text(change)
        with self._lock:
            check_claim(change, self._claims.version(change.key, now))
            self._claims.put(change, value, now)
            return None if value is None else self._claims.stored(change.key)

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.take_claim`."""
        with self._lock:
            claim = self._claims.find(key, now)
            if claim is not None:
                self._claims.remove(key)
            return claim

    # -------------------------------------------------------------------------------------------- keeping house

    def erase(self, user: str) -> None:
        """See `Store.erase`."""
        with self._lock:
            spent = UserData(user)
            spent.is_erased = True
            self._users[user] = spent
            for timer in self._due.of(user):
                self._due.remove(user, timer.id)
            self._claims.remove_owned(user)

    def purge(self, *, now: datetime, limit: int) -> int:
        """See `Store.purge`."""
        with self._lock:
            expired = [
                (data, kind, document_id)
                for data in self._users.values()
                for (kind, document_id), row in data.rows.items()
                if row.expires_at is not None and row.expires_at <= now
            ][:limit]
            for data, kind, document_id in expired:
                data.drop(kind, document_id)
            claims = self._claims.purge(now=now, limit=limit)
        counters = self._counters.purge(now=now, limit=limit) if self._counters else 0
        return len(expired) + claims + counters

    def ping(self) -> None:
        """See `Store.ping`."""

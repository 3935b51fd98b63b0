"""Documents, timers and claims in dicts under one lock."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
from smartalarm.storage.jsontext import json_to_text, text_to_json
from smartalarm.storage.rules import check_claim, no_such_user, settle, user_exists


@dataclass(frozen=True, slots=True)
class _ClaimRow:
    owner: str
    text: str
    expires_at: datetime | None
    version: int

    def is_free(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class MemoryStore:
    """`Store` in memory. `counters` are the ones that `purge` cleans as well."""

    def __init__(self, counters: MemoryCounters | None = None) -> None:
        self._lock = threading.RLock()
        self._counters = counters
        self._users: dict[str, UserData] = {}
        self._due = DueIndex()
        self._claims: dict[str, _ClaimRow] = {}

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
                    change.key: claim.version
                    for change in commit.claims
                    if (claim := self._claims.get(change.key)) and not claim.is_free(commit.now)
                },
            )
            texts = documents_to_texts(committed.documents)
            claims = [(change, None if change.value is None else json_to_text(change.value)) for change in commit.claims]
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
                self._save_claim(change, value, commit.now)
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
            row = self._claims.get(key)
        if row is None or row.is_free(now):
            return None
        return Claim(key, row.owner, text_to_json(row.text), row.expires_at, row.version)

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """See `Store.change_claim`."""
        text = None if change.value is None else json_to_text(change.value)
        with self._lock:
            known = self.claim(change.key, now=now)
            check_claim(change, known.version if known else None)
            return self._save_claim(change, text, now)

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.take_claim`."""
        with self._lock:
            claim = self.claim(key, now=now)
            if claim is not None:
                del self._claims[key]
            return claim

    def _save_claim(self, change: ClaimChange, text: str | None, now: datetime) -> Claim | None:
        if text is None:
            self._claims.pop(change.key, None)
            return None
        row = self._claims.get(change.key)
        version = 1 if row is None or row.is_free(now) else row.version + 1
        self._claims[change.key] = _ClaimRow(change.owner, text, change.expires_at, version)
        return Claim(change.key, change.owner, text_to_json(text), change.expires_at, version)

    # -------------------------------------------------------------------------------------------- keeping house

    def erase(self, user: str) -> None:
        """See `Store.erase`."""
        with self._lock:
            spent = UserData(user)
            spent.is_erased = True
            self._users[user] = spent
            for timer in self._due.of(user):
                self._due.remove(user, timer.id)
            for key in [key for key, row in self._claims.items() if row.owner == user]:
                del self._claims[key]

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
            free = [key for key, row in self._claims.items() if row.is_free(now)][:limit]
            for key in free:
                del self._claims[key]
        counters = self._counters.purge(now=now, limit=limit) if self._counters else 0
        return len(expired) + len(free) + counters

    def ping(self) -> None:
        """See `Store.ping`."""

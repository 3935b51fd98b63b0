"""Documents, timers and claims in a SQL database: the port, put together from the modules beside this one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from smartalarm.adapters.sql import claims, documents, housekeeping, timers
from smartalarm.adapters.sql.batches import Batches
from smartalarm.adapters.sql.commits import Outcome, Prepared, prepare, run_commits
from smartalarm.adapters.sql.engine import Engine
from smartalarm.errors import SmartAlarmError, Unavailable
from smartalarm.ports import ChangePage, Claim, ClaimChange, Commit, Committed, Cursor, Document, Key, Page, Timer

_BATCH_SIZE = 200


class SqlStore:
    """`Store` on a SQL database whose tables exist (`migrations.migrate`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._batches: Batches[Prepared, Outcome] = Batches(
            self._run, size=_BATCH_SIZE, wait_seconds=2 * engine.limits.statement_seconds
        )

    # -------------------------------------------------------------------------------------------- documents

    def get(self, user: str, kind: str, document_id: str) -> Document:
        """See `Store.get`."""
        return documents.get_document(self._engine, user, kind, document_id)

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """See `Store.read`."""
        return documents.read_documents(self._engine, keys)

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
        return documents.page_of_documents(
            self._engine, user, kind, after=after, limit=limit, newest_first=newest_first, first=first, last=last
        )

    def list_many(self, users: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
        """See `Store.list_many`."""
        return documents.list_documents(self._engine, users, kinds)

    def count(self, user: str, kind: str) -> int:
        """See `Store.count`."""
        return documents.count_documents(self._engine, user, kind)

    def changes(self, user: str, since: Cursor, limit: int) -> ChangePage:
        """See `Store.changes`."""
        return documents.changed_documents(self._engine, user, since, limit)

    def seq(self, user: str) -> int:
        """See `Store.seq`."""
        return documents.seq_of(self._engine, user)

    # -------------------------------------------------------------------------------------------- commits

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        outcome = self._batches.submit(commit.user, prepare(commit))
        if isinstance(outcome, SmartAlarmError):
            raise outcome
        return outcome

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`."""
        if len({commit.user for commit in commits}) != len(commits):
            raise ValueError("the users of one commit_many must differ")
        return self._run([prepare(commit) for commit in commits]) if commits else []

    def _run(self, batch: Sequence[Prepared]) -> list[Outcome]:
        """All in one transaction; should it break over one of them (a text too long for its column), each in its own."""
        try:
            return self._engine.write(lambda connection, attempt: run_commits(connection, batch, attempt))
        except Unavailable as error:
            return [Unavailable(error.detail) for _ in batch]
        except SmartAlarmError as error:
            return [error] if len(batch) == 1 else [outcome for one in batch for outcome in self._run([one])]

    # -------------------------------------------------------------------------------------------- timers

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        return timers.take_due(self._engine, now=now, until=until, limit=limit)

    def release_handed(self) -> int:
        """See `Store.release_handed`."""
        return timers.release_handed(self._engine)

    def timers(self, user: str) -> list[Timer]:
        """See `Store.timers`."""
        return timers.timers_of(self._engine, user)

    def users_with_timers(self, purpose: str, *, after: str | None, limit: int) -> list[str]:
        """See `Store.users_with_timers`."""
        return timers.users_with_timers(self._engine, purpose, after=after, limit=limit)

    # -------------------------------------------------------------------------------------------- claims

    def claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.claim`."""
        return claims.get_claim(self._engine, key, now=now)

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """See `Store.change_claim`."""
        return claims.change_claim(self._engine, change, now=now)

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.take_claim`."""
        return claims.take_claim(self._engine, key, now=now)

    # -------------------------------------------------------------------------------------------- keeping house

    def erase(self, user: str) -> None:
        """See `Store.erase`."""
        housekeeping.erase_user(self._engine, user)

    def purge(self, *, now: datetime, limit: int) -> int:
        """See `Store.purge`."""
        return housekeeping.purge_expired(self._engine, now=now, limit=limit)

    def ping(self) -> None:
        """See `Store.ping`."""
        self._engine.read(lambda connection: connection.execute(_ANYTHING).first())


_ANYTHING = sa.text("SELECT 1 FROM users WHERE id = ''")  # as cheap as a read gets that still needs the tables

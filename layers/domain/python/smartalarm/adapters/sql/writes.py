"""The rows of settled commits: few statements for many users, each guarded and counted."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.claims import ClaimWrites
from smartalarm.adapters.sql.errors import Raced
from smartalarm.adapters.sql.known import Known
from smartalarm.adapters.sql.rows import instant_to_micros, optional_to_micros, timer_to_row
from smartalarm.adapters.sql.schema import documents, due_at_guard, timers
from smartalarm.ports import Commit, Document, order_key

_NEW_DOCUMENT = sa.insert(documents)
_CHANGED_DOCUMENT = (
    sa.update(documents)
    .where(
        documents.c.user_id == sa.bindparam("of_user"),
        documents.c.kind == sa.bindparam("of_kind"),
        documents.c.order_key == sa.bindparam("at_place"),
        documents.c.version == sa.bindparam("old_version"),
    )
    .values({name: sa.bindparam(name) for name in ("version", "seq", "is_deleted", "expires_at", "fields")})
)
_CLEAR = sa.delete(timers).where(timers.c.user_id == sa.bindparam("user"), timers.c.id == sa.bindparam("timer"))
_CLEAR_GUARDED = _CLEAR.where(due_at_guard == sa.bindparam("due_at"), timers.c.revision == sa.bindparam("revision"))
_SET = sa.insert(timers)


def one_or_many(rows: list[dict[str, Any]]) -> Any:
    """One row goes as itself: drivers have a slower way for many."""
    return rows[0] if len(rows) == 1 else rows


def write_documents(connection: sa.Connection, written: Sequence[tuple[Document, str]]) -> None:
    """Insert those at version 1, update the others from the version before. Raises Raced."""
    new = [_new_row(document, text) for document, text in written if document.version == 1]
    changed = [_changed_row(document, text) for document, text in written if document.version > 1]
    if new:
        connection.execute(_NEW_DOCUMENT, one_or_many(new))
    if changed:
        _expect(connection.execute(_CHANGED_DOCUMENT, one_or_many(changed)), len(changed))


def write_timers(connection: sa.Connection, commits: Sequence[Commit]) -> None:
    """Clear every timer that changes, the guarded ones by their guard, then set the new ones. Raises Raced."""
    guarded, cleared, new = [], [], []
    for commit in commits:
        for change in commit.timers:
            name = {"user": commit.user, "timer": change.id}
            if change.expected is None:
                cleared.append(name)
            else:
                due_at = instant_to_micros(change.expected.due_at)
                guarded.append({**name, "due_at": due_at, "revision": change.expected.revision})
            if change.timer is not None:
                new.append(timer_to_row(change.timer))
    if guarded:
        guarded.sort(key=_timer_name)
        _expect(connection.execute(_CLEAR_GUARDED, one_or_many(guarded)), len(guarded))
    if cleared:
        cleared.sort(key=_timer_name)
        connection.execute(_CLEAR, one_or_many(cleared))
    if new:
        connection.execute(_SET, one_or_many(new))


def write_claims(connection: sa.Connection, changed: Sequence[tuple[Commit, Sequence[str | None]]], known: Known) -> None:
    """Take, change and release the claims of each commit, given their values as text. Raises Raced."""
    writes = ClaimWrites()
    for commit, values in changed:
        for change, value in zip(commit.claims, values, strict=True):
            version = known.claims.get(commit.user, {}).get(change.key, 0)
            writes.add(change, value, version, now=commit.now, is_expired=change.key in known.expired_claims)
    writes.run(connection)


def _new_row(document: Document, text: str) -> dict[str, Any]:
    return {
        "user_id": document.user,
        "kind": document.kind,
        "order_key": order_key(document.id),
        "id": document.id,
        **_values(document, text),
    }


def _changed_row(document: Document, text: str) -> dict[str, Any]:
    return {
        "of_user": document.user,
        "of_kind": document.kind,
        "at_place": order_key(document.id),
        "old_version": document.version - 1,
        **_values(document, text),
    }


def _values(document: Document, text: str) -> dict[str, Any]:
    return {
        "version": document.version,
        "seq": document.seq,
        "is_deleted": int(document.deleted),
        "expires_at": optional_to_micros(document.expires_at),
        "fields": text,
    }


def _timer_name(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["user"], row["timer"]


def _expect(result: sa.CursorResult[Any], count: int) -> None:
    if result.rowcount != count:
        raise Raced

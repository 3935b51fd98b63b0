"""What is stored under the names a batch of commits touches: read from the tables, or believed from what they expect."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from smartalarm.adapters.sql.claims import read_claims
from smartalarm.adapters.sql.keys import KeyQuery
from smartalarm.adapters.sql.rows import micros_to_instant
from smartalarm.adapters.sql.schema import documents, timers
from smartalarm.ports import ClaimChange, Commit, order_key

_VERSIONS = KeyQuery(
    [documents.c.user_id, documents.c.kind, documents.c.order_key],
    lambda source, among: (
        sa.select(documents.c.user_id, documents.c.kind, documents.c.id, documents.c.version)
        .select_from(source)
        .where(among)
    ),
)
_GUARDS = KeyQuery(
    [timers.c.user_id, timers.c.id],
    lambda source, among: (
        sa.select(timers.c.user_id, timers.c.id, timers.c.due_at, timers.c.revision).select_from(source).where(among)
    ),
)


@dataclass(frozen=True, slots=True)
class Known:
    """Per user the versions, guards and claims as `storage.rules.settle` wants them; keys whose claim has expired."""

    versions: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    guards: dict[str, dict[str, tuple[datetime, int]]] = field(default_factory=dict)
    claims: dict[str, dict[str, int]] = field(default_factory=dict)
    expired_claims: set[str] = field(default_factory=set)


def learn(connection: sa.Connection, commits: Sequence[Commit], *, is_believing: bool) -> Known:
    """Everything about these commits; when believing, only what they leave open is read."""
    known = Known()
    _learn_versions(connection, commits, known, is_believing=is_believing)
    _learn_guards(connection, commits, known, is_believing=is_believing)
    _learn_claims(connection, commits, known, is_believing=is_believing)
    return known


def _learn_versions(connection: sa.Connection, commits: Sequence[Commit], known: Known, *, is_believing: bool) -> None:
    asked = []
    for commit in commits:
        for put in commit.writes:
            if is_believing and put.expected is not None:
                known.versions.setdefault(commit.user, {})[put.kind, put.id] = put.expected
            else:
                asked.append((commit.user, put.kind, order_key(put.id)))
    for user, kind, document_id, version in _VERSIONS.run(connection, asked):
        known.versions.setdefault(user, {})[kind, document_id] = version


def _learn_guards(connection: sa.Connection, commits: Sequence[Commit], known: Known, *, is_believing: bool) -> None:
    asked = []
    for commit in commits:
        for change in commit.timers:
            if change.expected is None:
                continue
            if is_believing:
                guard = (change.expected.due_at, change.expected.revision)
                known.guards.setdefault(commit.user, {})[change.id] = guard
            else:
                asked.append((commit.user, change.id))
    for user, timer_id, due_at, revision in _GUARDS.run(connection, asked):
        known.guards.setdefault(user, {})[timer_id] = (micros_to_instant(due_at), revision)


def _learn_claims(connection: sa.Connection, commits: Sequence[Commit], known: Known, *, is_believing: bool) -> None:
    asked: list[tuple[Commit, str]] = []
    for commit in commits:
        for change in commit.claims:
            if is_believing and change.expected is not None and not _writes_nothing(change):
                known.claims.setdefault(commit.user, {})[change.key] = change.expected
            else:
                asked.append((commit, change.key))
    if not asked:
        return
    stored = read_claims(connection, [key for _, key in asked], is_contended=not is_believing)
    for commit, key in asked:
        claim = stored.get(key)
        if claim is None:
            continue
        if claim.expires_at is not None and claim.expires_at <= commit.now:
            known.expired_claims.add(key)
        else:
            known.claims.setdefault(commit.user, {})[key] = claim.version


def _writes_nothing(change: ClaimChange) -> bool:
    """Releasing what must be free: no row would be counted, so a wrong belief would not show."""
    return change.value is None and change.expected == 0

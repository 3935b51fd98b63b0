"""A batch of commits in one transaction: lock the users, settle each commit, write what stands in few statements.

The first attempt believes what the commits expect and reads only what they leave open; every write is guarded and
counted, so a wrong belief shows (`Raced`, or a broken unique key) and the next attempt reads everything first. Users,
then timers, then claims are locked in the order of their keys, so that batches do not wait for each other in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.keys import KeyQuery
from smartalarm.adapters.sql.known import learn
from smartalarm.adapters.sql.schema import users
from smartalarm.adapters.sql.writes import one_or_many, write_claims, write_documents, write_timers
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Commit, Committed
from smartalarm.storage.jsontext import json_to_text
from smartalarm.storage.rules import no_such_user, settle, user_exists

Outcome = Committed | SmartAlarmError

_IS_HERE = (users.c.id == sa.bindparam("user"), users.c.is_erased == 0)
_RAISE = sa.update(users).where(*_IS_HERE).values(seq=users.c.seq + sa.bindparam("step"))
_RAISE_AND_TELL = _RAISE.returning(users.c.seq)
_SEQ = sa.select(users.c.seq).where(*_IS_HERE)
_SEQS = KeyQuery(
    [users.c.id],
    lambda source, among: sa.select(users.c.id, users.c.seq, users.c.is_erased).select_from(source).where(among),
)
_NEW_USER = sa.insert(users)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A commit with its JSON as text: made before the queue, because it may raise and takes the longest."""

    commit: Commit
    fields: tuple[str, ...]
    values: tuple[str | None, ...]


def prepare(commit: Commit) -> Prepared:
    """Raises ValueError or TypeError for what is not JSON."""
    return Prepared(
        commit,
        tuple(json_to_text(put.fields) for put in commit.writes),
        tuple(None if change.value is None else json_to_text(change.value) for change in commit.claims),
    )


def run_commits(connection: sa.Connection, batch: Sequence[Prepared], attempt: int) -> list[Outcome]:
    """The outcome of each; the users must differ. Raises Raced."""
    commits = [prepared.commit for prepared in batch]
    seqs = _lock(connection, commits)
    known = learn(connection, commits, is_believing=attempt == 0)
    outcomes: list[Outcome] = []
    standing: list[tuple[Prepared, Committed]] = []
    for prepared in batch:
        commit, user = prepared.commit, prepared.commit.user
        seq = seqs[user]
        if isinstance(seq, SmartAlarmError):
            outcomes.append(seq)
            continue
        try:
            committed = settle(
                commit,
                seq,
                versions=known.versions.get(user, {}),
                guards=known.guards.get(user, {}),
                claims=known.claims.get(user, {}),
            )
        except SmartAlarmError as error:
            outcomes.append(error)
            if commit.writes and not commit.creates_user:
                connection.execute(_RAISE, {"user": user, "step": -1})
            continue
        standing.append((prepared, committed))
        outcomes.append(committed)
    created = [{"id": p.commit.user, "seq": c.seq, "is_erased": 0} for p, c in standing if p.commit.creates_user]
    if created:
        connection.execute(_NEW_USER, one_or_many(created))
    write_documents(connection, [pair for p, c in standing for pair in zip(c.documents, p.fields, strict=True)])
    write_timers(connection, [prepared.commit for prepared, _ in standing])
    write_claims(connection, [(prepared.commit, prepared.values) for prepared, _ in standing], known)
    return outcomes


def _lock(connection: sa.Connection, commits: Sequence[Commit]) -> dict[str, int | SmartAlarmError]:
    """Raise and lock the seq of every user that gets documents; per user the seq before, or why there is none."""
    steps = {commit.user: 1 if commit.writes else 0 for commit in commits if not commit.creates_user}
    if len(steps) == len(commits) == 1:
        found = _lock_one(connection, *next(iter(steps.items())))
    else:
        found = _lock_many(connection, [commit.user for commit in commits], steps)
    for commit in commits:
        if commit.user not in found:
            found[commit.user] = 0 if commit.creates_user else no_such_user()
    return found


def _lock_one(connection: sa.Connection, user: str, step: int) -> dict[str, int | SmartAlarmError]:
    parameters: dict[str, Any] = {"user": user, "step": step}
    if connection.dialect.update_returning:
        seq = connection.execute(_RAISE_AND_TELL, parameters).scalar()
    else:
        connection.execute(_RAISE, parameters)
        seq = connection.execute(_SEQ, {"user": user}).scalar()
    return {} if seq is None else {user: seq - step}


def _lock_many(connection: sa.Connection, names: Sequence[str], steps: dict[str, int]) -> dict[str, int | SmartAlarmError]:
    if steps:
        connection.execute(_RAISE, [{"user": user, "step": step} for user, step in sorted(steps.items())])
    found: dict[str, int | SmartAlarmError] = {}
    for user, seq, is_erased in _SEQS.run(connection, ((name,) for name in names)):
        if user in steps:
            found[user] = no_such_user() if is_erased else seq - steps[user]
        else:
            found[user] = user_exists()
    return found

"""One commit as one transaction: what is read for it, its steps, and what a refusal means.

A user's root is read first, since the new seq is written into each document: one request, together with the documents and
claims whose version the caller does not care about (`expected=None`). All that was seen then stands as a condition in the
transaction. What the caller demanded and does not hold is a Conflict; what only we assumed is read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.claims import add_claim_change, claim_version
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import Raced, busy
from smartalarm.adapters.dynamo.rows import (
    CLAIM,
    ROOT,
    check_name,
    claim_key,
    document_sort_key,
    document_to_item,
    new_root,
    number,
    timer_sort_key,
    timer_to_item,
    user_key,
)
from smartalarm.adapters.dynamo.transaction import Transaction
from smartalarm.errors import Conflict, TooLarge
from smartalarm.ports import Commit, Committed
from smartalarm.storage.rules import lost_timer, no_such_user, settle, user_exists

MAX_TRANSACTION_BYTES = 4_000_000


def commit_to_table(table: Table, commit: Commit) -> Committed:
    """See `Store.commit`."""
    _check_shape(commit)
    for _ in table.patience.tries():
        seen = _look(table, commit)
        committed = settle(
            commit,
            seen.seq,
            versions=seen.versions,
            guards={c.id: (c.expected.due_at, c.expected.revision) for c in commit.timers if c.expected is not None},
            claims=seen.claims,
        )
        if not (commit.writes or commit.timers or commit.claims or commit.creates_user):
            return committed
        try:
            _transaction(table, commit, seen, committed).send()
        except Raced:
            continue
        return committed
    raise busy()


def _check_shape(commit: Commit) -> None:
    check_name(commit.user)
    for put in commit.writes:
        if "#" in put.kind:
            raise ValueError(f"a kind is a word, not {put.kind!r}")
        check_name(put.kind, put.id)
    for timer in commit.timers:
        check_name(timer.id)
    for claim in commit.claims:
        check_name(claim.key, claim.owner)


# ------------------------------------------------------------------------------------------------ what is read


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the transaction takes for granted. The caller's own expectations are taken as true: the conditions tell."""

    seq: int
    versions: dict[tuple[str, str], int]
    claims: dict[str, int]


def _look(table: Table, commit: Commit) -> _Seen:
    root = (user_key(commit.user), ROOT)
    keys = [] if commit.creates_user else [root]
    if not commit.creates_user:  # a new user has no documents yet
        keys += [(root[0], document_sort_key(put.kind, put.id)) for put in commit.writes if put.expected is None]
    keys += [(claim_key(c.key), CLAIM) for c in commit.claims if c.expected is None and c.value is not None]
    found = {(item["PK"]["S"], item["SK"]["S"]): item for item in table.get_many(keys)} if keys else {}
    seq = 0
    if not commit.creates_user:
        if "seq" not in found.get(root, {}):
            raise no_such_user()
        seq = int(found[root]["seq"]["N"])
    versions = {
        (put.kind, put.id): _version(found.get((root[0], document_sort_key(put.kind, put.id))))
        if put.expected is None
        else put.expected
        for put in commit.writes
    }
    claims = {
        change.key: claim_version(found.get((claim_key(change.key), CLAIM)), commit.now)
        if change.expected is None
        else change.expected
        for change in commit.claims
    }
    return _Seen(seq, versions, claims)


def _version(item: Item | None) -> int:
    return int(item["version"]["N"]) if item else 0


# ------------------------------------------------------------------------------------------------ what is written


def _transaction(table: Table, commit: Commit, seen: _Seen, committed: Committed) -> Transaction:
    transaction = Transaction(table)
    _add_root(transaction, table.shards, commit, seen.seq, committed.seq)
    _add_documents(transaction, commit, seen, committed)
    for change in commit.timers:
        guard, loss = (when.stands(t), lost_timer(t)) if (t := change.expected) else (None, None)
        if change.timer is None:
            transaction.delete(user_key(commit.user), timer_sort_key(change.id), guard, loss)
        else:
            transaction.put(timer_to_item(change.timer, table.shards), guard, loss)
    for claim in commit.claims:
        add_claim_change(transaction, claim, seen.claims[claim.key], commit.now)
    return transaction


def _add_root(transaction: Transaction, shards: int, commit: Commit, seen: int, seq: int) -> None:
    user = user_key(commit.user)
    if commit.creates_user:
        transaction.put(new_root(commit.user, seq, shards), when.is_absent(), user_exists())
    elif commit.writes:
        transaction.update(user, ROOT, [its.seq.set(number(seq))], when.is_at_seq(seen))
    else:
        transaction.check(user, ROOT, when.is_live_user())


def _add_documents(transaction: Transaction, commit: Commit, seen: _Seen, committed: Committed) -> None:
    size = 0
    for put, document in zip(commit.writes, committed.documents, strict=True):
        item = document_to_item(document)
        size += _written_bytes(item["fields"])
        loss = None if put.expected is None else Conflict("It was changed meanwhile", code="stale_version")
        transaction.put(item, when.is_at_version(seen.versions[(put.kind, put.id)]), loss)
    if size > MAX_TRANSACTION_BYTES:
        raise TooLarge("A commit holds at most 4 MB")


def _written_bytes(value: Mapping[str, Any]) -> int:
    return len(value["B"]) if "B" in value else len(value["S"].encode())

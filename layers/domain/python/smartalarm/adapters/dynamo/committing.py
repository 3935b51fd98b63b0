"""One commit as one transaction: what is read for it, its steps, and what a refusal means.

A user's root is read first, since the new seq is written into each document: one request, together with the documents and
claims whose version the caller does not care about (`expected=None`). All that was seen then stands as a condition in the
transaction. What the caller demanded and does not hold is a Conflict; what only we assumed is read again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.claims import claim_guard, claim_version
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Item, Step, Table, in_sending_order
from smartalarm.adapters.dynamo.failures import Cancelled, Reason, busy, refusal_to_error
from smartalarm.adapters.dynamo.rows import (
    CLAIM,
    ROOT,
    check_name,
    claim_key,
    claim_to_item,
    document_sort_key,
    document_to_item,
    mark_item,
    mark_sort_key,
    new_root,
    number,
    timer_sort_key,
    timer_to_item,
    user_key,
)
from smartalarm.errors import Conflict, SmartAlarmError, TooLarge
from smartalarm.ports import Claim, ClaimChange, Commit, Committed, TimerChange
from smartalarm.storage.rules import lost_claim, lost_timer, no_such_user, settle, user_exists

MAX_STEPS = 100
MAX_TRANSACTION_BYTES = 4_000_000
_ORDER_OF_LOSSES = ("user_exists", "lost_timer", "lost_claim", "stale_version")
_RACES = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")


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
        steps = in_sending_order(_steps(table, commit, seen, committed))
        if not (commit.writes or commit.timers or commit.claims or commit.creates_user):
            return committed
        try:
            table.transact(steps)
        except Cancelled as cancelled:
            _raise_loss(steps, cancelled)
        else:
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
        check_name(claim.key)


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


def _steps(table: Table, commit: Commit, seen: _Seen, committed: Committed) -> list[Step]:
    steps = [_root_step(table, commit, seen.seq, committed.seq)]
    steps += _document_steps(table, commit, seen, committed)
    steps += [_timer_step(table, commit.user, change) for change in commit.timers]
    for change in commit.claims:
        steps += _claim_steps(table, commit.user, change, seen.claims[change.key], commit.now)
    if len(steps) > MAX_STEPS:
        raise ValueError(f"a commit makes at most {MAX_STEPS} changes in all, not {len(steps)}")
    return steps


def _root_step(table: Table, commit: Commit, seen: int, seq: int) -> Step:
    user = user_key(commit.user)
    if commit.creates_user:
        return table.put_step(new_root(commit.user, seq, table.shards), when.is_absent(), user_exists())
    if commit.writes:
        return table.update_step(user, ROOT, [its.seq.set(number(seq))], when.is_at_seq(seen))
    return table.check_step(user, ROOT, when.is_live_user())


def _document_steps(table: Table, commit: Commit, seen: _Seen, committed: Committed) -> Iterable[Step]:
    size = 0
    for put, document in zip(commit.writes, committed.documents, strict=True):
        item = document_to_item(document)
        size += len(item["fields"]["S"].encode())
        loss = None if put.expected is None else Conflict("It was changed meanwhile", code="stale_version")
        yield table.put_step(item, when.is_at_version(seen.versions[(put.kind, put.id)]), loss)
    if size > MAX_TRANSACTION_BYTES:
        raise TooLarge("A commit holds at most 4 MB")


def _timer_step(table: Table, user: str, change: TimerChange) -> Step:
    guard = None if change.expected is None else when.stands(change.expected)
    loss = None if change.expected is None else lost_timer(change.expected)
    if change.timer is None:
        return table.delete_step(user_key(user), timer_sort_key(change.id), guard, loss)
    return table.put_step(timer_to_item(change.timer, table.shards), guard, loss)


def _claim_steps(table: Table, user: str, change: ClaimChange, version: int, now: datetime) -> Iterable[Step]:
    """Change a claim that is at `version` (0: free), and keep the mark of a lasting one beside its owner's data."""
    guard = claim_guard(version, now)
    loss = None if change.expected is None else lost_claim()
    if change.value is not None:
        claim = Claim(change.key, change.owner, change.value, change.expires_at, version + 1)
        yield table.put_step(claim_to_item(claim), guard, loss)
        if change.owner == user and change.expires_at is None:
            yield table.put_step(mark_item(user, change.key))
        return
    yield table.delete_step(claim_key(change.key), CLAIM, None if change.expected is None else guard, loss)
    if change.owner == user:
        yield table.delete_step(user_key(user), mark_sort_key(change.key))


# ------------------------------------------------------------------------------------------------ what a refusal means


def _raise_loss(steps: list[Step], cancelled: Cancelled) -> None:
    """Raise what is lost for good; return when reading again is right."""
    losses = []
    for step, reason in zip(steps, cancelled.reasons, strict=False):
        if reason is None or reason.code in _RACES:
            continue
        if reason.code != "ConditionalCheckFailed":
            raise _refusal(reason)
        if step.loss is not None:
            losses.append(step.loss)
    if losses:
        raise min(losses, key=lambda loss: _ORDER_OF_LOSSES.index(loss.code))


def _refusal(reason: Reason) -> SmartAlarmError:
    if reason.code == "ItemCollectionSizeLimitExceeded":
        return TooLarge("One user's data are over 10 GB")
    return refusal_to_error(reason.message)

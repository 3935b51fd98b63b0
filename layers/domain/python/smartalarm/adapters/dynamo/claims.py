"""Claims: one item each, changed under a condition, and a mark of the lasting ones beside their owner's data."""

from datetime import datetime

from pynamodb.expressions.condition import And, Condition

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import Raced, busy
from smartalarm.adapters.dynamo.rows import (
    CLAIM,
    check_name,
    claim_key,
    claim_to_item,
    instant_to_micros,
    is_name,
    item_to_claim,
    mark_item,
    mark_sort_key,
    user_key,
)
from smartalarm.adapters.dynamo.transaction import Transaction
from smartalarm.ports import Claim, ClaimChange
from smartalarm.storage.rules import lost_claim


def claim_version(item: Item | None, now: datetime) -> int:
    """The version of a claim that holds, else 0."""
    if item is None or ("expires_at" in item and int(item["expires_at"]["N"]) <= instant_to_micros(now)):
        return 0
    return int(item["version"]["N"])


def add_claim_change(transaction: Transaction, change: ClaimChange, version: int, now: datetime) -> Claim | None:
    """Add the change of a claim that is at `version` (0: free) to a transaction; gives the claim as it is then.

    The mark of a lasting claim lets `erase` find it without an index that lags.
    """
    guard, loss = _guard(version, now), None if change.expected is None else lost_claim()
    if change.value is None:
        transaction.delete(claim_key(change.key), CLAIM, None if change.expected is None else guard, loss)
        transaction.delete(user_key(change.owner), mark_sort_key(change.key))
        return None
    claim = Claim(change.key, change.owner, change.value, change.expires_at, version + 1)
    transaction.put(claim_to_item(claim), guard, loss)
    if change.expires_at is None:
        transaction.put(mark_item(change.owner, change.key))
    return claim


def read_claim(table: Table, key: str, now: datetime) -> Claim | None:
    """See `Store.claim`."""
    item = table.get(claim_key(key), CLAIM) if is_name(key) else None
    return item_to_claim(item) if item is not None and claim_version(item, now) else None


def change_claim(table: Table, change: ClaimChange, now: datetime) -> Claim | None:
    """See `Store.change_claim`.

    A transaction even for one item, because only that has a token: were an answer lost, the repetition of a conditional
    write would lose against itself, and a session that was just renewed would look stolen.
    """
    check_name(change.key, change.owner)
    for _ in table.patience.tries():
        version = change.expected
        if version is None:
            version = 0 if change.value is None else claim_version(table.get(claim_key(change.key), CLAIM), now)
        transaction = Transaction(table)
        claim = add_claim_change(transaction, change, version, now)
        try:
            transaction.send()
        except Raced:
            continue
        return claim
    raise busy()


def take_claim(table: Table, key: str, now: datetime) -> Claim | None:
    """See `Store.take_claim`."""
    for _ in table.patience.tries():
        claim = read_claim(table, key, now)
        if claim is None:
            return None
        transaction = Transaction(table)
        transaction.delete(claim_key(key), CLAIM, And(when.is_at_version(claim.version), when.is_owned_by(claim.owner)))
        if claim.expires_at is None:
            transaction.delete(user_key(claim.owner), mark_sort_key(key))
        try:
            transaction.send()
        except Raced:
            continue
        return claim
    raise busy()


def _guard(version: int, now: datetime) -> Condition:
    """The claim holds at this version; 0: it is free."""
    return And(when.holds(now), when.is_at_version(version)) if version else when.is_free(now)

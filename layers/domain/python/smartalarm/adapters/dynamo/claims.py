"""Claims outside a commit: one item each, changed under a condition."""

from datetime import datetime

from pynamodb.expressions.condition import And, Condition

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import ConditionFailed, busy
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
from smartalarm.ports import Claim, ClaimChange, JsonObject
from smartalarm.storage.rules import lost_claim


def claim_version(item: Item | None, now: datetime) -> int:
    """The version of a claim that holds, else 0."""
    if item is None or ("expires_at" in item and int(item["expires_at"]["N"]) <= instant_to_micros(now)):
        return 0
    return int(item["version"]["N"])


def claim_guard(version: int, now: datetime) -> Condition:
    """The claim holds at this version; 0: it is free."""
    return And(when.holds(now), when.is_at_version(version)) if version else when.is_free(now)


def read_claim(table: Table, key: str, now: datetime) -> Claim | None:
    """See `Store.claim`."""
    item = table.get(claim_key(key), CLAIM) if is_name(key) else None
    return item_to_claim(item) if item is not None and claim_version(item, now) else None


def take_claim(table: Table, key: str, now: datetime) -> Claim | None:
    """See `Store.take_claim`. The mark of a lasting one stays behind: without its claim it means nothing."""
    if not is_name(key):
        return None
    try:
        item = table.delete(claim_key(key), CLAIM, when.holds(now))
    except ConditionFailed:
        return None
    return item_to_claim(item) if item else None


def change_claim(table: Table, change: ClaimChange, now: datetime) -> Claim | None:
    """See `Store.change_claim`."""
    check_name(change.key)
    for _ in table.patience.tries():
        try:
            if change.value is not None:
                return _save(table, change, change.value, now)
            _release(table, change, now)
        except ConditionFailed:
            if change.expected is not None:
                raise lost_claim() from None
        else:
            return None
    raise busy()


def _save(table: Table, change: ClaimChange, value: JsonObject, now: datetime) -> Claim:
    version = change.expected
    if version is None:
        version = claim_version(table.get(claim_key(change.key), CLAIM), now)
    claim = Claim(change.key, change.owner, value, change.expires_at, version + 1)
    if change.expires_at is None:
        # The mark first: alone it does no harm, but a lasting claim without it might outlive its owner.
        table.put(mark_item(change.owner, change.key))
    table.put(claim_to_item(claim), claim_guard(version, now))
    return claim


def _release(table: Table, change: ClaimChange, now: datetime) -> None:
    guard = None if change.expected is None else claim_guard(change.expected, now)
    table.delete(claim_key(change.key), CLAIM, guard)
    table.delete(user_key(change.owner), mark_sort_key(change.key))

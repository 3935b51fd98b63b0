"""The due index: who has timers, and handing them over so that each goes to one caller only.

The index lags behind the table by moments. What it shows may be gone or moved already, so each row is taken by a condition
on the timer itself; what it does not show yet is found by the next look, since everything up to `until` is looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from heapq import merge
from itertools import chain, islice

from pynamodb.expressions.condition import And, Condition, Or

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import ConditionFailed
from smartalarm.adapters.dynamo.rows import (
    TIMERS,
    instant,
    item_to_timer,
    text,
    timer_sort_key,
    user_key,
    users_lookup,
)
from smartalarm.adapters.dynamo.table import BY_DUE, BY_LOOKUP
from smartalarm.ports import RETAKE_SECONDS, Timer

USERS_AT_ONCE = 64
MIN_PAGE = 100


def take_due(table: Table, now: datetime, until: datetime, limit: int) -> list[Timer]:
    """See `Store.take_due`.

    Each call signs what it takes: were an answer lost, the driver's repetition finds its own signature and succeeds.
    Otherwise nobody would have the timer until it is overdue.
    """
    taker = text(table.patience.entropy.token(9))
    back = instant(now - timedelta(seconds=RETAKE_SECONDS))
    is_free = Or(its.handed_at.does_not_exist(), And(its.handed_at < back, its.due_at < back))

    def take(timer: Timer) -> Timer | None:
        try:
            marked = table.update(
                user_key(timer.user),
                timer_sort_key(timer.id),
                [its.handed_at.set(instant(now)), its.taker.set(taker)],
                And(when.stands(timer), Or(is_free, its.taker == taker)),
            )
        except ConditionFailed:  # another caller has it, or a commit moved or cleared it
            return None
        return item_to_timer(marked)

    rows = _by_due(table, is_free, until, max(limit, MIN_PAGE))
    taken: list[Timer] = []
    while len(taken) < limit:
        candidates = [item_to_timer(item) for item in islice(rows, limit - len(taken))]
        if not candidates:
            break
        taken += [timer for timer in table.each(take, candidates) if timer is not None]
    return sorted(taken, key=lambda timer: (timer.due_at, timer.user, timer.id))


def release_handed(table: Table) -> int:
    """See `Store.release_handed`."""
    is_handed = its.handed_at.exists()

    def release(item: Item) -> bool:
        try:
            table.update(item["PK"]["S"], item["SK"]["S"], [its.handed_at.remove()], is_handed)
        except ConditionFailed:
            return False
        return True

    return sum(table.each(release, _by_due(table, is_handed, None, None)))


def read_timers(table: Table, user: str) -> list[Timer]:
    """See `Store.timers`."""
    timers = map(item_to_timer, table.query(user_key(user), when.starts_with(TIMERS)))
    return sorted(timers, key=lambda timer: (timer.due_at, timer.id))


def users_with_timers(table: Table, purpose: str, after: str | None, limit: int) -> list[str]:
    """See `Store.users_with_timers`. Walks the index of all users and asks for each: no timer pays for a second index."""
    is_wanted = its.purpose == text(purpose)
    beyond = None if after is None else its.pk > text(user_key(after))

    def users_of(shard: int) -> Iterator[Item]:
        lookup = users_lookup(shard)
        return table.query(lookup, beyond, index=BY_LOOKUP, page_size=max(limit, MIN_PAGE), consistent=False)

    def has_one(user: str) -> bool:
        return table.count(user_key(user), when.starts_with(TIMERS), is_wanted) > 0

    users = (item["PK"]["S"].partition("#")[2] for item in _merged(table, users_of, lambda item: item["PK"]["S"]))
    found: list[str] = []
    while len(found) < limit:
        candidates = list(islice(users, USERS_AT_ONCE))
        if not candidates:
            break
        found += [user for user, has in zip(candidates, table.each(has_one, candidates), strict=True) if has]
    return found[:limit]


def _by_due(table: Table, filter_by: Condition, until: datetime | None, page_size: int | None) -> Iterator[Item]:
    """The index's rows of all shards, the earliest first."""
    is_due = None if until is None else its.due_at <= instant(until)

    def rows_of(shard: int) -> Iterator[Item]:
        return table.query(str(shard), is_due, index=BY_DUE, filter_by=filter_by, page_size=page_size, consistent=False)

    return _merged(table, rows_of, lambda item: (int(item["due_at"]["N"]), item["PK"]["S"], item["SK"]["S"]))


def _merged(
    table: Table, rows_of: Callable[[int], Iterator[Item]], key: Callable[[Item], tuple[int, str, str] | str]
) -> Iterator[Item]:
    """The shards' sorted rows as one sorted stream; the first page of each is fetched side by side."""

    def begun(shard: int) -> Iterable[Item]:
        rows = rows_of(shard)
        return chain(list(islice(rows, 1)), rows)

    return iter(merge(*table.each(begun, range(table.shards)), key=key))

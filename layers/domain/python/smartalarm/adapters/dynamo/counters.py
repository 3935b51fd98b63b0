"""`Counters` on the table: one item per key, added to atomically while its window runs."""

from datetime import datetime, timedelta

from pynamodb.expressions.operand import Path

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import ConditionFailed, busy
from smartalarm.adapters.dynamo.rows import check_name, expiry, micros_to_instant, number
from smartalarm.ports import Count

_count, _ttl = Path("count"), Path("ttl")
_SORT_KEY = "count"


class DynamoCounters:
    """Fixed windows. A window's end is the item's expiry, so `DynamoStore.purge` and DynamoDB remove it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def hit(self, key: str, window_seconds: int, *, now: datetime) -> Count:
        """See `Counters.hit`."""
        check_name(key)
        for _ in self._table.patience.tries():
            try:
                return _item_to_count(
                    self._table.update(_hash_key(key), _SORT_KEY, [_count.add(number(1))], when.holds(now))
                )
            except ConditionFailed:  # no window runs
                pass
            end = expiry(now + timedelta(seconds=window_seconds))
            first = [_count.set(number(1)), its.expires_at.set(end["expires_at"]), _ttl.set(end["ttl"])]
            try:
                return _item_to_count(self._table.update(_hash_key(key), _SORT_KEY, first, when.is_free(now)))
            except ConditionFailed:  # another one has just begun it: count in its window
                continue
        raise busy()

    def clear(self, key: str) -> None:
        """See `Counters.clear`."""
        self._table.delete(_hash_key(key), _SORT_KEY)


def _hash_key(key: str) -> str:
    return f"n#{key}"


def _item_to_count(item: Item) -> Count:
    return Count(int(item["count"]["N"]), micros_to_instant(int(item["expires_at"]["N"])))

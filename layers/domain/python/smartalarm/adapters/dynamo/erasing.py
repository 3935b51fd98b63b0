"""Removing what is no longer wanted: all that a user owns, and what has expired."""

import threading
from collections import Counter
from datetime import datetime

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import ConditionFailed
from smartalarm.adapters.dynamo.rows import CLAIM, MARKS, ROOT, claim_key, owner_lookup, user_key
from smartalarm.adapters.dynamo.table import BY_LOOKUP

SCAN_PAGES = 16  # of 1 MB: what one call of `purge` may cost


def erase_user(table: Table, user: str) -> None:
    """See `Store.erase`. May be broken off anywhere and run again.

    The root is spent first, so that no commit adds anything behind our back. Lasting claims are known from their marks. For
    passing ones an index is asked that lags by moments: what it does not show yet dies by its own expiry.
    """
    owned = user_key(user)
    table.update(owned, ROOT, [its.spent.set({"BOOL": True}), its.seq.remove(), its.lookup.remove()])
    keys = [item["SK"]["S"] for item in table.query(owned)]
    claims = {claim_key(key.removeprefix(MARKS)) for key in keys if key.startswith(MARKS)}
    claims |= {item["PK"]["S"] for item in table.query(owner_lookup(user), index=BY_LOOKUP, consistent=False)}

    def drop(claim: str) -> None:
        try:
            table.delete(claim, CLAIM, when.is_owned_by(user))
        except ConditionFailed:  # gone, or somebody else's by now
            return

    table.each(drop, claims)
    table.delete_many((owned, key) for key in keys if key != ROOT)


class Purge:
    """Removes expired items. DynamoDB does so itself, within days and free of charge; this is for what must go sooner.

    There is no index by expiry, since each write would pay for it: a call reads a bounded part of the table and the next one
    goes on behind it.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._place: Item | None = None
        self._lock = threading.Lock()

    def __call__(self, now: datetime, limit: int) -> int:
        """See `Store.purge`."""
        is_over = when.has_expired(now)
        removed: Counter[str] = Counter()

        def drop(key: tuple[str, str]) -> str:
            try:
                self._table.delete(*key, is_over)
            except ConditionFailed:  # renewed meanwhile
                return ""
            return _sort_of(key)

        with self._lock:
            for _ in range(SCAN_PAGES):
                items, following = self._table.scan(is_over, ("PK", "SK"), self._place)
                room = {sort: limit - removed[sort] for sort in ("u", "c", "n")}
                wanted = []
                for item in items:
                    key = (item["PK"]["S"], item["SK"]["S"])
                    if room[_sort_of(key)] > 0:
                        room[_sort_of(key)] -= 1
                        wanted.append(key)
                removed.update(self._table.each(drop, wanted))
                if len(wanted) < len(items):  # a limit is reached: the next call reads this page again
                    break
                self._place = following
                if following is None:
                    break
        del removed[""]
        return removed.total()


def _sort_of(key: tuple[str, str]) -> str:
    """What an item with an expiry is, by the first letter of its hash key: a user's document, a claim, a counter."""
    return key[0][0]

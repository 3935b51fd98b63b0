"""`Store` on one DynamoDB table."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.claims import change_claim, read_claim, take_claim
from smartalarm.adapters.dynamo.committing import commit_to_table
from smartalarm.adapters.dynamo.conditions import its
from smartalarm.adapters.dynamo.driver import Table
from smartalarm.adapters.dynamo.due import read_timers, release_handed, take_due, users_with_timers
from smartalarm.adapters.dynamo.erasing import Purge, erase_user
from smartalarm.adapters.dynamo.rows import (
    DOCUMENTS,
    ROOT,
    change_place,
    change_place_to_cursor,
    document_sort_key,
    is_name,
    item_to_document,
    text,
    user_key,
)
from smartalarm.adapters.dynamo.table import BY_CHANGE
from smartalarm.errors import NotFound, SmartAlarmError
from smartalarm.ports import (
    ChangePage,
    Claim,
    ClaimChange,
    Commit,
    Committed,
    Cursor,
    Document,
    Key,
    Page,
    Timer,
    order_key,
)
from smartalarm.storage.cursors import cursor_to_place, place_to_cursor


class DynamoStore:
    """Documents, timers and claims in one table. Thread-safe, without state of its own but the place of `purge`."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._purge = Purge(table)

    # -------------------------------------------------------------------------------------------- documents

    def get(self, user: str, kind: str, document_id: str) -> Document:
        """See `Store.get`."""
        item = None
        if is_name(user, kind, document_id):
            item = self._table.get(user_key(user), document_sort_key(kind, document_id))
        if item is None or "deleted" in item:
            raise NotFound
        return item_to_document(item)

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """See `Store.read`."""
        wanted = [
            (user_key(key.user), document_sort_key(key.kind, key.id)) for key in keys if is_name(key.user, key.kind, key.id)
        ]
        documents = map(item_to_document, self._table.get_many(wanted))
        return {document.key: document for document in documents}

    def page(
        self,
        user: str,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 200,
        newest_first: bool = False,
        first: str | None = None,
        last: str | None = None,
    ) -> Page:
        """See `Store.page`."""
        place = None if after is None else cursor_to_place(kind, after)
        prefix = f"{DOCUMENTS}{kind}#"
        low, high = prefix + (first or ""), f"{DOCUMENTS}{kind}$" if last is None else prefix + last  # $ follows #
        if place is not None and newest_first:
            high = min(high, prefix + place)
        elif place is not None:
            low = max(low, prefix + place)
        if low > high or not is_name(user, low, high):
            return Page((), None)
        items = self._table.query(
            user_key(user),
            its.sk.between(text(low), text(high)),
            filter_by=when.is_live(),
            forward=not newest_first,
            page_size=limit + 2,
        )
        documents = map(item_to_document, items)  # both ends are inclusive, so the one of the cursor comes again
        found = list(islice((d for d in documents if place is None or order_key(d.id) != place), limit + 1))
        if len(found) <= limit:
            return Page(tuple(found), None)
        return Page(tuple(found[:limit]), place_to_cursor(kind, order_key(found[limit - 1].id)))

    def list_many(self, users: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
        """See `Store.list_many`."""
        asked = [(user, kind) for user in dict.fromkeys(users) for kind in sorted(set(kinds)) if is_name(user, kind)]
        found: dict[str, list[Document]] = {}
        for (user, _), documents in zip(asked, self._table.each(self._list, asked), strict=True):
            if documents:
                found.setdefault(user, []).extend(documents)
        return found

    def _list(self, asked: tuple[str, str]) -> list[Document]:
        user, kind = asked
        below = when.starts_with(f"{DOCUMENTS}{kind}#")
        return [item_to_document(item) for item in self._table.query(user_key(user), below, filter_by=when.is_live())]

    def count(self, user: str, kind: str) -> int:
        """See `Store.count`."""
        if not is_name(user, kind):
            return 0
        return self._table.count(user_key(user), when.starts_with(f"{DOCUMENTS}{kind}#"), when.is_live())

    def changes(self, user: str, since: Cursor, limit: int) -> ChangePage:
        """See `Store.changes`. The index gives the places, the table the documents.

        One written again between the two looks has left its place, so it is left out here: it follows later in the feed.
        """
        if not is_name(user):
            return ChangePage((), since, more=False)
        beyond = its.changed > text(change_place(since))
        rows = list(islice(self._table.query(user_key(user), beyond, index=BY_CHANGE, page_size=limit + 1), limit + 1))
        places = {row["changed"]["S"]: (row["PK"]["S"], row["SK"]["S"]) for row in rows[:limit]}
        items = {item["changed"]["S"]: item for item in self._table.get_many(places.values())} if places else {}
        documents = tuple(item_to_document(items[place]) for place in places if place in items)
        cursor = change_place_to_cursor(max(places)) if places else since
        return ChangePage(documents, cursor, more=len(rows) > limit or len(documents) < len(places))

    def seq(self, user: str) -> int:
        """See `Store.seq`."""
        root = self._table.get(user_key(user), ROOT) if is_name(user) else None
        return int(root["seq"]["N"]) if root and "seq" in root else 0

    # -------------------------------------------------------------------------------------------- commits

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        return commit_to_table(self._table, commit)

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`. Side by side, each in a thread."""
        if len({commit.user for commit in commits}) != len(commits):
            raise ValueError("the users of one commit_many must differ")
        return self._table.each(self._outcome, commits)

    def _outcome(self, commit: Commit) -> Committed | SmartAlarmError:
        try:
            return self.commit(commit)
        except SmartAlarmError as error:
            return error

    # -------------------------------------------------------------------------------------------- timers

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        return take_due(self._table, now, until, limit)

    def release_handed(self) -> int:
        """See `Store.release_handed`."""
        return release_handed(self._table)

    def timers(self, user: str) -> list[Timer]:
        """See `Store.timers`."""
        return read_timers(self._table, user) if is_name(user) else []

    def users_with_timers(self, purpose: str, *, after: str | None, limit: int) -> list[str]:
        """See `Store.users_with_timers`."""
        return users_with_timers(self._table, purpose, after, limit)

    # -------------------------------------------------------------------------------------------- claims

    def claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.claim`."""
        return read_claim(self._table, key, now)

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """See `Store.change_claim`."""
        return change_claim(self._table, change, now)

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """See `Store.take_claim`."""
        return take_claim(self._table, key, now)

    # -------------------------------------------------------------------------------------------- keeping house

    def erase(self, user: str) -> None:
        """See `Store.erase`."""
        erase_user(self._table, user)

    def purge(self, *, now: datetime, limit: int) -> int:
        """See `Store.purge`."""
        return self._purge(now, limit)

    def ping(self) -> None:
        """See `Store.ping`."""
        self._table.get("ping", "ping")

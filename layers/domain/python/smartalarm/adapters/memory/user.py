"""One user's data in memory: documents by name, the live ones in list order, and the change feed."""

from bisect import bisect_left, insort
from dataclasses import dataclass
from datetime import datetime

from smartalarm.ports import Cursor, Document, order_key
from smartalarm.storage.jsontext import json_to_text, text_to_json


@dataclass(frozen=True, slots=True)
class Row:
    """A document whose fields are text, so that no caller shares them."""

    version: int
    seq: int
    text: str
    deleted: bool
    expires_at: datetime | None


class UserData:
    """What one user owns. Not thread-safe: the store holds its lock."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq = 0
        self.is_erased = False
        self.rows: dict[tuple[str, str], Row] = {}
        self.lists: dict[str, list[tuple[str, str]]] = {}  # kind -> (order key, id) of what is live, sorted
        self.feed: list[tuple[int, str, str]] = []  # (seq, kind, id), sorted

    def document(self, kind: str, document_id: str) -> Document | None:
        """The document, a tombstone too, with fields of its own."""
        row = self.rows.get((kind, document_id))
        if row is None:
            return None
        fields = text_to_json(row.text)
        return Document(self.name, kind, document_id, row.version, row.seq, fields, row.deleted, row.expires_at)

    def save(self, document: Document, text: str) -> None:
        """Store it as it is, with its fields as text."""
        self.drop(document.kind, document.id)
        self.rows[(document.kind, document.id)] = Row(
            document.version, document.seq, text, document.deleted, document.expires_at
        )
        place = (document.seq, document.kind, document.id)
        if not self.feed or self.feed[-1] < place:
            self.feed.append(place)
        else:
            insort(self.feed, place)
        if not document.deleted:
            insort(self.lists.setdefault(document.kind, []), (order_key(document.id), document.id))

    def drop(self, kind: str, document_id: str) -> None:
        """Remove every trace of a document."""
        row = self.rows.pop((kind, document_id), None)
        if row is None:
            return
        del self.feed[bisect_left(self.feed, (row.seq, kind, document_id))]
        if not row.deleted:
            live = self.lists[kind]
            del live[bisect_left(live, (order_key(document_id), document_id))]

    def changes(self, since: Cursor, limit: int) -> tuple[list[Document], bool]:
        """At most `limit` documents after the cursor, and whether there are more."""
        start = bisect_left(self.feed, (since.seq, since.kind, since.id + "\0"))
        places = self.feed[start : start + limit]
        found = [self.document(kind, document_id) for _, kind, document_id in places]
        return [document for document in found if document is not None], len(self.feed) > start + limit

    def live(self, kind: str) -> list[Document]:
        """All live documents of the kind in list order."""
        return self.live_between(kind, first=None, last=None, after=None, limit=None, newest_first=False)

    def live_between(
        self, kind: str, *, first: str | None, last: str | None, after: str | None, limit: int | None, newest_first: bool
    ) -> list[Document]:
        """Live documents between two order keys (inclusive), going on after one (exclusive), at most `limit`."""
        places = self.lists.get(kind, [])
        low = 0 if first is None else bisect_left(places, (first,))
        high = len(places) if last is None else bisect_left(places, (last + "\0",))
        if after is not None and newest_first:
            high = min(high, bisect_left(places, (after,)))
        elif after is not None:
            low = max(low, bisect_left(places, (after + "\0",)))
        chosen = places[low:high]
        if newest_first:
            chosen.reverse()
        found = [self.document(kind, document_id) for _, document_id in chosen[:limit]]
        return [document for document in found if document is not None]


def documents_to_texts(documents: tuple[Document, ...]) -> list[str]:
    """The fields of each as text; done before anything is changed, because it may raise."""
    return [json_to_text(document.fields) for document in documents]

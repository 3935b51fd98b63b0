"""Everything a user owns as one JSON file (GDPR, article 20): what they wrote and what was recorded for them."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profile import MeView
from smartalarm.accounts.profiles import read_me
from smartalarm.instants import Instant
from smartalarm.ports import Clock, Cursor, Document, Store
from smartalarm.settings import Settings
from smartalarm.sleep.readable import readable

PAGE: Final = 500
MAX_PAGES: Final = 400
HIDDEN: Final = "(not exported)"


class ExportedDocument(BaseModel):
    """One stored thing. What was deleted lately is still kept, so it is here too and says so."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: int
    deleted: bool
    fields: dict[str, Any]


class ExportView(BaseModel):
    """The file. `documents` are grouped by kind: alarm, skip, occurrence with its ledger, device, sleep_session, ..."""

    model_config = ConfigDict(frozen=True)

    exported_at: Instant
    user: MeView
    documents: dict[str, list[ExportedDocument]]


class Export:
    """Writes the file."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def of(self, user: str) -> ExportView:
        """All documents of the user, read through the change feed, which has each of them whatever its kind.

        Raises NotFound(code="no_such_user").
        """
        me = read_me(self._store, user)
        found: dict[tuple[str, str], Document] = {}
        cursor = Cursor()
        for _ in range(MAX_PAGES):
            page = self._store.changes(user, cursor, PAGE)
            # One that is written meanwhile comes again, further on: the later one counts.
            found.update({(document.kind, document.id): document for document in page.items})
            cursor = page.cursor
            if not page.more:
                break
        documents: dict[str, list[ExportedDocument]] = {}
        now = self._clock.now()
        in_order = [document for _, document in sorted(found.items())]
        for document, fields in readable(in_order, self._settings, now):
            documents.setdefault(document.kind, []).append(_exported(document, fields))
        return ExportView(exported_at=now, user=me, documents=documents)


def _exported(document: Document, stored: Mapping[str, Any]) -> ExportedDocument:
    fields = {name: _masked(name, value) for name, value in stored.items()}
    return ExportedDocument(id=document.id, version=document.version, deleted=document.deleted, fields=fields)


def _masked(name: str, value: Any) -> Any:
    """The value, at any depth without what lets somebody send pushes: the endpoint's path is a secret as the keys are."""
    if isinstance(value, Mapping):
        if name == "push_subscription":
            return {"endpoint": f"https://{urlsplit(str(value.get('endpoint'))).netloc}/{HIDDEN}", "keys": HIDDEN}
        return {inner: _masked(inner, item) for inner, item in value.items()}
    if isinstance(value, list):
        return [_masked(name, item) for item in value]
    return value

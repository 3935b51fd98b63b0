"""From a stored document to what a pull shows of it. Pure: what is not named here never leaves the server."""

from datetime import datetime
from typing import Any, Final

from smartalarm.alarms.was_due import TOO_MANY
from smartalarm.errors import Gone
from smartalarm.ports import Document
from smartalarm.ringing.device import Device
from smartalarm.sync.changes import LIVE, OCCURRENCE_FIELDS, ChangeItem, DeletedChange
from smartalarm.sync.kinds import WRITABLE
from smartalarm.sync.stored import entity_of
from smartalarm.sync.ticking import WAS_DUE, clocks_of

READ_ONLY_FIELDS: Final = {"alarm": ("created_at", "updated_at"), "profile": ("email",)}


def document_to_item(document: Document) -> ChangeItem:
    """The item of a document whose kind is pulled."""
    shown = _fields(document)
    clocks = dict(clocks_of(document)) if document.kind in WRITABLE else {}
    known: dict[str, Any] = {"id": document.id, "version": document.version, "clocks": clocks, "fields": shown}
    if document.deleted:
        return DeletedChange(kind=document.kind, **known)
    return LIVE[document.kind](**known)


def is_shown(document: Document, *, oldest: str) -> bool:
    """Whether a pull gives it: no test pushes, no occurrence before the compact instant `oldest`, nothing internal."""
    if document.kind != "occurrence":
        return document.kind in LIVE
    return document.fields["alarm_id"] is not None and document.id.rpartition(":")[2] >= oldest


def taken_back(document: Document, now: datetime) -> list[str]:
    """Compact instants that an alarm named before and does not now. Raises Gone when it noted only that they are many."""
    noted: list[str] = document.fields.get(WAS_DUE, []) if document.kind == "alarm" else []
    if any(text.startswith(TOO_MANY) and text[1:] > f"{now:%Y%m%dT%H%M%SZ}" for text in noted):
        raise Gone("Too much has changed since this cursor. Pull from 0.", code="expired_cursor")
    return [text for text in noted if not text.startswith(TOO_MANY)]


def _fields(document: Document) -> dict[str, Any]:
    if document.kind == "occurrence":
        return {**{name: document.fields[name] for name in OCCURRENCE_FIELDS}, "status": None}
    shown = dict(entity_of(document).fields)
    shown |= {name: document.fields[name] for name in READ_ONLY_FIELDS.get(document.kind, ()) if name in document.fields}
    if document.kind == "device" and not document.deleted:
        device = Device.from_document(document)
        shown["push"] = "ok" if device.push_subscription else "lost" if device.push_lost_at else "none"
        shown["push_lost_at"] = document.fields.get("push_lost_at")
    return shown

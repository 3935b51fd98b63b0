"""Between rows and what the ports speak of: instants as integers, absent texts as NULL, JSON as text."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from smartalarm.adapters.sql.schema import claims, connections, documents, timers
from smartalarm.ports import Claim, Connection, Document, Timer
from smartalarm.storage.jsontext import text_to_json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

DOCUMENT_COLUMNS = (
    documents.c.user_id,
    documents.c.kind,
    documents.c.id,
    documents.c.version,
    documents.c.seq,
    documents.c.fields,
    documents.c.is_deleted,
    documents.c.expires_at,
)
TIMER_COLUMNS = (
    timers.c.id,
    timers.c.user_id,
    timers.c.due_at,
    timers.c.purpose,
    timers.c.subject,
    timers.c.revision,
    timers.c.set_at,
    timers.c.handed_at,
)
CLAIM_COLUMNS = (claims.c.key, claims.c.owner, claims.c.value, claims.c.expires_at, claims.c.version)
CONNECTION_COLUMNS = (
    connections.c.id,
    connections.c.user_id,
    connections.c.device_id,
    connections.c.opened_at,
    connections.c.host,
)


def instant_to_micros(instant: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def micros_to_instant(micros: int) -> datetime:
    """The aware UTC instant."""
    return _EPOCH + timedelta(microseconds=micros)


def optional_to_micros(instant: datetime | None) -> int | None:
    """The same for an instant that may be absent."""
    return None if instant is None else instant_to_micros(instant)


def row_to_document(row: Sequence[Any]) -> Document:
    """A row of DOCUMENT_COLUMNS."""
    user, kind, document_id, version, seq, fields, is_deleted, expires_at = row
    return Document(
        user, kind, document_id, version, seq, text_to_json(fields), bool(is_deleted), _micros_to_optional(expires_at)
    )


def row_to_timer(row: Sequence[Any]) -> Timer:
    """A row of TIMER_COLUMNS."""
    timer_id, user, due_at, purpose, subject, revision, set_at, handed_at = row
    return Timer(
        timer_id,
        user,
        micros_to_instant(due_at),
        purpose,
        subject or "",
        revision,
        micros_to_instant(set_at),
        _micros_to_optional(handed_at),
    )


def timer_to_row(timer: Timer) -> dict[str, Any]:
    """The values of an unhanded timer's row."""
    return {
        "user_id": timer.user,
        "id": timer.id,
        "due_at": instant_to_micros(timer.due_at),
        "purpose": timer.purpose,
        "subject": timer.subject or None,
        "revision": timer.revision,
        "set_at": instant_to_micros(timer.set_at),
        "handed_at": None,
    }


def row_to_claim(row: Sequence[Any]) -> Claim:
    """A row of CLAIM_COLUMNS."""
    key, owner, value, expires_at, version = row
    return Claim(key, owner or "", text_to_json(value), _micros_to_optional(expires_at), version)


def row_to_connection(row: Sequence[Any]) -> Connection:
    """A row of CONNECTION_COLUMNS."""
    connection_id, user, device_id, opened_at, host = row
    return Connection(connection_id, user, device_id, micros_to_instant(opened_at), host or "")


def _micros_to_optional(micros: int | None) -> datetime | None:
    return None if micros is None else micros_to_instant(micros)

"""Between an entity that is merged and the document that is stored of it.

A document has the entity's fields as fields and their clocks under `clocks`; `deleted` is the document's own mark. One that
still lacks required fields is kept as `incomplete`: to all but sync it is deleted. See docs/adr/0013.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from smartalarm.accounts.profile import Preferences
from smartalarm.alarms.alarm import AlarmFields
from smartalarm.ports import Document, JsonObject, Put
from smartalarm.ringing.device import NewDevice
from smartalarm.sync.clock import KEPT_FOR
from smartalarm.sync.kinds import WRITABLE
from smartalarm.sync.merge import DELETED, Entity
from smartalarm.sync.ticking import CLOCKS, INCOMPLETE, clocks_of

_WHOLE: Final[Mapping[str, type[BaseModel]]] = MappingProxyType(
    {"alarm": AlarmFields, "device": NewDevice, "settings": Preferences}
)
"""What a kind is when nothing is missing; its defaults fill what was never written."""


def is_incomplete(document: Document) -> bool:
    """Whether its entity still lacks required fields."""
    return document.fields.get(INCOMPLETE) is True


def entity_of(document: Document) -> Entity:
    """What sync knows of a document: the fields that a client may write, and their clocks."""
    names = WRITABLE[document.kind]
    fields = {name: document.fields[name] for name in names - {DELETED} if name in document.fields}
    if DELETED in names:
        fields[DELETED] = document.fields.get(DELETED, False) if is_incomplete(document) else document.deleted
    return Entity(fields, {name: clock for name, clock in clocks_of(document).items() if name in names})


def lacks(kind: str, entity: Entity) -> frozenset[str]:
    """The required fields that nobody wrote yet."""
    model = _WHOLE.get(kind)
    required = {name for name, field in model.model_fields.items() if field.is_required()} if model else set()
    return frozenset(required - entity.fields.keys())


def entity_to_put(kind: str, entity_id: str, entity: Entity, kept: JsonObject, *, expected: int, now: datetime) -> Put:
    """The write of an entity. `kept`: what the server keeps beside it, such as `created_at`.

    A tombstone and an incomplete one stay for 90 days from now.
    """
    clocks = {CLOCKS: dict(entity.clocks)}
    if lacks(kind, entity):
        fields = {**kept, **entity.fields, **clocks, INCOMPLETE: True}
        return Put(kind, entity_id, fields, deleted=True, expected=expected, expires_at=now + KEPT_FOR)
    own = _whole(kind, {name: value for name, value in entity.fields.items() if name != DELETED})
    expires_at = now + KEPT_FOR if entity.is_deleted else None
    return Put(
        kind, entity_id, {**kept, **own, **clocks}, deleted=entity.is_deleted, expected=expected, expires_at=expires_at
    )


def _whole(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the defaults of those that were never written."""
    model = _WHOLE.get(kind)
    return model.model_validate(fields).model_dump(mode="json") if model else fields

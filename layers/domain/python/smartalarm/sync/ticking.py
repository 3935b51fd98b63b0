"""The clocks of what the server itself writes: a REST write ticks past all that its document holds, so it always wins.

They lie beside the fields of a synced document, under names that no kind has as a field.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from smartalarm.ports import Document, JsonObject
from smartalarm.sync.clock import greatest, tick

CLOCKS: Final = "clocks"
"""Per field its clock. A field that has none is a default, and so is all in a document from before there were clocks."""

INCOMPLETE: Final = "incomplete"
"""True in a document whose entity still lacks required fields. It is stored as deleted, so nothing but sync sees it; what
was really written of `deleted` is then a field of it."""

WAS_DUE: Final = "was_due"
"""Beside an alarm's fields: instants that it named before and does not any more (alarms/was_due.py)."""

SERVER: Final = "server"
"""What the server calls itself in its clocks."""

_RESERVED: Final = frozenset({CLOCKS, INCOMPLETE, WAS_DUE})


def content_of(fields: JsonObject) -> dict[str, Any]:
    """A document's fields without what sync keeps beside them."""
    return {name: value for name, value in fields.items() if name not in _RESERVED}


def clocks_of(document: Document | None) -> Mapping[str, str]:
    """The clock of each field that has one; nothing for a document that does not exist."""
    clocks: Mapping[str, str] = document.fields.get(CLOCKS, {}) if document else {}
    return clocks


def ticked(known: Document | None, written: Iterable[str], now: datetime) -> dict[str, Any]:
    """What to put beside the fields of a document in which the server writes these: all clocks, theirs after all others."""
    clocks = clocks_of(known)
    clock = tick(SERVER, now=now, seen=greatest(clocks.values()))
    return {CLOCKS: {**clocks, **dict.fromkeys(written, clock)}}

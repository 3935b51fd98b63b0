"""Tellings: a socket message on its way to the process that holds the socket. Ids alone travel; that process reads the rest.

One payload of PostgreSQL's NOTIFY (less than 8000 bytes) carries some of them as compact JSON, one row each:

    [["ring", user, occurrence id, rung, connection id], ["stop", user, occurrence id, 0, connection id], ...]
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from smartalarm.errors import Malformed
from smartalarm.ports import Connection, JsonObject

MAX_PAYLOAD_BYTES: Final = 7_900
_ROW: Final = (str, str, str, int, str)


@dataclass(frozen=True, slots=True)
class Telling:
    """`connection_id`'s socket shall hear how the occurrence stands: that it rings (at this rung), or how it ended.

    Of a `poke` the occurrence's place holds the cursor.
    """

    kind: Literal["ring", "stop", "poke"]
    user: str
    occurrence_id: str
    rung: int
    connection_id: str


def message_to_telling(connection: Connection, message: JsonObject) -> Telling | None:
    """The ids of a `ring`, a `stop` or a `poke`; None for others, which answer the connection and never travel."""
    if message.get("type") == "ring":
        return Telling("ring", connection.user, message["occurrence"]["id"], message["rung"], connection.id)
    if message.get("type") == "stop":
        return Telling("stop", connection.user, message["occurrence_id"], 0, connection.id)
    if message.get("type") == "poke":
        return Telling("poke", connection.user, message["cursor"], 0, connection.id)
    return None


def tellings_to_payloads(tellings: Iterable[Telling]) -> list[tuple[str, list[int]]]:
    """Payloads of at most MAX_PAYLOAD_BYTES in order, and the places of the tellings that each carries."""
    payloads: list[tuple[str, list[int]]] = []
    rows: list[str] = []
    places: list[int] = []
    size = 0
    for place, telling in enumerate(tellings):
        row = json.dumps(
            [telling.kind, telling.user, telling.occurrence_id, telling.rung, telling.connection_id], separators=(",", ":")
        )
        if rows and size + len(row) + 3 > MAX_PAYLOAD_BYTES:
            payloads.append((f"[{','.join(rows)}]", places))
            rows, places, size = [], [], 0
        rows.append(row)
        places.append(place)
        size += len(row) + 1
    if rows:
        payloads.append((f"[{','.join(rows)}]", places))
    return payloads


def payload_to_tellings(text: str) -> list[Telling]:
    """What `tellings_to_payloads` wrote. Raises Malformed for anything else."""
    try:
        rows: Any = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise Malformed("A notice that is no list of tellings", code="notice")
    return [_row_to_telling(row) for row in rows]


def _row_to_telling(row: Any) -> Telling:
    if not isinstance(row, list) or tuple(map(type, row)) != _ROW or row[0] not in {"ring", "stop", "poke"}:
        raise Malformed("A notice with a row that is no telling", code="notice")
    kind, user, occurrence_id, rung, connection_id = cast("Sequence[Any]", row)
    return Telling(kind, user, occurrence_id, rung, connection_id)

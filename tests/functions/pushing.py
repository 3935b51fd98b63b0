"""What the tests of push need: mutations with clocks of their own time, and pushes."""

import json
from datetime import datetime
from itertools import count
from typing import Any, Final

from smartalarm import ports
from smartalarm.ports import Document, Key
from smartalarm.sync.clock import Stamp, unix_ms
from smartalarm.sync.merge import Entity
from smartalarm.sync.stored import entity_of
from tests.stage import Stage

ALARM: Final = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f"
DEVICE: Final = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60"
_numbers = count(1)


def clock_at(instant: datetime, client: str = "phone", counter: int = 0) -> str:
    """The clock of a write at this instant."""
    return str(Stamp(unix_ms(instant), counter, client))


def mutation(kind: str, entity_id: str, clock: str, mutation_id: str | None = None, **fields: Any) -> dict[str, Any]:
    """One mutation under an id of its own."""
    named = mutation_id or f"m{next(_numbers)}"
    return {"id": named, "kind": kind, "entity_id": entity_id, "fields": fields, "clock": clock}


def push(stage: Stage, *mutations: dict[str, Any]) -> list[dict[str, Any]]:
    """The outcomes of one push."""
    outcomes: list[dict[str, Any]] = stage.call("POST", "/sync/push", {"client_id": "phone", "mutations": list(mutations)})[
        "outcomes"
    ]
    return outcomes


def push_raw(stage: Stage, *mutations: str) -> list[dict[str, Any]]:
    """The same for mutations as JSON text."""
    body = f'{{"client_id": "phone", "mutations": [{",".join(mutations)}]}}'.encode()
    answer = stage.send("POST", "/sync/push", raw=body)
    assert answer.status == 200, answer.body
    outcomes: list[dict[str, Any]] = json.loads(answer.body)["outcomes"]
    return outcomes


def told(outcomes: list[dict[str, Any]]) -> list[str]:
    """What became of each: the outcome, or the code and the place of a refusal."""
    return [f"{o['code']} {o['pointer']}" if o["outcome"] == "rejected" else o["outcome"] for o in outcomes]


def stored(stage: Stage, user: str, kind: str, entity_id: str) -> Document | None:
    """The document as the store has it, tombstones included."""
    key = Key(user, kind, entity_id)
    return stage.injector.get(ports.Store).read([key]).get(key)


def written(document: Document) -> Entity:
    """What somebody wrote of it: its fields but the defaults, with their clocks."""
    entity = entity_of(document)
    return Entity({name: entity.fields[name] for name in entity.clocks}, dict(entity.clocks))

"""One user's synced things, as a server keeps them, reduced to what the pure parts do: the model that the tests push to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smartalarm.sync.clock import clamp_all, greatest
from smartalarm.sync.merge import Entity, apply
from smartalarm.sync.mutation import Mutation, Rejection, admit


@dataclass
class Space:
    """Entities by (kind, id), the answer to every mutation by its id, and how often each entity was stored."""

    entities: dict[tuple[str, str], Entity] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)

    def push(self, mutations: Sequence[Mutation], now: datetime) -> list[dict[str, Any]]:
        """The outcomes in order. Doubled ids are answered as before, and clocks are clamped once for the whole push."""
        admitted: dict[str, Mutation] = {}
        for mutation in mutations:
            if mutation.id in self.answers or mutation.id in admitted:
                continue
            match admit(mutation, now=now):
                case Rejection(code, pointer):
                    refused = {"outcome": "rejected", "clock": mutation.clock, "code": code, "pointer": pointer}
                    self.answers[mutation.id] = {"id": mutation.id, **refused}
                case Mutation() as good:
                    admitted[good.id] = good
        seen = greatest(self.entities.get((m.kind, m.entity_id), Entity()).greatest_clock for m in admitted.values())
        clocks = clamp_all([m.clock for m in admitted.values()], now=now, seen=seen)
        for mutation, clock in zip(admitted.values(), clocks, strict=True):
            key = mutation.kind, mutation.entity_id
            merged = apply(self.entities.get(key, Entity()), mutation.fields, clock)
            self.entities[key] = merged.entity
            self.versions[key] = self.versions.get(key, 0) + merged.is_changed
            self.answers[mutation.id] = {"id": mutation.id, "outcome": merged.outcome, "clock": clock}
        return [self.answers[mutation.id] for mutation in mutations]

    def snapshot(self) -> list[dict[str, Any]]:
        """All entities, sorted by kind and id, as JSON shows them."""
        return [
            {
                "kind": kind,
                "id": entity_id,
                "deleted": entity.is_deleted,
                "fields": dict(entity.fields),
                "clocks": dict(entity.clocks),
            }
            for (kind, entity_id), entity in sorted(self.entities.items())
        ]

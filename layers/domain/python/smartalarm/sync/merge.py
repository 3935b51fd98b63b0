"""The merge: per field the last writer wins, by its clock. Pure; its twin in TypeScript replays the same vectors.

An entity is a join semilattice: each field holds the greatest of all that was written to it, so any order, doubling and
repetition of the same writes ends the same (Shapiro et al., "Conflict-free Replicated Data Types", 2011). It never fails:
what it is given was admitted (mutation.py), so every value has a canonical form and every clock is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from smartalarm.sync.canonical import canonical_json, utf16_key
from smartalarm.sync.clock import greatest

DELETED: Final = "deleted"

MergeOutcome = Literal["applied", "merged", "superseded"]
"""All fields of the mutation won, some did, or none."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What is known of one synced thing: its fields, and the clock of each. A field without a clock is a default.

    A deleted entity (`deleted` is true) keeps its fields and clocks; writes go on being merged into it, and only
    `deleted: false` brings it back. The mappings are never changed.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_deleted(self) -> bool:
        """Whether it is a tombstone."""
        return self.fields.get(DELETED) is True

    @property
    def greatest_clock(self) -> str | None:
        """The latest of its clocks: a write that must win over all it holds ticks after this."""
        return greatest(self.clocks.values())


@dataclass(frozen=True, slots=True)
class Merged:
    """What a mutation made of an entity. `won`: its fields that stand now, sorted.

    `is_changed` is False when nothing is to be stored: the mutation was superseded, or all that stands stood before.
    """

    entity: Entity
    outcome: MergeOutcome
    won: tuple[str, ...]
    is_changed: bool


def merge(one: Entity, other: Entity) -> Entity:
    """The entity after all writes that either has seen. Commutative, associative and idempotent."""
    fields, clocks = dict(one.fields), dict(one.clocks)
    for name, value in other.fields.items():
        clock = other.clocks.get(name)
        if name not in fields or _is_greater(value, clock, fields[name], clocks.get(name)):
            fields[name] = value
            if clock is not None:
                clocks[name] = clock
    return Entity(fields, clocks)


def apply(entity: Entity, written: Mapping[str, Any], clock: str) -> Merged:
    """The entity after a mutation that wrote these fields (normalised values) at this (clamped) clock.

    A field of the mutation wins when it stands afterwards, also when the very same write stood there before.
    """
    after = merge(entity, Entity(written, dict.fromkeys(written, clock)))
    won = tuple(sorted(name for name in written if _stands(after, name, written[name], clock)))
    outcome: MergeOutcome = "superseded" if not won else "applied" if len(won) == len(written) else "merged"
    is_changed = any(not _stands(entity, name, written[name], clock) for name in won)
    return Merged(after, outcome, won, is_changed)


def _is_greater(value: Any, clock: str | None, than: Any, than_clock: str | None) -> bool:
    """Whether one write beats another: the later clock, then the greater canonical JSON. No clock is the earliest."""
    if clock != than_clock:
        return (clock or "") > (than_clock or "")
    return utf16_key(canonical_json(value)) > utf16_key(canonical_json(than))


def _stands(entity: Entity, name: str, value: Any, clock: str) -> bool:
    if name not in entity.fields or entity.clocks.get(name) != clock:
        return False
    return canonical_json(entity.fields[name]) == canonical_json(value)

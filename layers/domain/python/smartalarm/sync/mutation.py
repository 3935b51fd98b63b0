"""A mutation: one write of some fields of one entity at one clock, and what is refused before it is merged.

A refusal depends on the mutation alone (and `expired` on the time), so all refuse the same ones. Types and bounds of the
values are checked after this, by the kind's own model. The merge itself can then never fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from smartalarm.sync.canonical import NotCanonical, normalized, utf16_key
from smartalarm.sync.clock import is_expired
from smartalarm.sync.kinds import READ_ONLY, WRITABLE

RejectionCode = Literal[
    "unknown_kind", "read_only_kind", "invalid_clock", "expired", "no_fields", "unknown_field", "invalid_value", "quota"
]


@dataclass(frozen=True, slots=True)
class Mutation:
    """As a client sends it. `id` names the mutation itself: it is answered once, and the same for ever after."""

    id: str
    kind: str
    entity_id: str
    fields: Mapping[str, Any]
    clock: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a mutation is refused; `pointer` (RFC 6901) is into the mutation."""

    code: RejectionCode
    pointer: str


def admit(mutation: Mutation, *, now: datetime) -> Mutation | Rejection:
    """The mutation with its values normalised (see canonical.py), or the first reason against it.

    In this order: kind, clock, names of the fields, values; of several fields the first by its name's UTF-16 code units.
    """
    if rejection := _wrong_kind(mutation) or _wrong_clock(mutation, now) or _wrong_name(mutation):
        return rejection
    fields: dict[str, Any] = {}
    for name in sorted(mutation.fields, key=utf16_key):
        try:
            fields[name] = normalized(mutation.fields[name])
        except NotCanonical:
            return Rejection("invalid_value", _pointer(name))
    return replace(mutation, fields=fields)


def _wrong_kind(mutation: Mutation) -> Rejection | None:
    if mutation.kind in READ_ONLY:
        return Rejection("read_only_kind", "/kind")
    return None if mutation.kind in WRITABLE else Rejection("unknown_kind", "/kind")


def _wrong_clock(mutation: Mutation, now: datetime) -> Rejection | None:
    try:
        return Rejection("expired", "/clock") if is_expired(mutation.clock, now=now) else None
    except ValueError:
        return Rejection("invalid_clock", "/clock")


def _wrong_name(mutation: Mutation) -> Rejection | None:
    if not mutation.fields:
        return Rejection("no_fields", "/fields")
    unknown = mutation.fields.keys() - WRITABLE[mutation.kind]
    return Rejection("unknown_field", _pointer(min(unknown, key=utf16_key))) if unknown else None


def _pointer(name: str) -> str:
    return "/fields/" + name.replace("~", "~0").replace("/", "~1")

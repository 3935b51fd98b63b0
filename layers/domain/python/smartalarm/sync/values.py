"""The values of a mutation, checked by the models of its kind: what REST takes is what sync takes.

A value is kept as its model writes it, so that two spellings of one value are one: what is left out of a schedule has its
default. Like every refusal this depends on the mutation alone.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ValidationError

from smartalarm.accounts.profile import ME, Preferences, ProfileChange
from smartalarm.alarms.alarm import AlarmChange
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.change import ABSENT, Change
from smartalarm.http import validation_to_invalid
from smartalarm.ringing.device import Platform, PushSubscription, RingOn
from smartalarm.ringing.late_answers import LateAnswer
from smartalarm.sync.canonical import canonical_json, utf16_key
from smartalarm.sync.mutation import Mutation, Rejection
from smartalarm.text import Name, is_canonical_uuid

_ANSWER_ID: Final = re.compile(r"[A-Za-z0-9:_-]{1,100}")


class _AlarmWrite(AlarmChange):
    deleted: bool = ABSENT


class _DeviceWrite(Change):
    name: Name = ABSENT
    platform: Platform = ABSENT
    ring: RingOn = ABSENT
    push_subscription: PushSubscription | None = ABSENT
    deleted: bool = ABSENT


class _SkipWrite(Change):
    skipped: bool = ABSENT


_MODELS: Final[Mapping[str, type[BaseModel]]] = MappingProxyType(
    {
        "alarm": _AlarmWrite,
        "skip": _SkipWrite,
        "settings": Preferences,
        "profile": ProfileChange,
        "device": _DeviceWrite,
        "answer": LateAnswer,
    }
)


def with_checked_values(mutation: Mutation) -> Mutation | Rejection:
    """The admitted mutation with its values as they are kept, or the first reason against it: entity id, then fields."""
    if not _is_id(mutation.kind, mutation.entity_id):
        return Rejection("invalid_value", "/entity_id")
    model = _MODELS[mutation.kind]
    try:
        read = model.model_validate_json(canonical_json(mutation.fields), strict=True)
    except ValidationError as error:
        pointers = [found.pointer for found in validation_to_invalid(error, "/fields").errors]
        return Rejection("invalid_value", min(pointers, key=lambda pointer: utf16_key(pointer.split("/")[2])))
    written = read.model_dump(mode="json", include=set(mutation.fields))
    return replace(mutation, fields=written)


def _is_id(kind: str, text: str) -> bool:
    if kind in {"settings", "profile"}:
        return text == ME
    if kind == "answer":
        return _ANSWER_ID.fullmatch(text) is not None
    if kind == "skip":
        try:
            parse_occurrence_id(text)
        except ValueError:
            return False
        return True
    return is_canonical_uuid(text)

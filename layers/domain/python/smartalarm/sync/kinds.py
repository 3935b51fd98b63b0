"""The kinds of things that are synced, and the fields of each that a client may write."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from smartalarm.accounts.profile import Preferences, ProfileChange
from smartalarm.alarms.alarm import AlarmFields
from smartalarm.ringing.device import NewDevice
from smartalarm.sync.merge import DELETED

WRITABLE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "alarm": frozenset(AlarmFields.model_fields) | {DELETED},
        "skip": frozenset({"skipped"}),
        "settings": frozenset(Preferences.model_fields),
        "profile": frozenset(ProfileChange.model_fields) - {"settings"},  # a kind of its own here
        "device": frozenset(NewDevice.model_fields) | {DELETED},
        "answer": frozenset({"occurrence_id", "event", "ring", "at", "minutes"}),
    }
)
"""Per kind its fields, each replaced whole. `deleted` is a field where the thing can be deleted."""

READ_ONLY: Final = frozenset({"occurrence"})
"""Kinds that a pull gives and no push may write."""

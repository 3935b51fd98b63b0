"""What a pull answers: one item for each changed thing, with the fields a client knows it by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from smartalarm.accounts.profile import Preferences
from smartalarm.alarms.alarm import AlarmFields
from smartalarm.alarms.zone_tables import ZoneTable
from smartalarm.instants import Instant
from smartalarm.ringing.device import NewDevice
from smartalarm.ringing.occurrence import OccurrenceView

Clocks = dict[str, str]


def _as_it_is(fields: Any) -> Any:
    return fields


@dataclass(frozen=True)
class ShownAs:
    """Annotation of fields that are sent just as they are stored: the model that describes them in openapi.json."""

    model: type[BaseModel]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.json_or_python_schema(
            json_schema=handler.generate_schema(self.model),  # what openapi.json is made of; nobody reads these from JSON
            python_schema=core_schema.any_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(_as_it_is),
        )


class _Fields(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SyncedAlarm(AlarmFields):
    """An alarm's fields; the last two are read-only."""

    deleted: Literal[False]
    created_at: Instant
    updated_at: Instant


class SyncedSkip(_Fields):
    """Whether the occurrence with this id is left out."""

    skipped: bool


class SyncedProfile(_Fields):
    """The profile's fields; `email` is read-only."""

    name: str
    locale: str
    time_zone: str
    email: str


class SyncedDevice(NewDevice):
    """A device's fields; the last two are read-only. `push`: ok, none, or lost (subscribe again on that device)."""

    deleted: Literal[False]
    push: Literal["ok", "none", "lost"]
    push_lost_at: Instant | None


class SyncedOccurrence(_Fields):
    """An occurrence's fields. `status` is null for what has begun; a coming one says whether it will ring, or why not."""

    alarm_id: str
    label: str
    at: Instant
    local: str
    state: Literal["pending", "ringing", "snoozed", "skipped", "missed", "dismissed"]
    ring_count: int
    snoozed_until: Instant | None
    answered_by: str | None
    reason: str | None
    status: Literal["will_ring", "skipped"] | None


OCCURRENCE_FIELDS = tuple(name for name in OccurrenceView.model_fields if name not in {"id", "early"})


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    version: int
    clocks: Clocks


class DeletedChange(_Item):
    """It is gone, or not complete yet: nothing to show. Its clocks stay good for whoever brings it back."""

    kind: Literal["alarm", "skip", "settings", "profile", "device", "occurrence"]
    deleted: Literal[True] = True
    fields: dict[str, Any]


class _Live(_Item):
    deleted: Literal[False] = False


class AlarmUpdate(_Live):
    """An alarm as it is now."""

    kind: Literal["alarm"] = "alarm"
    fields: Annotated[Mapping[str, Any], ShownAs(SyncedAlarm)]


class SkipUpdate(_Live):
    """A skip as it is now; its id is the occurrence's."""

    kind: Literal["skip"] = "skip"
    fields: Annotated[Mapping[str, Any], ShownAs(SyncedSkip)]


class SettingsUpdate(_Live):
    """The settings as they are now."""

    kind: Literal["settings"] = "settings"
    fields: Annotated[Mapping[str, Any], ShownAs(Preferences)]


class ProfileUpdate(_Live):
    """The profile as it is now."""

    kind: Literal["profile"] = "profile"
    fields: Annotated[Mapping[str, Any], ShownAs(SyncedProfile)]


class DeviceUpdate(_Live):
    """A device as it is now."""

    kind: Literal["device"] = "device"
    fields: Annotated[Mapping[str, Any], ShownAs(SyncedDevice)]


class OccurrenceUpdate(_Live):
    """An occurrence: what became of it, or (version 0) one to come."""

    kind: Literal["occurrence"] = "occurrence"
    fields: Annotated[Mapping[str, Any], ShownAs(SyncedOccurrence)]


LiveItem = AlarmUpdate | SkipUpdate | SettingsUpdate | ProfileUpdate | DeviceUpdate | OccurrenceUpdate
ChangeItem = DeletedChange | LiveItem

LIVE: Mapping[str, type[LiveItem]] = {
    "alarm": AlarmUpdate,
    "skip": SkipUpdate,
    "settings": SettingsUpdate,
    "profile": ProfileUpdate,
    "device": DeviceUpdate,
    "occurrence": OccurrenceUpdate,
}


class PullAnswer(BaseModel):
    """Changes after the cursor, in order: a later item about the same (kind, id) replaces an earlier one.

    What has left the window (stored occurrences of more than 14 days ago, coming ones whose instant passed) is not told as
    deleted: forget it by yourself.
    """

    model_config = ConfigDict(frozen=True)

    changes: list[ChangeItem]
    cursor: str = Field(description="Ask with it next time. Opaque, and good for 90 days.")
    more: bool = Field(description="Ask again at once. A page may be empty and still say so.")
    zones: dict[str, ZoneTable] = Field(
        description="Offset tables by zone name, each replacing the one known: [[until_ms, offset_s], ...], ascending. "
        "Before until_ms clocks show UTC plus offset_s seconds. The last entry ends at the table's horizon, two years ahead."
    )
    server_time: Instant

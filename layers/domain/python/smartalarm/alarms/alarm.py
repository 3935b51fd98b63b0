"""The alarm: what a person sets, and the three shapes it has on the wire (NewAlarm, AlarmChange, AlarmView)."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from smartalarm.alarms.preview import PreviewItem
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.zones import ZoneName
from smartalarm.change import ABSENT, Change
from smartalarm.instants import Instant
from smartalarm.ports import Document, JsonObject
from smartalarm.sync.ticking import content_of
from smartalarm.text import Label, LongText, Tag, UuidText

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")]


class Part(BaseModel):
    """Base of everything here: frozen, and nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Snooze(Part):
    """How long a snooze lasts, and how many a ring allows. A limit of 0 offers dismiss alone."""

    minutes: Annotated[int, Field(ge=1, le=120)] = 9
    limit: Annotated[int, Field(ge=0, le=50)] = 3


class Ring(Part):
    """How it rings, and for how long before it counts as missed."""

    sound: Slug = "sunrise"
    ramp_seconds: Annotated[int, Field(ge=0, le=600)] = 60
    vibrate: bool = True
    challenge: Literal["none", "math", "hold", "shake", "memory"] = "none"
    timeout_minutes: Annotated[int, Field(ge=1, le=60)] = 10


SmartWakeMinutes = Annotated[int, Field(ge=0, le=90, description="0 is off")]
Tags = Annotated[tuple[Tag, ...], Field(max_length=20)]
Priority = Literal["low", "normal", "high", "critical"]


class AlarmFields(Part):
    """What a person may say of an alarm; only label and schedule must be said."""

    label: Label
    enabled: bool = True
    schedule: Schedule
    time_zone: ZoneName | None = None
    smart_wake_minutes: SmartWakeMinutes = 0
    snooze: Snooze = Snooze()
    ring: Ring = Ring()
    category: Slug = "other"
    priority: Priority = "normal"
    instructions: LongText = ""
    tags: Tags = ()


class Alarm(AlarmFields):
    """One alarm as its owner keeps it: wall time and zone, never only an instant (the time contract)."""

    id: str
    created_at: Instant
    updated_at: Instant

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored alarm. What was checked on the way in is not checked again beyond its shape."""
        return cls.from_fields(document.id, document.fields)

    @classmethod
    def from_fields(cls, alarm_id: str, fields: JsonObject) -> Self:
        """The same from what is, or is to be, stored."""
        return cls.model_validate({"id": alarm_id, **content_of(fields)})

    def to_fields(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return self.model_dump(mode="json", exclude={"id"})


class NewAlarm(AlarmFields):
    """An alarm to be made. The client may choose the id."""

    id: UuidText | None = None

    def to_alarm(self, alarm_id: str, now: datetime) -> Alarm:
        """The alarm this becomes."""
        given = {name: getattr(self, name) for name in AlarmFields.model_fields}
        return Alarm(id=alarm_id, created_at=now, updated_at=now, **given)


class AlarmChange(Change):
    """Some top-level fields, each replaced whole."""

    label: Label = ABSENT
    enabled: bool = ABSENT
    schedule: Schedule = ABSENT
    time_zone: ZoneName | None = ABSENT
    smart_wake_minutes: SmartWakeMinutes = ABSENT
    snooze: Snooze = ABSENT
    ring: Ring = ABSENT
    category: Slug = ABSENT
    priority: Priority = ABSENT
    instructions: LongText = ABSENT
    tags: Tags = ABSENT

    def apply_to(self, alarm: Alarm, now: datetime) -> Alarm:
        """The alarm with these fields replaced."""
        return alarm.model_copy(update={**self.given(), "updated_at": now})


class AlarmView(Part):
    """An alarm as the API shows it; `next` and what follows are read-only."""

    id: str
    label: str
    enabled: bool
    schedule: Schedule
    time_zone: str | None
    smart_wake_minutes: int
    snooze: Snooze
    ring: Ring
    category: str
    priority: Priority
    instructions: str
    tags: tuple[str, ...]
    next: PreviewItem | None
    version: int
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, alarm: Alarm, version: int, upcoming: PreviewItem | None) -> Self:
        """The view of an alarm whose next occurrence is known."""
        own = {name: getattr(alarm, name) for name in Alarm.model_fields}
        return cls(**own, next=upcoming, version=version)

"""What a client sends to look ahead, and to name one occurrence."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.alarms.alarm import NewAlarm
from smartalarm.instants import Instant
from smartalarm.paging import InDigits
from smartalarm.text import OccurrenceIdText

Count = Annotated[int, Field(ge=1, le=100, description="How many occurrences at most."), InDigits]


class PreviewRequest(BaseModel):
    """An alarm that is not saved, from when on to look (default now), and how far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alarm: NewAlarm
    from_at: Annotated[Instant | None, Field(alias="from")] = None
    count: Count = 10


class NamedOccurrence(BaseModel):
    """One occurrence of the alarm in the path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurrence_id: Annotated[OccurrenceIdText, Field(min_length=1, max_length=100)]

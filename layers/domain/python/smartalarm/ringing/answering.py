"""What a client sends to answer a ring. `device_id` says which device answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.instants import Instant
from smartalarm.text import UuidText

SnoozeMinutes = Annotated[int, Field(ge=1, le=120)]


class DismissAnswer(BaseModel):
    """Settle it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device_id: UuidText | None = None


class SnoozeAnswer(DismissAnswer):
    """Ring again after so many minutes; without, the alarm's own."""

    minutes: SnoozeMinutes | None = None


class Acknowledgement(DismissAnswer):
    """A device showed or sounded the ring; `at` is that device's own clock."""

    event: Literal["shown", "heard"]
    at: Instant | None = None

"""What a person sees of the coming occurrences: those that will ring and those that are skipped, with the reason."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from smartalarm.alarms.occurrence import Occurrence, occurrence_id
from smartalarm.alarms.occurrences import occurrences
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.suppressions import Suppression, first_skip
from smartalarm.instants import Instant


class PreviewItem(BaseModel):
    """One coming occurrence. `local` is RFC 3339 in the alarm's zone, "2026-12-01T07:00:00+01:00"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    at: Instant
    local: str
    status: Literal["will_ring", "skipped"] = "will_ring"
    reason: str | None = None

    @classmethod
    def of(cls, alarm_id: str, occurrence: Occurrence, reason: str | None = None) -> "PreviewItem":
        """The item of one occurrence; with a reason it is a skipped one."""
        return cls(
            id=occurrence_id(alarm_id, occurrence.at),
            at=occurrence.at,
            local=occurrence.local.isoformat(),
            status="will_ring" if reason is None else "skipped",
            reason=reason,
        )


def preview(
    alarm_id: str,
    schedule: Schedule,
    zone: ZoneInfo,
    from_at: datetime,
    count: int,
    suppressions: Sequence[Suppression] = (),
) -> list[PreviewItem]:
    """The first `count` occurrences at or after `from_at` (aware), the skipped ones among them, with the reason."""
    items = []
    for occurrence in islice(occurrences(schedule, zone, from_at), count):
        skip = first_skip(occurrence, suppressions)
        items.append(PreviewItem.of(alarm_id, occurrence, skip.reason if skip else None))
    return items

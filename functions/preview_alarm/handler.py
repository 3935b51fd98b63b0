"""GET /api/v1/alarms/{id}/occurrences: when a saved alarm will ring, and what is skipped and why."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarms import Alarms, Preview
from smartalarm.alarms.previewing import Count
from smartalarm.function import endpoint, entrypoints
from smartalarm.instants import Instant


@endpoint("GET", "/api/v1/alarms/{alarm_id}/occurrences")
def preview_alarm(
    alarm_id: str,
    user: CurrentUser,
    from_at: Annotated[Instant | None, Field(alias="from")] = None,
    count: Count = 10,
    *,
    alarms: Alarms,
) -> Preview:
    """Preview an alarm's coming occurrences."""
    return alarms.preview(user.id, alarm_id.lower(), from_at=from_at, count=count)


aws, gcp, oci = entrypoints(preview_alarm)

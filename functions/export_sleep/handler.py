"""GET /api/v1/sleep/export: all that is stored of the user's nights, as one JSON file."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply
from smartalarm.paging import After, InDigits
from smartalarm.sleep.session_views import SleepExport
from smartalarm.sleep.sessions import SleepSessions

Nights = Annotated[int, Field(ge=1, le=200, description="How many nights at most."), InDigits]


@endpoint("GET", "/api/v1/sleep/export", timeout_seconds=29, memory_mb=1024)
def export_sleep(
    user: CurrentUser, limit: Nights = 200, after: After = None, *, sessions: SleepSessions
) -> Reply[SleepExport]:
    """Download your recorded nights as one JSON file."""
    file = sessions.export(user.id, after=after, limit=limit)
    name = f"smartalarm-sleep-{file.exported_at:%Y-%m-%d}.json"
    return Reply(file, headers={"content-disposition": f'attachment; filename="{name}"'})


aws, gcp, oci = entrypoints(export_sleep)

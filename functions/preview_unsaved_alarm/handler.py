"""POST /api/v1/alarms/preview: when an alarm would ring; nothing is stored."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarms import Alarms, Preview
from smartalarm.alarms.previewing import PreviewRequest
from smartalarm.function import endpoint, entrypoints


@endpoint("POST", "/api/v1/alarms/preview")
def preview_unsaved_alarm(body: PreviewRequest, user: CurrentUser, *, alarms: Alarms) -> Preview:
    """Preview an alarm that is not saved."""
    return alarms.preview_unsaved(user.id, body.alarm, from_at=body.from_at, count=body.count)


aws, gcp, oci = entrypoints(preview_unsaved_alarm)

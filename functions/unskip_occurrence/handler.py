"""POST /api/v1/alarms/{id}/unskip: take a skip back."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.preview import PreviewItem
from smartalarm.alarms.previewing import NamedOccurrence
from smartalarm.alarms.skips import Skips
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints


@endpoint("POST", "/api/v1/alarms/{alarm_id}/unskip", errors=(Conflict,))
def unskip_occurrence(alarm_id: str, body: NamedOccurrence, user: CurrentUser, *, skips: Skips) -> PreviewItem:
    """Take a skip back."""
    return skips.set(user.id, alarm_id.lower(), body.occurrence_id, is_skipped=False)


aws, gcp, oci = entrypoints(unskip_occurrence)

"""POST /api/v1/alarms/{id}/skip: leave out one coming occurrence."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.preview import PreviewItem
from smartalarm.alarms.previewing import NamedOccurrence
from smartalarm.alarms.skips import Skips
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints


@endpoint("POST", "/api/v1/alarms/{alarm_id}/skip", errors=(Conflict,))
def skip_occurrence(alarm_id: str, body: NamedOccurrence, user: CurrentUser, *, skips: Skips) -> PreviewItem:
    """Leave out one coming occurrence."""
    return skips.set(user.id, alarm_id.lower(), body.occurrence_id, is_skipped=True)


aws, gcp, oci = entrypoints(skip_occurrence)

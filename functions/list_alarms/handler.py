"""GET /api/v1/alarms: the signed-in user's alarms, page by page."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarms import AlarmPage, Alarms
from smartalarm.function import endpoint, entrypoints
from smartalarm.paging import After, Limit


@endpoint("GET", "/api/v1/alarms")
def list_alarms(user: CurrentUser, limit: Limit = 50, after: After = None, *, alarms: Alarms) -> AlarmPage:
    """List alarms, each with its next ring."""
    return alarms.page(user.id, after=after, limit=limit)


aws, gcp, oci = entrypoints(list_alarms)

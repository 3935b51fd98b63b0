"""GET /api/v1/sync/pull: what changed since a cursor, coming occurrences and zone tables included."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Gone
from smartalarm.function import endpoint, entrypoints
from smartalarm.sync.changes import PullAnswer
from smartalarm.sync.pull import Pull
from smartalarm.sync.pull_query import AskedZones, PullLimit


@endpoint("GET", "/api/v1/sync/pull", errors=(Gone,))
def pull_changes(
    user: CurrentUser,
    cursor: Annotated[str, Field(description="The `cursor` of the pull before; 0 is the start.")] = "0",
    limit: PullLimit = 200,
    zone: AskedZones = "",
    *,
    pull: Pull,
) -> PullAnswer:
    """Pull what changed.

    After 410 Gone the client drops what it pulled, keeps what it has not sent yet, and pulls from 0.
    """
    return pull.page(user.id, cursor, limit, zone.split(",") if zone else ())


aws, gcp, oci = entrypoints(pull_changes)

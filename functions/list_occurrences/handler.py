"""GET /api/v1/occurrences: what rang, was skipped or missed, newest first."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.instants import Instant
from smartalarm.paging import After, Limit
from smartalarm.ringing.history import History, OccurrencePage
from smartalarm.ringing.occurrence import State
from smartalarm.text import UuidText


@endpoint("GET", "/api/v1/occurrences")
def list_occurrences(
    user: CurrentUser,
    from_at: Annotated[Instant | None, Field(alias="from")] = None,
    to_at: Annotated[Instant | None, Field(alias="to")] = None,
    alarm_id: UuidText | None = None,
    state: State | None = None,
    limit: Limit = 50,
    after: After = None,
    *,
    history: History,
) -> OccurrencePage:
    """List past and ringing occurrences."""
    return history.page(user.id, from_at=from_at, to_at=to_at, alarm_id=alarm_id, state=state, after=after, limit=limit)


aws, gcp, oci = entrypoints(list_occurrences)

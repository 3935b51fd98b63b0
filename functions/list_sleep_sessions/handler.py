"""GET /api/v1/sleep/sessions: the recorded nights, newest first."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.instants import Instant
from smartalarm.paging import After, Limit
from smartalarm.sleep.session_views import SleepSessionPage
from smartalarm.sleep.sessions import SleepSessions


@endpoint("GET", "/api/v1/sleep/sessions")
def list_sleep_sessions(
    user: CurrentUser,
    from_at: Annotated[Instant | None, Field(alias="from", description="Nights that begin then or later.")] = None,
    to_at: Annotated[Instant | None, Field(alias="to", description="Nights that begin then or earlier.")] = None,
    limit: Limit = 50,
    after: After = None,
    *,
    sessions: SleepSessions,
) -> SleepSessionPage:
    """List recorded nights.

    One that is `abandoned` waits to be finished; whoever sees it first may do so.
    """
    return sessions.page(user.id, from_at=from_at, to_at=to_at, after=after, limit=limit)


aws, gcp, oci = entrypoints(list_sleep_sessions)

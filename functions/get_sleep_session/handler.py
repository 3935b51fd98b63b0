"""GET /api/v1/sleep/sessions/{id}: one recorded night with its epochs."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply
from smartalarm.sleep.session_views import WholeSleepSession
from smartalarm.sleep.sessions import SleepSessions


@endpoint("GET", "/api/v1/sleep/sessions/{session_id}")
def get_sleep_session(
    session_id: str,
    user: CurrentUser,
    signal: Annotated[bool, Field(description="Also counts and heart rate.")] = False,  # noqa: FBT002  a query's name
    *,
    sessions: SleepSessions,
) -> Reply[WholeSleepSession]:
    """Show a recorded night."""
    night = sessions.get(user.id, session_id.lower(), with_signal=signal)
    return Reply(night, headers={"etag": f'"{night.revision}"'})


aws, gcp, oci = entrypoints(get_sleep_session)

"""DELETE /api/v1/sleep/sessions/{id}: erase one recorded night."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.sessions import SleepSessions


@endpoint("DELETE", "/api/v1/sleep/sessions/{session_id}", status=204)
def delete_sleep_session(session_id: str, user: CurrentUser, *, sessions: SleepSessions) -> None:
    """Erase a recorded night."""
    sessions.delete(user.id, session_id.lower())


aws, gcp, oci = entrypoints(delete_sleep_session)

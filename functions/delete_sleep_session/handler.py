"""DELETE /api/v1/sleep/sessions/{id}: erase one recorded night."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch
from smartalarm.sleep.erasing import SleepEraser


@endpoint("DELETE", "/api/v1/sleep/sessions/{session_id}", status=204, errors=(Conflict,))
def delete_sleep_session(session_id: str, user: CurrentUser, if_match: IfMatch, *, eraser: SleepEraser) -> None:
    """Erase a recorded night."""
    eraser.delete(user.id, session_id.lower(), expected=if_match.version)


aws, gcp, oci = entrypoints(delete_sleep_session)

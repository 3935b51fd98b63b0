"""DELETE /api/v1/sleep/sessions: erase all that was recorded of the user's sleep."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.erasing import SleepEraser


@endpoint("DELETE", "/api/v1/sleep/sessions", status=204, timeout_seconds=29)
def delete_sleep_sessions(user: CurrentUser, *, eraser: SleepEraser) -> None:
    """Erase all recorded nights."""
    eraser.delete_all(user.id)


aws, gcp, oci = entrypoints(delete_sleep_sessions)

"""POST /api/v1/sleep/sessions/{id}/finish: the night is over; analyse it."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict, Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.analysis import Analysis
from smartalarm.sleep.finishing import SleepFinisher
from smartalarm.sleep.session_views import FinishRequest


@endpoint("POST", "/api/v1/sleep/sessions/{session_id}/finish", errors=(Conflict, Forbidden))
def finish_sleep_session(
    session_id: str, user: CurrentUser, body: FinishRequest = FinishRequest(), *, finisher: SleepFinisher
) -> Analysis:
    """Finish a night.

    Again it gives the same, unless more epochs came. Less than ten minutes give no figures.
    """
    del body  # there is nothing to say yet
    return finisher.finish(user.id, session_id.lower())


aws, gcp, oci = entrypoints(finish_sleep_session)

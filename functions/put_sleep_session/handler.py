"""PUT /api/v1/sleep/sessions/{id}: begin to record a night; the client chooses the id."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict, Forbidden, Gone
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply
from smartalarm.preconditions import IfMatch
from smartalarm.sleep.beginning import NewNights
from smartalarm.sleep.session_views import NewSleepSession, WholeSleepSession
from smartalarm.text import UuidText


@endpoint("PUT", "/api/v1/sleep/sessions/{session_id}", errors=(Conflict, Forbidden, Gone))
def put_sleep_session(
    session_id: UuidText, body: NewSleepSession, user: CurrentUser, if_match: IfMatch, *, nights: NewNights
) -> Reply[WholeSleepSession]:
    """Begin to record a night.

    The same again changes nothing; time zone and device may be set right later, start and source may not.
    """
    night = nights.put(user.id, session_id, body, expected=if_match.version)
    return Reply(night, headers={"etag": f'"{night.revision}"'})


aws, gcp, oci = entrypoints(put_sleep_session)

"""DELETE /api/v1/alarms/{id}: delete an alarm; what rings of it stops."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarms import Alarms
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch


@endpoint("DELETE", "/api/v1/alarms/{alarm_id}", status=204, errors=(Conflict,))
def delete_alarm(alarm_id: str, user: CurrentUser, if_match: IfMatch, *, alarms: Alarms) -> None:
    """Delete an alarm."""
    alarms.delete(user.id, alarm_id.lower(), expected=if_match.version)


aws, gcp, oci = entrypoints(delete_alarm)

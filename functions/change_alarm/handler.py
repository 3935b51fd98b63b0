"""PATCH /api/v1/alarms/{id}: replace some top-level fields of an alarm."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarm import AlarmChange, AlarmView
from smartalarm.alarms.alarms import Alarms
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch


@endpoint("PATCH", "/api/v1/alarms/{alarm_id}", errors=(Conflict,))
def change_alarm(alarm_id: str, body: AlarmChange, user: CurrentUser, if_match: IfMatch, *, alarms: Alarms) -> AlarmView:
    """Change an alarm."""
    return alarms.change(user.id, alarm_id.lower(), body, expected=if_match.version)


aws, gcp, oci = entrypoints(change_alarm)

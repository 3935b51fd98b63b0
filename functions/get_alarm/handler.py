"""GET /api/v1/alarms/{id}: one alarm."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarm import AlarmView
from smartalarm.alarms.alarms import Alarms
from smartalarm.function import endpoint, entrypoints


@endpoint("GET", "/api/v1/alarms/{alarm_id}")
def get_alarm(alarm_id: str, user: CurrentUser, *, alarms: Alarms) -> AlarmView:
    """Show an alarm."""
    return alarms.get(user.id, alarm_id.lower())


aws, gcp, oci = entrypoints(get_alarm)

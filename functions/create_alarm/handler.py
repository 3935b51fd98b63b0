"""POST /api/v1/alarms: create one alarm for the signed-in user."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.alarms.alarm import AlarmView, NewAlarm
from smartalarm.alarms.alarms import Alarms
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IdempotencyKey


@endpoint("POST", "/api/v1/alarms", status=201, errors=(Conflict,), is_canary=True)
def create_alarm(body: NewAlarm, user: CurrentUser, idempotency: IdempotencyKey, *, alarms: Alarms) -> AlarmView:
    """Create an alarm."""
    return alarms.create(user.id, body, idempotency)


aws, gcp, oci = entrypoints(create_alarm)

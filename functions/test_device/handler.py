"""POST /api/v1/devices/{id}/test: send a test push by the way a ring goes; its ledger is at /occurrences/{test_id}."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.devices import Devices, PushTest


@endpoint("POST", "/api/v1/devices/{device_id}/test", status=202, errors=(Conflict,))
def test_device(device_id: str, user: CurrentUser, *, devices: Devices) -> PushTest:
    """Send a test push to a device."""
    return devices.test(user.id, device_id.lower())


aws, gcp, oci = entrypoints(test_device)

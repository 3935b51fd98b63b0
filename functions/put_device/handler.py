"""PUT /api/v1/devices/{id}: make or replace one of the user's devices; the client chooses the id."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch
from smartalarm.ringing.device import DeviceView, NewDevice
from smartalarm.ringing.devices import Devices
from smartalarm.text import UuidText


@endpoint("PUT", "/api/v1/devices/{device_id}", errors=(Conflict,))
def put_device(
    device_id: UuidText, body: NewDevice, user: CurrentUser, if_match: IfMatch, *, devices: Devices
) -> DeviceView:
    """Register or update a device."""
    return devices.put(user.id, device_id, body, expected=if_match.version)


aws, gcp, oci = entrypoints(put_device)

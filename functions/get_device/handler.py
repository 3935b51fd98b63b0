"""GET /api/v1/devices/{id}: one device."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.device import DeviceView
from smartalarm.ringing.devices import Devices


@endpoint("GET", "/api/v1/devices/{device_id}")
def get_device(device_id: str, user: CurrentUser, *, devices: Devices) -> DeviceView:
    """Show a device."""
    return devices.get(user.id, device_id.lower())


aws, gcp, oci = entrypoints(get_device)

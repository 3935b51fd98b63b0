"""GET /api/v1/devices: the user's devices, who is connected and when each was last seen."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.paging import After, Limit
from smartalarm.ringing.devices import DevicePage, Devices


@endpoint("GET", "/api/v1/devices")
def list_devices(user: CurrentUser, limit: Limit = 50, after: After = None, *, devices: Devices) -> DevicePage:
    """List devices."""
    return devices.page(user.id, after=after, limit=limit)


aws, gcp, oci = entrypoints(list_devices)

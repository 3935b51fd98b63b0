"""DELETE /api/v1/devices/{id}: remove a device; its push subscription is forgotten."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch
from smartalarm.ringing.devices import Devices


@endpoint("DELETE", "/api/v1/devices/{device_id}", status=204, errors=(Conflict,))
def delete_device(device_id: str, user: CurrentUser, if_match: IfMatch, *, devices: Devices) -> None:
    """Remove a device."""
    devices.delete(user.id, device_id.lower(), expected=if_match.version)


aws, gcp, oci = entrypoints(delete_device)

"""GET /api/v1/push/key: the VAPID public key that browsers subscribe with."""

from smartalarm.function import endpoint, entrypoints
from smartalarm.ports import PushService
from smartalarm.ringing.device import PushKey


@endpoint("GET", "/api/v1/push/key", public=True)
def get_push_key(*, push: PushService) -> PushKey:
    """Show the push key."""
    return PushKey(public_key=push.public_key)


aws, gcp, oci = entrypoints(get_push_key)

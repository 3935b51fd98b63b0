"""GET /api/v1/health/live: the process answers."""

from smartalarm.function import endpoint, entrypoints
from smartalarm.health import Health


@endpoint("GET", "/api/v1/health/live", public=True)
def check_live() -> Health:
    """Tell that the process answers."""
    return Health(status="live")


aws, gcp, oci = entrypoints(check_live)

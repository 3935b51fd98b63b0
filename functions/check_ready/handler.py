"""GET /api/v1/health/ready: the store answers, so alarms can be set and will ring; else 503."""

from smartalarm.function import endpoint, entrypoints
from smartalarm.health import Health
from smartalarm.ports import Store


@endpoint("GET", "/api/v1/health/ready", public=True)
def check_ready(*, store: Store) -> Health:
    """Tell that the store answers."""
    store.ping()
    return Health(status="ready")


aws, gcp, oci = entrypoints(check_ready)

"""GET /api/v1/breakdown: a sample endpoint with a bug."""

from smartalarm.function import endpoint, entrypoints


@endpoint("GET", "/api/v1/breakdown", public=True)
def break_down() -> None:
    """Fail in a way that nobody foresaw."""
    raise RuntimeError("the password is hunter2")


aws, gcp, oci = entrypoints(break_down)

"""GET /api/v1/openapi.json: the committed description of this API."""

from smartalarm.docs import OPENAPI_TYPE, openapi_bytes
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Response


@endpoint("GET", "/api/v1/openapi.json", public=True, produces=OPENAPI_TYPE)
def show_openapi() -> Response:
    """Show the OpenAPI document."""
    return Response(200, openapi_bytes(), {"content-type": OPENAPI_TYPE, "cache-control": "public, max-age=300"})


aws, gcp, oci = entrypoints(show_openapi)

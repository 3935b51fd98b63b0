"""GET /api/v1/openapi.json: the committed description of this API; on AWS see serve_docs."""

from smartalarm.docs import OPENAPI_TYPE, openapi_response
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Response


@endpoint("GET", "/api/v1/openapi.json", public=True, produces=OPENAPI_TYPE, hosts=("gcp", "oci", "local"))
def show_openapi() -> Response:
    """Show the OpenAPI document."""
    return openapi_response()


aws, gcp, oci = entrypoints(show_openapi)

"""GET /api/v1/docs: the API as a readable page, without scripts and without anybody else's assets; on AWS see serve_docs."""

from smartalarm.docs import DOCS_TYPE, docs_response
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Response


@endpoint("GET", "/api/v1/docs", public=True, produces=DOCS_TYPE, hosts=("gcp", "oci", "local"))
def show_docs() -> Response:
    """Show the API's documentation."""
    return docs_response()


aws, gcp, oci = entrypoints(show_docs)

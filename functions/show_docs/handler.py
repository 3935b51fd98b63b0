"""GET /api/v1/docs: the API as a readable page, without scripts and without anybody else's assets."""

from smartalarm.docs import DOCS_TYPE, docs_page, docs_policy
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Response


@endpoint("GET", "/api/v1/docs", public=True, produces=DOCS_TYPE)
def show_docs() -> Response:
    """Show the API's documentation."""
    headers = {"content-type": DOCS_TYPE, "content-security-policy": docs_policy(), "cache-control": "public, max-age=300"}
    return Response(200, docs_page().encode(), headers)


aws, gcp, oci = entrypoints(show_docs)

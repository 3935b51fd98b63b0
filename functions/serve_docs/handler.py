"""GET /api/v1/docs and /api/v1/openapi.json on AWS: both by one function, without a database and without a secret."""

from smartalarm.docs import docs_response, openapi_response
from smartalarm.function import entrypoints, pages
from smartalarm.http import Response

PAGES = {"/api/v1/docs": docs_response, "/api/v1/openapi.json": openapi_response}


@pages(*PAGES, hosts=("aws",))
def serve_docs(path: str) -> Response:
    """Show the API's documentation and its OpenAPI document."""
    return PAGES[path]()


aws, gcp, oci = entrypoints(serve_docs)

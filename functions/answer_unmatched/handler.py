"""Every route that no function has, where a gateway would answer in its own shape: 404, 405 with Allow, CORS preflight."""

from smartalarm.docs import documented_routes
from smartalarm.function import endpoint, entrypoints
from smartalarm.headers import preflight
from smartalarm.http import Request, Response
from smartalarm.routing import Router
from smartalarm.settings import Settings


@endpoint("*", "*", public=True, hosts=("aws", "gcp", "oci"))
def answer_unmatched(request: Request, *, settings: Settings) -> Response:
    """Answer what is not there."""
    router = Router(documented_routes())
    if request.method == "OPTIONS":
        return preflight(request, settings, router.methods(request.path))
    router.refuse(request.method, request.path)
    return Response(404)


aws, gcp, oci = entrypoints(answer_unmatched)

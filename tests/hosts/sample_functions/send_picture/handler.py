"""GET /api/v1/picture: a sample endpoint whose answer is not text."""

import logging

from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Response

PICTURE = bytes(range(256))


@endpoint("GET", "/api/v1/picture", public=True, produces="image/png")
def send_picture() -> Response:
    """Every byte there is."""
    logging.getLogger("some.library").debug("chatter that nobody asked for")
    return Response(200, PICTURE, {"content-type": "image/png", "cache-control": "max-age=60"})


aws, gcp, oci = entrypoints(send_picture)

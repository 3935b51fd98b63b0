"""Headers that every answer carries on every host: no caching, no sniffing, the request's id, CORS; and the preflight."""

import re
from collections.abc import Iterable
from typing import Final

from smartalarm.http import Request, Response
from smartalarm.settings import Settings

REQUEST_ID: Final = "x-request-id"
_REQUEST_ID_TEXT: Final = re.compile(r"[A-Za-z0-9._:=/+-]{1,128}")
_CALLERS_MAY_SEND: Final = "authorization, content-encoding, content-type, idempotency-key, if-match, x-request-id"
_CALLERS_MAY_READ: Final = "allow, etag, retry-after, www-authenticate, x-request-id"
_PREFLIGHT_SECONDS: Final = 600


def finish(response: Response, request: Request, settings: Settings) -> Response:
    """The response with the headers that all share; doing it twice changes nothing.

    A function's own `cache-control` stays. A listed origin may read the answer, with credentials (Fetch standard, CORS).
    """
    headers = {"cache-control": "no-store", **response.headers, "x-content-type-options": "nosniff"}
    headers["vary"] = _with_origin(headers.get("vary", ""))
    if (origin := allowed_origin(request, settings)) is not None:
        headers["access-control-allow-origin"] = origin
        headers["access-control-allow-credentials"] = "true"
        headers["access-control-expose-headers"] = _CALLERS_MAY_READ
    # An id that a host made always fits; one that a caller chose is repeated only when it cannot harm a log or a header.
    if _REQUEST_ID_TEXT.fullmatch(request_id := request.headers.get(REQUEST_ID, "")):
        headers[REQUEST_ID] = request_id
    return Response(response.status, response.body, headers)


def preflight(request: Request, settings: Settings, methods: Iterable[str]) -> Response:
    """The answer to OPTIONS for a path that has these methods: 204 with Allow, and CORS's own for a listed origin."""
    allowed = ", ".join(sorted({*methods, "OPTIONS"}))
    headers = {"allow": allowed}
    if allowed_origin(request, settings) is not None and "access-control-request-method" in request.headers:
        headers["access-control-allow-methods"] = allowed
        headers["access-control-allow-headers"] = _CALLERS_MAY_SEND
        headers["access-control-max-age"] = str(_PREFLIGHT_SECONDS)
    return finish(Response(204, b"", headers), request, settings)


def allowed_origin(request: Request, settings: Settings) -> str | None:
    """The request's Origin when it is one of CORS_ORIGINS."""
    origin = request.headers.get("origin", "")
    return origin if is_listed_origin(origin, settings) else None


def is_listed_origin(origin: str, settings: Settings) -> bool:
    """Whether it is one of CORS_ORIGINS. `null` and `*` never are: credentials travel with the answer."""
    return origin.lower() in {entry.rstrip("/").lower() for entry in settings.cors_origins} - {"", "*", "null"}


def is_own_origin(origin: str, host: str, settings: Settings) -> bool:
    """Whether a page of this origin came from us: from the Host it now calls, or from API_BASE_URL."""
    own = {f"{scheme}://{host}".lower() for scheme in ("http", "https") if host}
    return origin.lower() in own | {settings.api_base_url.lower()} - {""}


def _with_origin(vary: str) -> str:
    names = [name.strip() for name in vary.split(",") if name.strip()]
    return ", ".join(names if "origin" in {name.lower() for name in names} else [*names, "Origin"])

"""OCI Functions: fdk hands over its context and the body, and takes an `fdk.response.Response` back.

The API gateway wraps the HTTP request into headers (Fn-Http-Method, Fn-Http-Request-Url, Fn-Http-H-*), which fdk unwraps.
Only what the cloud's own IAM allows calls a function without the gateway; such a call has neither method nor address.
"""

import logging
from functools import cache
from io import BytesIO
from typing import Any

from smartalarm.function import Declaration
from smartalarm.hosts.proxies import client_address
from smartalarm.hosts.translate import serve
from smartalarm.http import MAX_BODY_BYTES, Request
from smartalarm.settings import Settings

# The name to list in TRUSTED_PROXIES: a function on a unix socket has no peer address, but only the gateway reaches it.
GATEWAY = "oci-gateway"


def answer(declaration: Declaration, ctx: Any, data: BytesIO | None) -> Any:
    """Run the function for one call; gives an `fdk.response.Response`."""
    from fdk.response import Response as FdkResponse  # noqa: PLC0415  only OCI's image has fdk

    response = serve(declaration, str(ctx.CallID() or "unknown"), lambda settings: _to_request(ctx, data, settings))
    return FdkResponse(ctx, response_data=response.body, headers=dict(response.headers), status_code=response.status)


def _to_request(ctx: Any, data: BytesIO | None, settings: Settings) -> Request:
    _quiet_root_logger(settings.log_level)
    headers = _headers(ctx)
    path, _, query = _target(str(ctx.RequestURL() or "/")).partition("?")
    return Request(
        method=str(ctx.Method() or "POST").upper(),
        path=path,
        query=query.partition("#")[0],
        headers=headers,
        body=data.read(MAX_BODY_BYTES + 1) if data is not None else b"",
        client_address=client_address(GATEWAY, headers.get("x-forwarded-for", ""), settings.trusted_proxies),
        scheme=headers.get("x-forwarded-proto", "https").partition(",")[0].strip(),
    )


def _headers(ctx: Any) -> dict[str, str]:
    """The HTTP request's own headers. A direct call has only the platform's; they serve as such."""
    wrapped, direct = ctx.HTTPHeaders(), ctx.Headers()
    headers = {name.lower(): _joined(value) for name, value in (wrapped or direct).items()}
    if "content-type" not in headers and "content-type" in direct:  # gateways pass this one unwrapped
        headers["content-type"] = _joined(direct["content-type"])
    return headers


def _joined(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _target(url: str) -> str:
    """Path and query of the URL, which may be absolute, as they were sent."""
    return url if url.startswith("/") else "/" + url.partition("://")[2].partition("/")[2]


@cache
def _quiet_root_logger(level: str) -> None:
    """Once: fdk sets the root logger to DEBUG when it is imported, and every library then talks."""
    logging.getLogger().setLevel(level.upper())

"""Google Cloud Functions: functions-framework hands over a Flask request and takes (body, status, headers) back.

Many threads call at once. What Flask decodes or guesses is not used: the raw path comes from the WSGI environment. The API
gateway puts its own token into Authorization, which Cloud Run checks and hands on without its signature; what the client
had sent there arrives as X-Forwarded-Authorization.
"""

from typing import Any, Final
from uuid import uuid4

from smartalarm.function import Declaration
from smartalarm.hosts.proxies import client_address
from smartalarm.hosts.translate import serve
from smartalarm.http import MAX_BODY_BYTES, Request
from smartalarm.settings import Settings

_CHECKED: Final = ".SIGNATURE_REMOVED_BY_GOOGLE"
"""How the token ends that Cloud Run checked: it says who called us, the gateway, and nothing about the client."""


def answer(declaration: Declaration, request: Any) -> tuple[bytes, int, dict[str, str]]:
    """Run the function for one `flask.Request`."""
    response = serve(declaration, _call_id(request), lambda settings: _to_request(request, settings))
    return response.body, response.status, dict(response.headers)


def _call_id(request: Any) -> str:
    """The trace that Google's front end gave this call (`TRACE_ID/SPAN_ID;o=1`), which its own log lines name too."""
    trace = str(request.headers.get("X-Cloud-Trace-Context", "")).partition("/")[0]
    return trace if trace.isalnum() else uuid4().hex


def _to_request(request: Any, settings: Settings) -> Request:
    headers = _clients_own({str(name).lower(): str(value) for name, value in request.headers.items()})
    peer = str(request.environ.get("REMOTE_ADDR") or "unknown")
    return Request(
        method=str(request.method),
        path=_raw_path(request),
        query=str(request.environ.get("QUERY_STRING", "")),
        headers=headers,
        # One byte over the limit is enough to refuse the rest.
        body=request.stream.read(MAX_BODY_BYTES + 1),
        client_address=client_address(peer, headers.get("x-forwarded-for", ""), settings.trusted_proxies),
        scheme=headers.get("x-forwarded-proto", "http").partition(",")[0].strip(),
    )


def _clients_own(headers: dict[str, str]) -> dict[str, str]:
    """The headers with the client's authorization in place of the gateway's."""
    if not headers.get("authorization", "").endswith(_CHECKED):
        return headers
    kept = {name: value for name, value in headers.items() if name not in {"authorization", "x-forwarded-authorization"}}
    sent = headers.get("x-forwarded-authorization")
    return kept if sent is None else {**kept, "authorization": sent}


def _raw_path(request: Any) -> str:
    """The path as it was sent; `request.path` is decoded, so a slash inside an id would look like two segments."""
    target = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.path)
    if "://" in target.partition("?")[0]:  # absolute form, as proxies send it (RFC 9112, 3.2.2)
        target = "/" + target.partition("://")[2].partition("/")[2]
    return target.partition("?")[0].partition("#")[0]

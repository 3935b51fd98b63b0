"""Static pages on AWS Lambda: one WSGI application behind serverless-wsgi (HTTP API events, payload 2.0).

The environment variable STRIP_STAGE_PATH is serverless-wsgi's own; with it set, no path begins with a stage.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from serverless_wsgi import handle_request

from smartalarm.function import PagesFunction
from smartalarm.hosts.front_door import check_front_door
from smartalarm.hosts.translate import serve
from smartalarm.http import Request
from smartalarm.settings import Settings

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def answer_pages(declaration: PagesFunction, event: dict[str, Any], context: Any, request_id: str) -> dict[str, Any]:
    """Run the function for one event; every answer is finished like any endpoint's."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        response = serve(declaration, request_id, lambda settings: _to_request(environ, settings))
        reason = HTTPStatus(response.status).phrase
        start_response(f"{response.status} {reason}", list(response.headers.items()))
        return [response.body]

    result: dict[str, Any] = handle_request(application, event, context)
    return result


def _to_request(environ: Environ, settings: Settings) -> Request:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    check_front_door(headers, settings.origin_secret_sha256)
    return Request(
        method=str(environ["REQUEST_METHOD"]),
        path=quote(str(environ["PATH_INFO"]).encode("latin-1"), safe="/%:@!$&'()*+,;=~-._"),
        headers=headers,
        scheme=str(environ["wsgi.url_scheme"]),
    )

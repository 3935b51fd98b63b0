"""AWS Lambda: HTTP API events (payload 2.0), schedules, SQS batches and WebSocket routes.

One function per process and one call at a time. An exception that left a handler would show its text in the invocation's
result, so none does: HTTP and sockets answer, a batch names the messages that failed, a job fails under its name alone.
"""

import base64
import gc
from functools import cache
from typing import Any
from urllib.parse import quote

from smartalarm.function import (
    ConsumerFunction,
    Declaration,
    EndpointFunction,
    PagesFunction,
    ScheduleFunction,
    SocketFunction,
)
from smartalarm.hosts.front_door import check_front_door
from smartalarm.hosts.proxies import client_address
from smartalarm.hosts.translate import log_failure, serve
from smartalarm.http import Request, Response, match_path
from smartalarm.ports import Pokes, Store
from smartalarm.settings import Settings
from smartalarm.wiring import SettingsError, default_injector

Event = dict[str, Any]


class JobFailed(RuntimeError):
    """A scheduled job failed. Lambda counts it, retries it and shows this text; the cause is in the log."""


def answer(declaration: Declaration, event: Event, context: Any) -> Any:
    """Run the function for one event of its kind."""
    _calm_collector()
    request_id = str(getattr(context, "aws_request_id", None) or "unknown")
    match declaration:
        case EndpointFunction():
            path = declaration.endpoint.path
            response = serve(declaration, request_id, lambda settings: _to_request(event, path, settings))
            _tell_sockets(declaration)
            return _to_result(response)
        case PagesFunction():
            from smartalarm.hosts.aws_pages import answer_pages  # noqa: PLC0415  only the pages pay for WSGI

            return answer_pages(declaration, event, context, request_id)
        case ScheduleFunction():
            return _run_job(declaration, request_id)
        case ConsumerFunction():
            from smartalarm.hosts.aws_queue import answer_batch  # noqa: PLC0415  only the consumer pays for its imports

            return answer_batch(declaration, event, request_id)
        case SocketFunction():
            from smartalarm.hosts.aws_socket import answer_socket  # noqa: PLC0415  the same

            return answer_socket(declaration, event, request_id)
    raise TypeError(f"{declaration.name} is of no kind that Lambda runs")


@cache
def _calm_collector() -> None:
    """Once: the first call loads a hundred thousand objects and no garbage; looking for some is a tenth of its CPU."""
    gc.set_threshold(50_000, 50, 100)


def _tell_sockets(declaration: EndpointFunction) -> None:
    """Poke those whose data the call changed, if it could. Lambda stops this process as soon as the answer has left."""
    if declaration.endpoint.method in {"GET", "HEAD"} or Store not in declaration.ports:
        return
    try:
        default_injector().get(Pokes).flush()
    except SettingsError:  # then the call changed nothing; its answer says so, and the log why
        return


def _run_job(declaration: ScheduleFunction, request_id: str) -> None:
    try:
        injector = default_injector()
        declaration.call(**injector.arguments(declaration.call))
    except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
        log_failure("job_failed", error, function=declaration.name, request_id=request_id)
        raise JobFailed(f"{declaration.name} failed; see the log of {request_id}") from None


def _to_request(event: Event, template: str, settings: Settings) -> Request:
    call = event["requestContext"]
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
    is_behind_cloudfront = check_front_door(headers, settings.origin_secret_sha256)
    peer = str(call["http"].get("sourceIp") or "unknown")  # the gateway's own view of it
    hops = _hops_before(peer, headers.get("x-forwarded-for", ""))
    # Who knows CloudFront's header is one of its edges, and an edge appends whom it talks to.
    trusted = (*settings.trusted_proxies, peer) if is_behind_cloudfront else settings.trusted_proxies
    return Request(
        method=str(call["http"]["method"]),
        path=_path(event, template),
        query=str(event.get("rawQueryString") or ""),
        headers=headers,
        body=_body(event),
        client_address=client_address(peer, hops, trusted),
        scheme=headers.get("x-forwarded-proto", "https"),
    )


def _hops_before(peer: str, forwarded_for: str) -> str:
    """X-Forwarded-For without the peer, which an HTTP API has already appended to it."""
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    return ", ".join(hops[:-1] if hops[-1] == peer else hops)


def _path(event: Event, template: str) -> str:
    """The path as it was sent, without the stage.

    An HTTP API decodes `rawPath` (function URLs and emulators do not): characters that cannot stand in a path are encoded
    again. A named stage is part of it on the gateway's own domain, but not behind a custom one: it is taken off when only
    then the path fits.
    """
    path = quote(str(event.get("rawPath") or "/"), safe="/%:@!$&'()*+,;=~-._", errors="replace")
    stage = str(event["requestContext"].get("stage") or "$default")
    prefix = f"/{stage}"
    if stage == "$default" or match_path(template, path) is not None or not f"{path}/".startswith(f"{prefix}/"):
        return path
    return path[len(prefix) :] or "/"


def _body(event: Event) -> bytes:
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(text)
    # JSON events can hold half a surrogate pair; it becomes bytes that are no UTF-8, and so a 400 further on.
    return str(text).encode("utf-8", "surrogatepass")


def _to_result(response: Response) -> Event:
    headers = dict(response.headers)
    cookie = headers.pop("set-cookie", None)
    result: Event = {"statusCode": response.status, "headers": headers, "isBase64Encoded": False}
    try:
        result["body"] = response.body.decode()
    except UnicodeDecodeError:
        result["body"] = base64.b64encode(response.body).decode()
        result["isBase64Encoded"] = True
    if cookie is not None:
        result["cookies"] = [cookie]
    return result

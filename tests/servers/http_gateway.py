"""A small HTTP gateway on loopback: finds the function for a request and hands it over as the cloud's own gateway does."""

import base64
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from scripts.manifest.beyond_aws import UNMATCHED
from smartalarm.errors import MethodNotAllowed, NotFound
from smartalarm.function import Declaration, EndpointFunction, ScheduleFunction
from smartalarm.http import Response
from smartalarm.routing import Router
from tests.servers.cloud_events import Call
from tests.servers.in_thread import serving
from tests.servers.instances import Cloud, Instances

TICKS: Final = "/ticks/{}"
"""Oracle: where any cron reaches a job, as infra/oci/gateway.json has it. Google's scheduler calls the function itself."""
LARGEST: Final = 20 * 1024 * 1024


def routes(cloud: Cloud, declarations: Mapping[str, Declaration]) -> Router[str]:
    """The function of every address that the gateway knows."""
    found = [
        (function.endpoint.method, function.endpoint.path, name)
        for name, function in declarations.items()
        if isinstance(function, EndpointFunction) and name != UNMATCHED
    ]
    if cloud == "oci":
        jobs = [name for name, function in declarations.items() if isinstance(function, ScheduleFunction)]
        found += [("POST", TICKS.format(name), name) for name in jobs]
    return Router(found)


def as_handed_over(cloud: Cloud, call: Call, peer: str) -> Call:
    """The request as the platform's runtime gets it."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    if cloud == "oci":
        return Call(call.method, call.path, call.query, {**headers, "x-peer": peer}, call.body)
    forwarded = headers.get("x-forwarded-for")
    headers["X-Forwarded-For"] = f"{forwarded}, {peer}" if forwarded else peer
    headers.pop("x-forwarded-for", None)
    headers["x-forwarded-proto"] = "http"
    if "authorization" in headers:
        headers["x-forwarded-authorization"] = headers["authorization"]
    headers["authorization"] = f"Bearer {_checked_token()}"
    return Call(call.method, call.path, call.query, headers, call.body)


def _checked_token() -> str:
    """What Cloud Run leaves of the token by which the gateway called it."""
    parts = ({"alg": "RS256", "kid": "1"}, {"email": "smartalarm-gateway@project.iam.gserviceaccount.com"})
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{text}.SIGNATURE_REMOVED_BY_GOOGLE"


@contextmanager
def running_gateway(instances: Instances, declarations: Mapping[str, Declaration]) -> Iterator[str]:
    """The gateway's address, for as long as it lasts."""
    router = routes(instances.cloud, declarations)

    def answer(call: Call, peer: str) -> Response:
        try:
            function, _ = router.find(call.method, call.path)
        except (NotFound, MethodNotAllowed):
            function = UNMATCHED
        return instances.call(function, as_handed_over(instances.cloud, call, peer))

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))) as url:
        yield url


def _handler(answer: Callable[[Call, str], Response]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def serve(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(min(size, LARGEST))
            path, _, query = self.path.partition("?")
            headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
            try:
                response = answer(Call(self.command, path, query, headers, body), str(self.client_address[0]))
            except Exception as error:  # noqa: BLE001  a gateway answers 502, whatever happened behind it
                response = Response(502, f"{type(error).__name__}: {error}".encode(), {"content-type": "text/plain"})
            lines = [f"HTTP/1.1 {response.status} x"]
            given = {name: value for name, value in response.headers.items() if name.lower() not in _OF_THE_HOP}
            lines += [f"{name}: {value}" for name, value in given.items()]
            if response.status != 204:
                lines.append(f"content-length: {len(response.body)}")
            self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + response.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = serve  # noqa: N815  the base class's names

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


_OF_THE_HOP = frozenset({"content-length", "connection", "transfer-encoding", "date", "server", "keep-alive"})

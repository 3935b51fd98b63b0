"""The way to a distribution of the emulated CloudFront: one origin on loopback for devices, without TLS and its own name.

The distribution knows itself by the Host header. What a browser would refuse on plain http, a Secure cookie, is let through
here, because this is the machine itself.
"""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.servers.in_thread import serving

TIME_OUT_SECONDS = 35.0
BODILESS = frozenset({204, 304})
HOP_BY_HOP = frozenset(
    {"connection", "content-length", "date", "host", "keep-alive", "server", "te", "transfer-encoding", "upgrade"}
)


class Edge:
    """`url` is where it listens; `front` tells which distribution stands behind it, once that is deployed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._netloc = ""
        self._name = ""

    def front(self, endpoint: str, name: str) -> None:
        """From now on pass requests on to the emulator there, for the distribution of this name."""
        self._netloc, self._name = urlsplit(endpoint).netloc, name

    def connect(self) -> http.client.HTTPConnection:
        """A connection to what stands behind."""
        return http.client.HTTPConnection(self._netloc, timeout=TIME_OUT_SECONDS)

    def is_open(self) -> bool:
        """Whether something stands behind it."""
        return bool(self._netloc)

    def passed_on(self, headers: Mapping[str, str], peer: str) -> dict[str, str]:
        """The headers as the distribution gets them."""
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        came_by = ", ".join(part for part in (headers.get("x-forwarded-for", ""), peer) if part)
        return {**kept, "host": self._name, "x-forwarded-for": came_by, "x-forwarded-proto": "https"}


@contextmanager
def running_edge(port: int = 0) -> Iterator[Edge]:
    """A running edge; what it fronts may come later. Port 0: any free one."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.edge = Edge(f"http://127.0.0.1:{server.server_port}")
    with serving(server):
        yield server.edge


class _Server(ThreadingHTTPServer):
    block_on_close = False  # clients keep their connections open
    request_queue_size = 128
    edge: Edge


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece: half a one would wait for an acknowledgement
    disable_nagle_algorithm = True
    timeout = 60.0
    _upstream: http.client.HTTPConnection | None = None

    def handle_one_request(self) -> None:
        """Pass one request on, whatever its method."""
        assert isinstance(self.server, _Server)
        try:
            self.raw_requestline = self.rfile.readline(65537)
        except OSError:  # idle for too long, or gone
            self.raw_requestline = b""
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        edge = self.server.edge
        headers = edge.passed_on(dict(self.headers.items()), self.client_address[0])
        status, answered, content = self._ask(edge, headers, body)
        self.send_response_only(status)
        for name, value in answered:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value.replace("; Secure", "") if name.lower() == "set-cookie" else value)
        if status not in BODILESS:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def _ask(self, edge: Edge, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        if not edge.is_open():
            return 503, [("retry-after", "5")], b""
        for is_new in (self._upstream is None, True):  # a kept connection may have been closed meanwhile
            self._upstream = edge.connect() if is_new or self._upstream is None else self._upstream
            try:
                self._upstream.request(self.command, self.path, body or None, headers)
                answer = self._upstream.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (OSError, http.client.HTTPException):
                self._upstream.close()
                self._upstream = None
        return 502, [], b""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Nothing: the functions keep logs."""

    def finish(self) -> None:
        """Close both sides."""
        if self._upstream is not None:
            self._upstream.close()
        super().finish()

"""A proxy on loopback that passes HTTP requests on, and on demand loses an answer after the server has given it."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.servers.in_thread import serving


class LossyProxy:
    """`endpoint` is where it listens. `lose(operation)`: the next answer to this DynamoDB operation never arrives."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.lost = 0
        self._doomed: list[str] = []
        self._lock = threading.Lock()

    def lose(self, operation: str, times: int = 1) -> None:
        """Lose the next answers."""
        with self._lock:
            self._doomed += [operation] * times

    def is_lost(self, target: str) -> bool:
        """Whether the answer to this request is to be lost."""
        operation = target.rpartition(".")[2]
        with self._lock:
            if operation not in self._doomed:
                return False
            self._doomed.remove(operation)
            self.lost += 1
            return True


@contextmanager
def lossy_proxy(upstream: str) -> Iterator[LossyProxy]:
    """A running proxy in front of `upstream`, like "http://127.0.0.1:4566"."""
    address = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Pass one request on."""
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            connection = http.client.HTTPConnection(address, timeout=30)
            connection.request("POST", self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if proxy.is_lost(self.headers.get("x-amz-target", "")):
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        proxy = LossyProxy(url)
        yield proxy

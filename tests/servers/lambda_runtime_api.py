"""Lambda's Runtime API on loopback: hands events to the real bootstrap, one at a time, and takes its results."""

import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

BASE = "/2018-06-01/runtime"
POLL_SECONDS = 60
ANSWER_SECONDS = 30


class InvocationFailed(Exception):
    """The function raised, or could not even be loaded; `report` is what the bootstrap said: errorType, errorMessage, ..."""

    def __init__(self, report: Any) -> None:
        super().__init__(str(report))
        self.report = report


class LambdaRuntimeApi:
    """Serves while it is entered. `address` goes into AWS_LAMBDA_RUNTIME_API."""

    def __init__(self) -> None:
        self.polls = 0
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._results: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.address = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def invoke(self, event: Any) -> Any:
        """The result of one invocation. Raises InvocationFailed, or queue.Empty when nothing comes back in time."""
        self._events.put((f"request-{time.monotonic_ns()}", json.dumps(event).encode()))
        what, body = self._results.get(timeout=ANSWER_SECONDS)
        content = json.loads(body) if body else None
        if what != "response":
            raise InvocationFailed(content)
        return content

    def next(self) -> tuple[str, bytes] | None:
        """The next event, as soon as there is one; None at the end."""
        self.polls += 1
        try:
            return self._events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None

    def settle(self, what: str, body: bytes) -> None:
        """Take a result: `response`, or `error`."""
        self._results.put((what, body))


def _handler_for(api: LambdaRuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            event = api.next() if self.path == f"{BASE}/invocation/next" else None
            if event is None:
                self._reply(410, b"")
                return
            request_id, body = event
            headers = {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + ANSWER_SECONDS) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:f",
                "Content-Type": "application/json",
            }
            self._reply(200, body, headers)

        def do_POST(self) -> None:
            # /invocation/<id>/response, /invocation/<id>/error or /init/error
            body = self.rfile.read(int(self.headers.get("content-length") or 0)) or self._chunks()
            self._reply(202, b"{}")
            api.settle(self.path.rpartition("/")[2], body)

        def _chunks(self) -> bytes:
            """A chunked body, which the bootstrap's client sends."""
            found = b""
            while "chunked" in self.headers.get("transfer-encoding", ""):
                size = int(self.rfile.readline().split(b";")[0], 16)
                found += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    break
            return found

        def _reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
            """Say nothing."""

    return Handler

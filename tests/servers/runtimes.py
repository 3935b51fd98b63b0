"""The clouds' real runtimes as processes: awslambdaric, functions-framework with gunicorn, fdk."""

import http.client
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smartalarm.http import Response
from tests.servers.child import accepts, free_port, running
from tests.servers.cloud_events import CLIENT, Call, fn_answer, fn_headers
from tests.servers.lambda_runtime_api import LambdaRuntimeApi

CALL_SECONDS = 30
Environment = Mapping[str, str]


@contextmanager
def running_lambda(folder: Path, env: Environment, home: Path) -> Iterator[LambdaRuntimeApi]:
    """The function under Lambda's own bootstrap, ready for events."""
    handler = f"{folder.parent.name}/{folder.name}/handler.aws"
    with LambdaRuntimeApi() as api:
        seen = {
            **surroundings(home),
            **env,
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": folder.name,
            "PYTHONPATH": str(folder.parents[1]),
        }
        command = [sys.executable, "-m", "awslambdaric", handler]
        with running(command, env=seen, cwd=home, log=home / "lambda.log", is_ready=lambda: api.polls > 0):
            yield api


class GoogleFunction:
    """A function that functions-framework serves."""

    def __init__(self, port: int, seconds: float = CALL_SECONDS) -> None:
        self._port = port
        self._seconds = seconds

    def send(self, call: Call) -> Response:
        """Let it answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._seconds)
        return exchange(connection, call.method, call.target, {"X-Forwarded-For": CLIENT, **call.headers}, call.body)


@contextmanager
def running_google(folder: Path, env: Environment, home: Path) -> Iterator[GoogleFunction]:
    """The function under functions-framework, which runs gunicorn with several threads."""
    port = free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", "gcp", "--source", str(folder / "handler.py")]
    seen = {**surroundings(home), **env, "THREADS": "4", "PORT": str(port), "HOST": "127.0.0.1"}
    address = ("127.0.0.1", port)
    with running(command, env=seen, cwd=home, log=home / "google.log", is_ready=lambda: accepts(address)):
        yield GoogleFunction(port)


class OracleFunction:
    """A function that fdk serves. `log` is its output."""

    def __init__(self, path: str, log: Path, seconds: float = CALL_SECONDS) -> None:
        self._path = path
        self._seconds = seconds
        self.log = log

    def send(self, call: Call) -> Response:
        """Let it answer, through the gateway's wrapping."""
        return fn_answer(*self.post(fn_headers(call), call.body))

    def post(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """One call as the platform makes it: transport status, headers, body."""
        answer = exchange(_UnixConnection(self._path, self._seconds), "POST", "/call", headers, body)
        return answer.status, answer.headers, answer.body


@contextmanager
def running_oracle(folder: Path, env: Environment, home: Path) -> Iterator[OracleFunction]:
    """The function under fdk on a unix socket, whose path has to be short."""
    with tempfile.TemporaryDirectory(prefix="fn-") as sockets:
        path = f"{sockets}/f.sock"
        seen = {**surroundings(home), **env, "FN_FORMAT": "http-stream", "FN_LISTENER": f"unix:{path}"}
        fdk = Path(sys.executable).parent / "fdk"
        command = [sys.executable, str(fdk), str(folder / "handler.py"), "oci"]
        log = home / "oracle.log"
        with running(command, env=seen, cwd=home, log=log, is_ready=lambda: accepts(path)):
            yield OracleFunction(path, log)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        """To the path."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def exchange(
    connection: http.client.HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> Response:
    """One request as it is, and its answer; then the connection is closed."""
    try:
        connection.request(method, target, body or None, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
        return Response(answer.status, content, {name.lower(): value for name, value in answer.getheaders()})
    finally:
        connection.close()


def surroundings(home: Path) -> dict[str, str]:
    """What a process needs of its surroundings; nothing of ours leaks in."""
    return {"PATH": os.defpath, "HOME": str(home), "TMPDIR": tempfile.gettempdir(), "PYTHONDONTWRITEBYTECODE": "1"}

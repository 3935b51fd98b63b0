"""A Secrets Manager on loopback that keeps one secret, counts who asks, and can say no."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers.in_thread import serving


class SecretsServer:
    """`text`: what the secret holds. `refusal`: the error code with which every call is answered instead."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.text = "{}"
        self.refusal = ""
        self.calls: list[str] = []


@contextmanager
def running_secrets_server() -> Iterator[SecretsServer]:
    """The server, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """One call of AWS's JSON protocol."""
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.calls.append(f"{self.headers['x-amz-target'].rpartition('.')[2]} {asked['SecretId']}")
            answer = {"__type": state.refusal, "message": "no"} if state.refusal else {"SecretString": state.text}
            body = json.dumps(answer).encode()
            self.send_response(400 if state.refusal else 200)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        state = SecretsServer(url)
        yield state

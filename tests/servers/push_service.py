"""A real push service on loopback for tests, the demo and the benchmark, in a process of its own.

    python -m tests.servers.push_service --port 8090

Operator's calls (JSON): POST /subscriptions {application_server_key?, count?} -> {id, endpoint, keys: {p256dh, auth}};
GET /subscriptions/<id>/messages?wait=<seconds>&after=<n>; PUT /subscriptions/<id>/failure {mode, times?, retry_after?,
location?} (mode: ok, hang, drip, close or a status); PUT /subscriptions/<id>/device {online}; DELETE /subscriptions/<id>;
GET /stats; GET /arrivals?after=<n> -> [[id, Unix seconds], ...]. Messages go to the endpoint, as to any push service.
"""

import argparse
import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 20.0
CALL_SECONDS = 35.0


class RunningPushService:
    """A started push service. `url` is its origin, `host` the "127.0.0.1:port" for PUSH_ALLOWED_HOSTS."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = urlsplit(url).netloc
        self._http = requests.Session()
        self._http.trust_env = False

    def subscribe(self, application_server_key: str | None = None) -> dict[str, Any]:
        """A new subscription: {id, endpoint, keys: {p256dh, auth}}."""
        return cast(
            "dict[str, Any]", self._call("POST", "/subscriptions", {"application_server_key": application_server_key})
        )

    def subscribe_many(self, count: int) -> list[dict[str, Any]]:
        """Several at once, for bursts."""
        return cast("list[dict[str, Any]]", self._call("POST", "/subscriptions", {"count": count})["items"])

    def messages(self, sub_id: str, wait_seconds: float = 0, *, after: int = 0) -> list[dict[str, Any]]:
        """Delivered messages from number `after` on: {at, delivered_at, text, error, ttl, urgency, topic, claims, bytes}.

        Waits until there is one, at most `wait_seconds` (30).
        """
        path = f"/subscriptions/{sub_id}/messages?wait={wait_seconds}&after={after}"
        return cast("list[dict[str, Any]]", self._call("GET", path))

    def fail(
        self,
        sub_id: str,
        mode: str | int,
        *,
        times: int | None = None,
        retry_after: str | int | None = None,
        location: str | None = None,
    ) -> None:
        """Misbehave: "ok" again, "hang", "drip" (an endless answer), "close", or a status; for the next `times` posts."""
        waiting = None if retry_after is None else str(retry_after)
        body = {"mode": str(mode), "times": times, "retry_after": waiting, "location": location}
        self._call("PUT", f"/subscriptions/{sub_id}/failure", body)

    def set_online(self, sub_id: str, is_online: bool) -> None:  # noqa: FBT001 - the state itself
        """Disconnect the device (messages are held as TTL and Topic say) or connect it again."""
        self._call("PUT", f"/subscriptions/{sub_id}/device", {"online": is_online})

    def unsubscribe(self, sub_id: str) -> None:
        """The user took the permission back: posts get 410 from now on."""
        self._call("DELETE", f"/subscriptions/{sub_id}")

    def arrivals(self, after: int = 0) -> list[tuple[str, float]]:
        """(subscription id, Unix seconds) of every accepted message, in order."""
        return [(identity, at) for identity, at in self._call("GET", f"/arrivals?after={after}")]

    def stats(self) -> dict[str, int]:
        """Counts: posts, accepted, refused, failed_on_purpose, delivered, held, replaced, dropped, expired..."""
        return cast("dict[str, int]", self._call("GET", "/stats"))

    def close(self) -> None:
        """Close our connections to it."""
        self._http.close()

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, self.url + path, json=body, timeout=CALL_SECONDS)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_push_service(port: int = 0) -> Iterator[RunningPushService]:
    """Start a push service as a child process and stop it (only it) at the end. Port 0: any free one."""
    command = [sys.executable, "-m", "tests.servers.push_service", "--port", str(port), "--until-stdin-closes"]
    # The pipe to its standard input ends with us, however we end: no orphan is left behind.
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        try:
            service = RunningPushService(_announced_url(child))
            yield service
            service.close()
        finally:
            child.stdin.close()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()


def _announced_url(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    ready, _, _ = select.select([child.stdout], [], [], START_SECONDS)
    line = child.stdout.readline().strip() if ready else ""
    if not line.startswith("http://"):
        message = "the push service did not start"
        raise RuntimeError(message)
    return line


async def _run(host: str, port: int, *, until_stdin_closes: bool) -> None:
    # The parts lie beside this file and are found when it runs as a program.
    from tests.servers.push_server import serve  # noqa: PLC0415

    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if until_stdin_closes:
        loop.add_reader(sys.stdin, lambda: stopped.set() if not os.read(sys.stdin.fileno(), 4096) else None)
    await serve(host, port, announce=lambda url: print(url, flush=True), until=stopped)  # noqa: T201 - the program's output


def main() -> None:
    """Run until a signal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090, help="0 for any free one; the first line printed is the URL")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.host, arguments.port, until_stdin_closes=arguments.until_stdin_closes))


if __name__ == "__main__":
    main()

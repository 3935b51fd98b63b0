"""Pulls of a heavy user: 200 alarms, 5,000 occurrences within two weeks, over real HTTP on SQLite, one client."""

import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Goal
from tests.bench.heavy_user import live
from tests.bench.seeding import Seeding
from tests.servers.local_host import running_local_host

FIRST_SECONDS = 1.5
LATER_SECONDS = 0.1
ROUNDS = 5
SECRET = "a-benchmark-secret-of-more-than-32-characters"


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes half a minute."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        with Seeding(data_dir, jwt_secret_key=SECRET) as seeding:
            (user,) = seeding.users(1)
            live(seeding.store, user.id)
        with running_local_host(data_dir, JWT_SECRET_KEY=SECRET) as host:
            client = _Client(host.port, user.token)
            firsts = [client.pull_all("0") for _ in range(ROUNDS)]
            cursor, alarm = firsts[-1][2], client.some_alarm()
            later: list[float] = []
            for number in range(20 * ROUNDS):
                client.call("PATCH", f"/alarms/{alarm}", {"label": f"L{number}"})
                seconds, _, cursor = client.pull_all(cursor)
                later.append(seconds)
            idle = [client.pull_all(cursor)[0] for _ in range(20 * ROUNDS)]
    say(f"pull: first {sorted(round(seconds, 3) for seconds, _, _ in firsts)} s, {firsts[0][1]} changes")
    first = Figure(
        "pull: all of a heavy user",
        statistics.median(one[0] for one in firsts),
        "s",
        goal=Goal("value", at_most=FIRST_SECONDS),
    )
    goal = Goal("value", at_most=LATER_SECONDS * 1000)
    return [
        first,
        Figure("pull: after an edit, p95", _p95(later) * 1000, "ms", goal=goal),
        Figure("pull: nothing new, p95", _p95(idle) * 1000, "ms", goal=goal),
    ]


class _Client:
    """One device on one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer."""
        content = json.dumps(body).encode() if body is not None else None
        self._connection.request(method, f"/api/v1{path}", content, self._headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer.status} {raw[:300]!r}")
        return json.loads(raw)

    def pull_all(self, cursor: str) -> tuple[float, int, str]:
        """Seconds, changes, and the cursor at the end."""
        started, changes, has_more = time.perf_counter(), 0, True
        while has_more:
            answer = self.call("GET", f"/sync/pull?cursor={cursor}&limit=200")
            changes, cursor, has_more = changes + len(answer["changes"]), answer["cursor"], answer["more"]
        return time.perf_counter() - started, changes, cursor

    def some_alarm(self) -> str:
        """One to be edited."""
        alarm_id: str = self.call("GET", "/alarms?limit=1")["items"][0]["id"]
        return alarm_id


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]

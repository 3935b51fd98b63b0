"""Patterns over 90 recorded nights, and what is recommended by them: over real HTTP on SQLite, one client."""

import http.client
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from smartalarm.instants import instant_to_text
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.seeding import Seeding
from tests.servers.local_host import running_local_host

MILLISECONDS = 50
NIGHTS = 89  # what began 90 days ago is past its time
EPOCHS = 960
ROUNDS = 40
SECRET = "a-benchmark-secret-of-more-than-32-characters"


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes a quarter of a minute."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        with Seeding(data_dir, jwt_secret_key=SECRET) as seeding:
            (user,) = seeding.users(1)
        with running_local_host(data_dir, JWT_SECRET_KEY=SECRET) as host:
            client = _Client(host.port, user.token)
            client.record_nights()
            paths = {"recommendations": "/sleep/recommendations", "insights over 90 days": "/sleep/insights?days=90"}
            taken = {name: [client.timed("GET", path) for _ in range(ROUNDS)] for name, path in paths.items()}
    goal = Goal("value", at_most=MILLISECONDS)
    for name, seconds in taken.items():
        say(f"sleep: {name}: {sorted(round(one * 1000, 1) for one in seconds)[:: ROUNDS // 5]} ms")
    return [
        Figure(f"sleep: {name}, {NIGHTS} nights, {what}", percentile(seconds, percent) * 1000, "ms", goal=goal)
        for name, seconds in taken.items()
        for what, percent in (("p50", 50), ("p95", 95))
    ]


class _Client:
    """One device on one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def record_nights(self) -> None:
        """One for each of the last days, staged by its device: every stage, with some wake in it."""
        self.call("PATCH", "/me", {"settings": {"sleep_consent": True}})
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for number in range(1, NIGHTS + 1):
            start = today - timedelta(days=number, minutes=7 * (number % 9))
            path = f"/sleep/sessions/{UUID(int=number, version=4)}"
            self.call("PUT", path, {"start": instant_to_text(start), "source": "wrist", "time_zone": "Europe/Madrid"})
            told = [("wake", "light", "deep", "rem", "light")[(epoch + number) // 24 % 5] for epoch in range(EPOCHS)]
            self.call("POST", f"{path}/epochs", {"first": 0, "stages": told, "source": "bench"})
            self.call("POST", f"{path}/finish", {})
        found = self.call("GET", "/sleep/insights?days=90")
        if found["insights"]["regularity"]["status"] != "ok" or found["nights"] != NIGHTS:
            raise RuntimeError(f"{found['nights']} nights were recorded")

    def timed(self, method: str, path: str) -> float:
        """How many seconds a call takes."""
        started = time.perf_counter()
        self.call(method, path)
        return time.perf_counter() - started

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a call."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", content, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text) if text else None

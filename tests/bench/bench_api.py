"""The guide's budgets under 50 people at once: API p95, database p95, memory of the server's process.

Each of them signs in once and then lists, creates, reads, changes, previews and deletes alarms without a pause. The API's
times are the clients'; the database's come from the server's own metric, by linear interpolation within its buckets.
"""

import re
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
import requests

from tests.bench.figures import Figure, Goal, percentile
from tests.bench.load import run_load
from tests.servers.local_host import RunningLocalHost, running_local_host

PEOPLE = 50
SECONDS = 20
API_MS, DATABASE_MS, MEMORY_MB = 200.0, 50.0, 512.0
_BUCKET = re.compile(r'database_duration_seconds_bucket\{call="(\w+)",le="([^"]+)"\} ([0-9.e+]+)')
Buckets = dict[float, float]


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes half a minute."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_local_host(Path(folder), AUTH_REQUESTS_PER_ADDRESS="10000") as host,
    ):
        idle_mb = _memory_mb(host)
        say(f"api: {PEOPLE} people register")
        people = [_register(host) for _ in range(PEOPLE)]
        before = _database_buckets(host)
        say(f"api: {PEOPLE} people use it for {SECONDS} s")
        with _PeakMemory(host) as memory:
            result = run_load(host="127.0.0.1", port=host.port, script="everything", seconds=SECONDS, clients=people)
        after = _database_buckets(host)
    if result["failures"]:
        raise RuntimeError(f"requests failed: {result['failures']}")
    calls: dict[str, list[float]] = result["calls"]
    every = [milliseconds for times in calls.values() for milliseconds in times]
    database = {limit: count - before.get(limit, 0.0) for limit, count in after.items()}
    return [
        Figure(f"API under {PEOPLE} people: p95", percentile(every, 95), "ms", goal=Goal("value", at_most=API_MS)),
        Figure(f"API under {PEOPLE} people: median", percentile(every, 50), "ms"),
        Figure(f"API under {PEOPLE} people: requests", len(every) / result["seconds"], "requests/s", is_more_better=True),
        *(Figure(f"  {name}: p95", percentile(times, 95), "ms") for name, times in calls.items()),
        Figure("database calls: p95", _quantile(database, 0.95) * 1000, "ms", goal=Goal("value", at_most=DATABASE_MS)),
        Figure("database calls: median", _quantile(database, 0.5) * 1000, "ms"),
        Figure("memory of the server, idle", idle_mb, "MB", goal=Goal("value", at_most=MEMORY_MB)),
        Figure("memory of the server, most", memory.most_mb, "MB", goal=Goal("value", at_most=MEMORY_MB)),
    ]


def _register(host: RunningLocalHost) -> tuple[str, str]:
    email, password = f"{uuid4().hex}@example.org", uuid4().hex
    body = {"email": email, "password": password, "time_zone": "Europe/Madrid"}
    requests.post(f"{host.url}/api/v1/auth/register", json=body, timeout=10).raise_for_status()
    return email, password


def _memory_mb(host: RunningLocalHost) -> float:
    return float(psutil.Process(host.pid).memory_info().rss) / 2**20


def _database_buckets(host: RunningLocalHost) -> Buckets:
    """Cumulated counts by upper limit (seconds), all kinds of calls together."""
    text = requests.get(f"{host.url}/api/v1/metrics", timeout=10).text
    found: Buckets = {}
    for _, limit, count in _BUCKET.findall(text):
        found[float(limit)] = found.get(float(limit), 0.0) + float(count)
    return found


def _quantile(buckets: Mapping[float, float], part: float) -> float:
    """As Prometheus's histogram_quantile: linear within the bucket that holds it."""
    limits = sorted(buckets)
    rank = part * buckets[limits[-1]]
    low, below = 0.0, 0.0
    for limit in limits:
        if buckets[limit] >= rank:
            return low + (limit - low) * (rank - below) / (buckets[limit] - below) if limit < float("inf") else low
        low, below = limit, buckets[limit]
    raise ValueError("the server measured nothing")


class _PeakMemory:
    """The most resident memory of a server, looked at four times a second."""

    def __init__(self, host: RunningLocalHost) -> None:
        self._host = host
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.most_mb = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(0.25):
            self.most_mb = max(self.most_mb, _memory_mb(self._host))

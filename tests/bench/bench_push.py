"""What a push costs: preparing, posting 5,000 at once to a real receiver, and the same with the library's own call.

python tests/bench/bench_push.py
"""

import importlib.util
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import requests
from pywebpush import webpush
from urllib3 import connection_from_url

from smartalarm.adapters.webpush import WebPushService, generate_vapid_keys
from smartalarm.ports import PushMessage, Subscription

DEVICES = 5_000
OTHER_POSTS = 1_000
LIBRARY_POSTS = 500  # the library's own call is slow: a tenth is enough to know
SUBJECT = "mailto:admin@alarm.example"
BODY = b"x" * 600  # a ring message is about as long
SERVER = Path(__file__).resolve().parents[1] / "servers" / "push_service.py"


class Row(NamedTuple):
    """One measured figure."""

    what: str
    value: float
    unit: str


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """The system's."""
        return datetime.now(UTC)

    def wait_until(self, instant: datetime) -> None:
        """Not needed here."""


def rows(devices: int = DEVICES) -> list[Row]:
    """The figures, measured now."""
    spec = importlib.util.spec_from_file_location("push_service", SERVER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.running_push_service() as receiver:
        return [*_ours(receiver, devices), *_the_librarys(receiver, min(devices, LIBRARY_POSTS))]


def _ours(receiver: Any, devices: int) -> list[Row]:
    clock = SystemClock()
    service = WebPushService(generate_vapid_keys()[1], SUBJECT, [receiver.host], clock=clock)
    made = receiver.subscribe_many(devices)
    subscriptions = [Subscription(one["endpoint"], one["keys"]["p256dh"], one["keys"]["auth"]) for one in made]
    messages = [PushMessage(subscription, BODY, "topic", 600) for subscription in subscriptions]
    service.send([service.prepare(messages[0], now=clock.now())])  # imports and the first connection

    prepare_seconds, prepare_cpu, pushes = _timed(lambda: [service.prepare(one, now=clock.now()) for one in messages])
    before = len(receiver.arrivals())
    released_at = time.time()
    send_seconds, send_cpu, results = _timed(lambda: service.send(pushes))
    delays = sorted(at - released_at for _, at in receiver.arrivals(before))
    assert len(delays) == sum(result.outcome == "accepted" for result in results) == devices
    requests_cpu, urllib3_cpu = _others(receiver.url, pushes[:OTHER_POSTS])
    return [
        Row("prepare: encrypt and sign one push, CPU", prepare_cpu / devices * 1e6, "us"),
        Row("send: post one push, CPU", send_cpu / devices * 1e6, "us"),
        Row(f"send: {devices} posts to one receiver", send_seconds, "s"),
        Row("the same post through requests.Session, CPU", requests_cpu, "us"),
        Row("the same post through a urllib3 pool, CPU", urllib3_cpu, "us"),
        Row("send: rate", devices / send_seconds, "posts/s"),
        Row("send: release to arrival, median", statistics.median(delays) * 1e3, "ms"),
        Row("send: release to arrival, last", delays[-1] * 1e3, "ms"),
        Row(f"prepare and send: {devices} pushes", prepare_seconds + send_seconds, "s"),
    ]


def _others(origin: str, pushes: list[Any]) -> tuple[float, float]:
    """Microseconds of CPU for a post through requests and through urllib3."""
    posts = [push.post for push in pushes]
    with requests.Session() as session, connection_from_url(origin) as pool:
        session.trust_env = False
        _, by_requests, _ = _timed(
            lambda: [session.post(origin + post.target, post.body, headers=post.headers, timeout=7) for post in posts]
        )
        _, by_urllib3, _ = _timed(
            lambda: [pool.urlopen("POST", post.target, post.body, post.headers, retries=False, timeout=7) for post in posts]
        )
    return by_requests / len(posts) * 1e6, by_urllib3 / len(posts) * 1e6


def _the_librarys(receiver: Any, devices: int) -> list[Row]:
    _, private_key = generate_vapid_keys()
    made = receiver.subscribe_many(devices)
    session = requests.Session()

    def post_all() -> None:
        for one in made:
            webpush(
                {"endpoint": one["endpoint"], "keys": one["keys"]},
                BODY,
                vapid_private_key=private_key,
                vapid_claims={"sub": SUBJECT},
                ttl=600,
                timeout=7,
                requests_session=session,
            )

    seconds, cpu, _ = _timed(post_all)
    session.close()
    return [
        Row("pywebpush.webpush() with a kept session: one push, CPU", cpu / devices * 1e6, "us"),
        Row("pywebpush.webpush() with a kept session: rate", devices / seconds, "posts/s"),
    ]


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall seconds, CPU seconds of this process, and what the work gave."""
    started, started_cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - started, time.process_time() - started_cpu, result


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what:<60} {row.value:>10.1f} {row.unit}")  # noqa: T201 - a program's output

"""5,000 people's alarms in one second, on SQLite and two cores: our local host, and APScheduler with the same pushes.

Arrivals are stamped at the push receiver. Accounts, devices and alarms are made by the product's own classes before the
server starts; the jobs of APScheduler are loaded beforehand, too.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Goal, percentile
from tests.bench.seeding import Seeding
from tests.servers.local_host import running_local_host
from tests.servers.push_service import RunningPushService, running_push_service

ROOT = Path(__file__).resolve().parents[2]
USERS = 5_000
RIVAL = "APScheduler 3"
SET_SECONDS = 20  # to write the alarms
AHEAD_SECONDS = 15  # the server runs at least this long before they are due
GIVE_UP_SECONDS = 120.0
ALL_WITHIN_SECONDS = 8.0
Arrivals = list[float]


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes about three minutes."""
    with running_push_service() as receiver:
        ours, subscriptions = _ours(receiver, say)
        rivals = _rivals(receiver, subscriptions, say)
    name = f"{USERS:,} alarms in one second"
    goals = {"last": Goal("value", at_most=ALL_WITHIN_SECONDS)}
    rows = []
    for label, percent in (("median", 50), ("p99", 99), ("last", 100)):
        mine, theirs = percentile(ours, percent), percentile(rivals, percent)
        rows.append(Figure(f"{name}: {label}", mine, "s", RIVAL, theirs, goal=goals.get(label)))
    first = Figure(f"{name}: first", min(ours), "s", goal=Goal("value", at_least=0.0))
    return [first, *rows]


def _ours(receiver: RunningPushService, say: Callable[[str], None]) -> tuple[Arrivals, list[dict[str, Any]]]:
    subscriptions = receiver.subscribe_many(USERS)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        with Seeding(data_dir, push_allowed_hosts=(receiver.host,)) as seeding:
            say(f"burst: making {USERS:,} users and their devices")
            users = seeding.users(USERS)
            seeding.devices(users, subscriptions)
            due_at = _whole_second_in(SET_SECONDS + AHEAD_SECONDS)
            say(f"burst: setting their alarms for {due_at:%H:%M:%S} UTC")
            seeding.alarms(users, due_at)
        with running_local_host(data_dir, PUSH_ALLOWED_HOSTS=receiver.host) as host:
            try:
                return _arrivals(receiver, subscriptions, due_at, say), subscriptions
            except RuntimeError as error:
                raise RuntimeError(f"{error}\n{host.log()[-2000:]}") from None


def _rivals(receiver: RunningPushService, subscriptions: list[dict[str, Any]], say: Callable[[str], None]) -> Arrivals:
    say(f"burst: loading {USERS:,} jobs into {RIVAL}")
    due_at = _whole_second_in(SET_SECONDS + AHEAD_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        job = {
            "database": f"{folder}/jobs.db",
            "subscriptions": subscriptions,
            "allowed_host": receiver.host,
            "due_at": due_at.isoformat(),
        }
        with _running_rival(job):
            return _arrivals(receiver, subscriptions, due_at, say)


def _arrivals(
    receiver: RunningPushService, subscriptions: list[dict[str, Any]], due_at: datetime, say: Callable[[str], None]
) -> Arrivals:
    """Seconds from the due instant to each subscription's first arrival in this round, once all of them have come."""
    left = due_at.timestamp() - time.time()
    if left < AHEAD_SECONDS / 2:
        raise RuntimeError("this machine was too slow: they were not set early enough before they were due")
    before = receiver.stats().get("accepted", 0)
    time.sleep(left)
    deadline = time.time() + GIVE_UP_SECONDS
    first: dict[str, float] = {}
    while len(first) < len(subscriptions):
        if time.time() > deadline:
            raise RuntimeError(f"{len(first):,} of {len(subscriptions):,} devices rang within {GIVE_UP_SECONDS:.0f} s")
        time.sleep(1)
        if receiver.stats().get("accepted", 0) - before >= len(subscriptions):  # asking for all of them costs more
            first = dict(reversed(receiver.arrivals(before)))
    say(f"burst: all arrived {max(first.values()) - due_at.timestamp():.1f} s after the due instant")
    return [at - due_at.timestamp() for at in first.values()]


@contextmanager
def _running_rival(job: Mapping[str, Any]) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.rival_apscheduler"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(job) + "\n")
            child.stdin.flush()
            if child.stdout.readline().strip() != "loaded":
                raise RuntimeError("the rival did not start")
            yield
        finally:
            child.stdin.close()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _whole_second_in(seconds: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)

"""How late a ring leaves: arrival at the push receiver minus the due instant, for one alarm and for a hundred at a time.

The real local host, the real receiver, each a process of its own; every user has one device and rings once.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from tests.bench.figures import Figure, Goal, percentile
from tests.bench.seeding import SeededUser, Seeding
from tests.servers.local_host import RunningLocalHost
from tests.servers.push_service import RunningPushService, running_push_service

STARTS = 4
SINGLE_ALARMS = 20
ROUNDS = 5
TOGETHER = 100
SOONEST_SECONDS = 0.2
AHEAD_SECONDS = 10  # alarms are set a while before they ring
GOAL = Goal("value", at_most=250.0)
GIVE_UP_SECONDS = 20.0


@dataclass(frozen=True)
class Owner:
    """A user and the subscription of their only device."""

    user: SeededUser
    subscription_id: str


class Firing:
    """A server with users on it, and a receiver that stamps arrivals."""

    def __init__(self, host: RunningLocalHost, receiver: RunningPushService, owners: Sequence[Owner]) -> None:
        self._host, self._receiver = host, receiver
        self._http = requests.Session()
        self._http.trust_env = False
        self._fresh = list(owners)

    def call(self, method: str, path: str, owner: Owner, body: Any = None) -> Any:
        """One call of the API. Raises for anything but success."""
        headers = {"authorization": f"Bearer {owner.user.token}"}
        answer = self._http.request(method, f"{self._host.url}/api/v1{path}", json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def set_alarms(self, count: int, due_at: datetime) -> list[tuple[Owner, datetime, str]]:
        """One alarm for each of so many users who have rung nothing yet: the user, its instant, its occurrence."""
        taken = [self._fresh.pop() for _ in range(count)]
        body = {"label": "Bench", "time_zone": "UTC", "schedule": {"start": f"{due_at:%Y-%m-%dT%H:%M:%S}"}}
        return [(owner, due_at, self.call("POST", "/alarms", owner, body)["next"]["id"]) for owner in taken]

    def errors(self, rung: Sequence[tuple[Owner, datetime, str]]) -> list[float]:
        """Wait for all of them; milliseconds from each due instant to its first arrival, then dismiss them all."""
        deadline = max(due_at for _, due_at, _ in rung).timestamp() + GIVE_UP_SECONDS
        wanted = {owner.subscription_id for owner, _, _ in rung}
        first: dict[str, float] = {}
        while not wanted <= first.keys():
            if time.time() > deadline:
                raise RuntimeError(
                    f"{len(wanted - first.keys())} of {len(wanted)} rings never arrived\n{self._host.log()[-2000:]}"
                )
            time.sleep(0.25)
            first = dict(reversed(self._receiver.arrivals()))
        for owner, _, occurrence_id in rung:
            self.call("POST", f"/occurrences/{occurrence_id}/dismiss", owner, {})
        return [(first[owner.subscription_id] - due_at.timestamp()) * 1000 for owner, due_at, _ in rung]


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes about a minute and a half."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, running_push_service() as receiver:
        data_dir = Path(folder)
        owners = _seeded(data_dir, receiver, STARTS + SINGLE_ALARMS + ROUNDS * TOGETHER)
        first: list[float] = []
        for number in range(STARTS):
            with _started(data_dir, receiver, [owners.pop()]) as firing:
                time.sleep((1 - SOONEST_SECONDS - time.time()) % 1)
                first += firing.errors(firing.set_alarms(1, _in_seconds(0)))
            say(f"firing: start {number + 1} of {STARTS}: {first[-1]:.0f} ms")
        found += _rows(f"first ring after a start, set {SOONEST_SECONDS} s ahead", first)
        with _started(data_dir, receiver, owners) as firing:
            say(f"firing: {SINGLE_ALARMS} alarms, one at a time")
            due_at = _in_seconds(AHEAD_SECONDS)
            single = [row for i in range(SINGLE_ALARMS) for row in firing.set_alarms(1, due_at + timedelta(seconds=i))]
            found += _rows("firing error, 1 alarm", firing.errors(single))
            together: list[float] = []
            for number in range(ROUNDS):
                say(f"firing: {TOGETHER} alarms in one second, round {number + 1} of {ROUNDS}")
                together += firing.errors(firing.set_alarms(TOGETHER, _in_seconds(AHEAD_SECONDS)))
            found += _rows(f"firing error, {TOGETHER} alarms in one second", together)
    return found


def _rows(name: str, milliseconds: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"{name}: median", percentile(milliseconds, 50), "ms"),
        Figure(f"{name}: p99", percentile(milliseconds, 99), "ms", goal=GOAL),
        Figure(f"{name}: largest of {len(milliseconds)}", max(milliseconds), "ms"),
        Figure(f"{name}: earliest", min(milliseconds), "ms", goal=Goal("value", at_least=0.0)),
    ]


def _in_seconds(seconds: int) -> datetime:
    """A whole second, at least so far ahead."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)


def _seeded(data_dir: Path, receiver: RunningPushService, count: int) -> list[Owner]:
    subscriptions = receiver.subscribe_many(count)
    with Seeding(data_dir, push_allowed_hosts=(receiver.host,)) as seeding:
        users = seeding.users(count)
        seeding.devices(users, subscriptions)
    return [Owner(user, made["id"]) for user, made in zip(users, subscriptions, strict=True)]


@contextmanager
def _started(data_dir: Path, receiver: RunningPushService, owners: Sequence[Owner]) -> Iterator[Firing]:
    host = RunningLocalHost(data_dir, {"PUSH_ALLOWED_HOSTS": receiver.host})
    host.start()
    try:
        yield Firing(host, receiver, owners)
    finally:
        host.kill()

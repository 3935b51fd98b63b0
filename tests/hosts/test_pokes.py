"""The real local host pokes a user's open sockets after any commit, and nobody else's."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from smartalarm import wiring
from smartalarm.catalog import FUNCTIONS_ROOT
from smartalarm.ports import Pokes
from smartalarm.sync.pull_cursor import text_to_cursor
from tests.fakes import memory_world
from tests.hosts.clients import AwsClient
from tests.servers.cloud_events import json_call
from tests.servers.local_host import RunningLocalHost, running_local_host

PATIENCE_SECONDS = 10.0
ALARM = {"label": "Work", "schedule": {"start": "2030-01-07T07:00:00", "rrule": None}}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLocalHost]:
    """With SQLite."""
    with running_local_host(tmp_path_factory.mktemp("pokes")) as running:
        yield running


class Person:
    """One account with a socket."""

    def __init__(self, host: RunningLocalHost) -> None:
        self._host = host
        account = {"email": f"{uuid4().hex}@example.org", "password": "correct horse battery staple", "time_zone": "UTC"}
        self._headers: dict[str, str] = {}
        registered = self.call("POST", "/auth/register", account)
        self.id: str = registered["user"]["id"]
        self._headers = {"authorization": f"Bearer {registered['access_token']}"}
        ticket = self.call("POST", "/sync/ticket", {})
        self.socket: ClientConnection = connect(f"{ticket['url']}?ticket={ticket['ticket']}", proxy=None, legacy=True)
        self.socket.send(json.dumps({"action": "ping"}))
        assert self.hear()["type"] == "hello"

    def call(self, method: str, path: str, body: Any) -> Any:
        """The decoded answer."""
        answer = requests.request(method, f"{self._host.url}/api/v1{path}", json=body, headers=self._headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def hear(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """The next message; None when none comes."""
        try:
            return json.loads(self.socket.recv(timeout=seconds))
        except TimeoutError:
            return None


def test_an_edit_by_rest_pokes_the_users_sockets_alone(host: RunningLocalHost) -> None:
    """One poke soon after the commit; many edits at once make few, and the last one is told."""
    ana, ben = Person(host), Person(host)
    alarm = ana.call("POST", "/alarms", ALARM)
    first = ana.hear()
    assert (first["type"], set(first)) == ("poke", {"type", "cursor"})
    started = time.monotonic()
    for number in range(20):
        ana.call("PATCH", f"/alarms/{alarm['id']}", {"label": f"L{number}"})
    seconds = time.monotonic() - started
    pokes = []
    while (heard := ana.hear(1.0)) is not None:
        pokes.append(heard)
    assert 1 <= len(pokes) <= 4 * (seconds + 0.5) + 1
    first_seq, last_seq = (
        text_to_cursor(heard["cursor"], ana.id, datetime.now(UTC)).feed.seq for heard in (first, pokes[-1])
    )
    assert last_seq == first_seq + 20
    assert ana.call("GET", f"/sync/pull?cursor={pokes[-1]['cursor']}", None)["changes"][0]["fields"]["label"] == "L19"
    assert ben.hear(0.1) is None
    ana.socket.close()
    ben.socket.close()


class Flushed:
    """Counts the ends of calls."""

    def __init__(self) -> None:
        self.times = 0

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """Not looked at."""

    def flush(self) -> None:
        """Count."""
        self.times += 1


def test_a_function_on_aws_tells_at_the_end_of_a_call_that_may_have_changed_something() -> None:
    """Not of one that only reads; and nothing of it shows in the answer."""
    pokes = Flushed()
    wiring.use(memory_world({Pokes: lambda: pokes}))
    try:
        client = AwsClient()
        account = {"email": "ana@example.org", "password": "correct horse battery staple", "time_zone": "UTC"}
        call = json_call("POST", "/api/v1/auth/register", account)
        assert client.send(FUNCTIONS_ROOT / "register_account", call).status == 201
        assert pokes.times == 1
        assert client.send(FUNCTIONS_ROOT / "list_alarms", json_call("GET", "/api/v1/alarms", None)).status == 401
        assert pokes.times == 1
    finally:
        wiring.use(None)

"""The main job on the real local host, with a real push service, real sockets and real kills."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.e2e.client import Client, hear, rings
from tests.servers.local_host import RunningLocalHost, running_local_host
from tests.servers.push_service import RunningPushService, running_push_service

pytestmark = pytest.mark.alone
FIRING_SECONDS = 0.25


@pytest.fixture(scope="module")
def service() -> Iterator[RunningPushService]:
    """A push service that really decrypts."""
    with running_push_service() as running:
        yield running


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RunningLocalHost]:
    """A local host on empty data."""
    with running_local_host(tmp_path, PUSH_ALLOWED_HOSTS="127.0.0.1") as running:
        yield running


def test_an_alarm_rings_on_time_by_push_and_socket_and_is_dismissed_everywhere(
    host: RunningLocalHost, service: RunningPushService
) -> None:
    """Within a quarter second, never early; the answer on one socket stops the other and the push."""
    client = Client(host.url)
    phone = client.subscribe(service)
    first, second = client.open_socket(), client.open_socket()
    occurrence_id, due_at = client.set_alarm(4)
    ring = rings(service, phone, "ring", 8)[0]
    assert 0 <= ring["at"] - due_at <= FIRING_SECONDS
    assert hear(first, "ring", 2)["occurrence"]["id"] == occurrence_id
    assert hear(second, "ring", 2)["occurrence"]["id"] == occurrence_id
    first.send(json.dumps({"action": "dismiss", "request_id": "x", "occurrence_id": occurrence_id}))
    assert hear(second, "stop", 2)["state"] == "dismissed"
    assert hear(first, "stop", 2)["occurrence_id"] == occurrence_id
    stop = rings(service, phone, "stop", 3)[0]
    assert stop["topic"] == ring["topic"]
    events = [line["event"] for line in client.call("GET", f"/occurrences/{occurrence_id}")["ledger"]]
    assert events[:8] == ["scheduled", "claimed", "due", "sent", "sent", "sent", "accepted", "dismissed"]
    assert set(events[8:]) == {"stop_sent"}  # twice when the answer came before the sending was written down


def test_whoever_connects_or_registers_seconds_before_hears_the_ring_on_time(
    host: RunningLocalHost, service: RunningPushService
) -> None:
    """The ring was encrypted for those who were there eight seconds before."""
    client = Client(host.url)
    occurrence_id, due_at = client.set_alarm(8)
    time.sleep(max(0.0, due_at - 3 - time.time()))
    late_socket, late_phone = client.open_socket(), client.subscribe(service)
    assert hear(late_socket, "ring", 6)["occurrence"]["id"] == occurrence_id
    assert 0 <= time.time() - due_at <= FIRING_SECONDS
    assert 0 <= rings(service, late_phone, "ring", 2)[0]["at"] - due_at <= FIRING_SECONDS


def test_an_alarm_due_while_the_server_was_killed_rings_at_the_next_start(
    host: RunningLocalHost, service: RunningPushService
) -> None:
    """Kill -9 before the instant, start after it: it rings at once and says how late it is."""
    client = Client(host.url)
    phone = client.subscribe(service)
    occurrence_id, due_at = client.set_alarm(4)
    host.kill()
    time.sleep(max(0.0, due_at + 1 - time.time()))
    host.start()
    started_at = time.time()
    ring = rings(service, phone, "ring", 8)[0]
    assert ring["at"] - started_at <= 2
    events = [line["event"] for line in client.call("GET", f"/occurrences/{occurrence_id}")["ledger"]]
    assert "late" in events


@pytest.mark.parametrize("seconds_before", [2.0, 0.4])
def test_a_kill_while_the_ring_is_held_loses_nothing(
    host: RunningLocalHost, service: RunningPushService, seconds_before: float
) -> None:
    """Killed when armed, and when claimed; started at once: the ring comes, under one id."""
    client = Client(host.url)
    phone = client.subscribe(service)
    occurrence_id, due_at = client.set_alarm(5)
    time.sleep(max(0.0, due_at - seconds_before - time.time()))
    host.kill()
    host.start()
    found = rings(service, phone, "ring", 16)
    assert {json.loads(message["text"])["occurrence"]["id"] for message in found} == {occurrence_id}
    assert found[0]["at"] >= due_at


def test_sigterm_stops_it_cleanly_within_seconds(host: RunningLocalHost) -> None:
    """Exit code 0 and a last line."""
    Client(host.url)
    started_at = time.monotonic()
    assert host.terminate() == 0
    assert time.monotonic() - started_at < 8
    assert "Smart Alarm has stopped." in host.log()


def test_a_second_server_on_the_same_data_refuses_to_start(host: RunningLocalHost, tmp_path: Path) -> None:
    """Two ring loops on one SQLite file would ring twice."""
    second = RunningLocalHost(tmp_path, {})
    with pytest.raises(RuntimeError, match="another Smart Alarm uses"):
        second.start()
    assert requests.get(f"{host.url}/api/v1/health/ready", timeout=5).status_code == 200


def test_a_malformed_setting_stops_the_start_with_one_line_that_names_it(tmp_path: Path) -> None:
    """No traceback."""
    host = RunningLocalHost(tmp_path, {"GRACE_MINUTES": "soon"})
    with pytest.raises(RuntimeError, match="GRACE_MINUTES"):
        host.start()
    assert "Traceback" not in host.log()


def test_a_database_that_does_not_answer_stops_the_start_with_one_line(tmp_path: Path) -> None:
    """It names the variable, repeats no password and shows no traceback."""
    url = "postgresql://ann:hidden@127.0.0.1:1/alarm"
    host = RunningLocalHost(tmp_path, {"DATABASE_PROVIDER": "postgresql", "CONNECTION_STRING": url})
    with pytest.raises(RuntimeError, match="CONNECTION_STRING"):
        host.start()
    assert "Traceback" not in host.log()
    assert "hidden" not in host.log()


def test_a_ticket_opens_one_socket_once(host: RunningLocalHost) -> None:
    """Replayed, unknown and missing tickets are refused before the socket opens."""
    client = Client(host.url)
    ticket = client.call("POST", "/sync/ticket", {})
    connect(f"{ticket['url']}?ticket={ticket['ticket']}", proxy=None, legacy=True).close()
    for query in (f"?ticket={ticket['ticket']}", "?ticket=nonsense", ""):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{ticket['url']}{query}", proxy=None, legacy=True)
        assert refused.value.response.status_code == 401


def test_a_foreign_page_may_not_open_a_socket(host: RunningLocalHost) -> None:
    """The browser's Origin is checked."""
    client = Client(host.url)
    ticket = client.call("POST", "/sync/ticket", {})
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"{ticket['url']}?ticket={ticket['ticket']}",
            proxy=None,
            legacy=True,
            additional_headers={"origin": "https://evil.example"},
        )
    assert refused.value.response.status_code == 403


def test_many_alarms_of_one_user_at_one_second_all_ring_once(host: RunningLocalHost, service: RunningPushService) -> None:
    """One user's commits follow each other, and still each alarm rings."""
    client = Client(host.url)
    phone = client.subscribe(service)
    due = {client.set_alarm(12)[0] for _ in range(20)}
    ends_at = time.monotonic() + 20
    seen: list[str] = []
    while time.monotonic() < ends_at and len(set(seen)) < len(due):
        time.sleep(0.2)
        messages = service.messages(phone["id"])
        seen = [json.loads(message["text"])["occurrence"]["id"] for message in messages]
    assert sorted(seen) == sorted(due)

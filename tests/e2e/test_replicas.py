"""Two processes of the local host on one PostgreSQL: each alarm rings once, sockets hear what the other one rings."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.e2e.client import Client, hear, rings
from tests.servers.local_host import RunningLocalHost
from tests.servers.postgres import fresh_database
from tests.servers.push_service import RunningPushService, running_push_service
from tests.servers.replicas import CUT, Replicas
from tests.servers.sql_databases import postgres_or_skip

pytestmark = pytest.mark.alone
FIRING_SECONDS = 0.5
USERS = 30
LEASE_SECONDS = 10


@pytest.fixture(scope="module")
def service() -> Iterator[RunningPushService]:
    """A push service that really decrypts."""
    with running_push_service() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real PostgreSQL."""
    with postgres_or_skip() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """An empty database."""
    with fresh_database(server) as url:
        yield url


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, server: str) -> Iterator[Replicas]:
    """Two that do everything, for tests that leave them as they are."""
    with fresh_database(server) as url, Replicas(tmp_path_factory.mktemp("pair"), url, a="all", b="all") as running:
        yield running


@pytest.fixture
def own_pair(tmp_path: Path, database: str) -> Iterator[Replicas]:
    """Two for a test that kills one."""
    with Replicas(tmp_path, database, a="all", b="all") as running:
        yield running


def at(replicas: Replicas, name: str, client: Client) -> Client:
    """The same person at another replica."""
    return client.elsewhere(replicas.hosts[name].url)


def heard_within(socket: ClientConnection, seconds: float) -> list[dict[str, Any]]:
    """All that comes on a socket."""
    messages = []
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0:
        try:
            messages.append(json.loads(socket.recv(timeout=left)))
        except TimeoutError:
            break
    return messages


def test_each_of_many_alarms_rings_once_on_every_device_of_either_replica(
    pair: Replicas, service: RunningPushService
) -> None:
    """One push a device and one ring a socket, all in time, whichever of the two took the timer."""
    with ExitStack() as stack:
        people = [Client(pair.hosts["ab"[n % 2]].url) for n in range(USERS)]
        phones = [person.subscribe(service) for person in people]
        sockets = [
            {name: stack.enter_context(at(pair, name, person).open_socket()) for name in pair.hosts} for person in people
        ]
        due_at = int(time.time()) + 8
        ids = [person.set_alarm_at(due_at) for person in people]
        with ThreadPoolExecutor(2 * USERS) as threads:
            waits = due_at - time.time() + 3
            heard = [
                {name: threads.submit(heard_within, socket, waits) for name, socket in mine.items()} for mine in sockets
            ]
        for n, phone in enumerate(phones):
            pushes = rings(service, phone, "ring", 1)
            assert [json.loads(push["text"])["occurrence"]["id"] for push in pushes] == [ids[n]]
            assert 0 <= pushes[0]["at"] - due_at <= 2 * FIRING_SECONDS
            for told in heard[n].values():
                got = [message["occurrence"]["id"] for message in told.result() if message["type"] == "ring"]
                assert got == [ids[n]]
        ledgers = [person.call("GET", f"/occurrences/{id_}")["ledger"] for person, id_ in zip(people, ids, strict=True)]
        for ledger in ledgers:
            events = [line["event"] for line in ledger]
            assert (events.count("claimed"), events.count("due"), events.count("sent")) == (1, 1, 3)


def test_a_socket_hears_the_ring_that_the_other_replica_fires_and_an_answer_there_stops_it(pair: Replicas) -> None:
    """Only one of the two takes a timer; sockets on both hear ring and stop, whichever it was."""
    client = Client(pair.hosts["a"].url)
    with client.open_socket() as on_a, at(pair, "b", client).open_socket() as on_b:
        occurrence_id, due_at = client.set_alarm(3)
        latencies = []
        for socket in (on_a, on_b):
            ring = hear(socket, "ring", 6)
            latencies.append(time.time() - due_at)
            assert (ring["occurrence"]["id"], ring["alarm"]["label"]) == (occurrence_id, "Work")
        assert all(0 <= one <= FIRING_SECONDS for one in latencies)
        on_a.send(json.dumps({"action": "dismiss", "request_id": 1, "occurrence_id": occurrence_id}))
        for socket in (on_b, on_a):
            stop = hear(socket, "stop", 2)
            assert (stop["occurrence_id"], stop["state"]) == (occurrence_id, "dismissed")


def test_a_label_never_travels_by_notice(pair: Replicas) -> None:
    """Whoever listens in learns ids alone."""
    client = Client(pair.hosts["a"].url)
    with (
        client.open_socket() as on_a,
        at(pair, "b", client).open_socket() as on_b,
        psycopg.connect(pair.database, autocommit=True, connect_timeout=5) as spy,
    ):
        for host in pair.hosts_with_sockets():
            spy.execute(sql.SQL("LISTEN {}").format(sql.Identifier(f"smartalarm:host:{host}")))
        client.set_alarm(2, label="Oncology at nine")
        for socket in (on_a, on_b):
            assert hear(socket, "ring", 5)["alarm"]["label"] == "Oncology at nine"
        payloads = [notice.payload for notice in spy.notifies(timeout=1)]
    assert not any("Oncology" in payload for payload in payloads)
    assert {notice[0] for payload in payloads for notice in json.loads(payload)} == {"poke", "ring"}


@pytest.mark.parametrize(("seconds_before", "latest"), [(3.0, LEASE_SECONDS + 2), (0.4, LEASE_SECONDS + 2), (-0.3, 1)])
def test_one_killed_in_mid_ring_loses_nothing(
    own_pair: Replicas, service: RunningPushService, seconds_before: float, latest: float
) -> None:
    """Killed when armed, when claimed, just after it rang: the other takes over when the lease ends, under the same ids."""
    holder, heir = own_pair.hosts["a"], own_pair.hosts["b"]
    people = [Client(holder.url) for _ in range(8)]
    phones = [person.subscribe(service) for person in people]
    os.kill(heir.pid, signal.SIGSTOP)  # so that it is surely the other one that takes the timers
    due_at = int(time.time()) + 6
    ids = [person.set_alarm_at(due_at) for person in people]
    taken = "SELECT count(*) FROM timers WHERE purpose = 'ring' AND handed_at IS NOT NULL"
    while own_pair.ask(taken) != [(len(people),)]:
        assert time.time() < due_at - 3
        time.sleep(0.05)
    os.kill(heir.pid, signal.SIGCONT)
    time.sleep(max(0.0, due_at - seconds_before - time.time()))
    holder.kill()
    for phone, occurrence_id in zip(phones, ids, strict=True):
        found = rings(service, phone, "ring", 4 + LEASE_SECONDS + 4)
        assert {json.loads(push["text"])["occurrence"]["id"] for push in found} == {occurrence_id}
        assert 0 <= found[0]["at"] - due_at <= latest


def test_sockets_of_a_killed_replica_reconnect_to_the_other_and_hear_what_rings(own_pair: Replicas) -> None:
    """What rang when it died rings on; its rows are swept within seconds, and presence tells the truth."""
    client = Client(own_pair.hosts["b"].url)
    device_id = client.add_device()
    on_a = at(own_pair, "a", client).open_socket(device_id)
    assert client.call("GET", "/devices")["items"][0]["connected"] is True
    occurrence_id, _ = client.set_alarm(2)
    assert hear(on_a, "ring", 5)["occurrence"]["id"] == occurrence_id
    own_pair.hosts["a"].kill()
    with pytest.raises(ConnectionClosed):
        heard_within(on_a, 2)
    with client.open_socket() as on_b:  # its first ping was answered; what rings follows
        assert hear(on_b, "ring", 2)["occurrence"]["id"] == occurrence_id
        ends_at = time.monotonic() + 15
        while client.call("GET", "/devices")["items"][0]["connected"] and time.monotonic() < ends_at:
            time.sleep(0.2)
        assert client.call("GET", "/devices")["items"][0]["connected"] is False
        assert len(own_pair.hosts_with_sockets()) == 1


def test_a_connection_of_a_dead_replica_is_told_to_be_gone(own_pair: Replicas) -> None:
    """The ledger does not claim what reached nobody."""
    client = Client(own_pair.hosts["b"].url)
    at(own_pair, "a", client).open_socket()
    occurrence_id, due_at = client.set_alarm(3)
    time.sleep(max(0.0, due_at - 1.5 - time.time()))
    own_pair.hosts["a"].kill()
    time.sleep(max(0.0, due_at + LEASE_SECONDS + 3 - time.time()))
    ledger = client.call("GET", f"/occurrences/{occurrence_id}")["ledger"]
    assert [line["event"] for line in ledger if line["event"] in {"claimed", "sent"}] == ["claimed"]
    assert own_pair.hosts_with_sockets() == []


def test_a_cut_line_heals_and_tells_what_began_and_ended_meanwhile(pair: Replicas) -> None:
    """The server ends every listening connection again and again, while rings begin and are answered."""
    client = Client(pair.hosts["a"].url)
    with client.open_socket() as on_a, at(pair, "b", client).open_socket() as on_b:
        for _ in range(3):
            occurrence_id, due_at = client.set_alarm(3)
            while time.time() < due_at + 0.3:  # deaf most of the time while it rings
                pair.ask(CUT)
                time.sleep(0.02)
            for socket in (on_a, on_b):
                assert hear(socket, "ring", 3)["occurrence"]["id"] == occurrence_id
            pair.ask(CUT)
            client.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
            for socket in (on_a, on_b):
                assert hear(socket, "stop", 3)["occurrence_id"] == occurrence_id
        assert len(pair.hosts_with_sockets()) == 2


def test_a_web_and_a_worker_process_do_the_job_together(tmp_path: Path, database: str, service: RunningPushService) -> None:
    """The web process has no ring loop, the worker no sockets; what is due in a moment wakes the worker at once."""
    with Replicas(tmp_path, database, web="web", worker="worker") as running:
        client = Client(running.hosts["web"].url)
        phone = client.subscribe(service)
        with client.open_socket() as socket:
            for seconds in (1, 3):
                occurrence_id, due_at = client.set_alarm(seconds)
                assert hear(socket, "ring", 6)["occurrence"]["id"] == occurrence_id
                assert 0 <= time.time() - due_at <= FIRING_SECONDS
                assert occurrence_id in {
                    json.loads(push["text"])["occurrence"]["id"] for push in rings(service, phone, "ring", 3)
                }
                client.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
                assert hear(socket, "stop", 2)["occurrence_id"] == occurrence_id
        worker = client.elsewhere(running.hosts["worker"].url)
        assert worker.call("GET", "/health/live") == {"status": "live"}
        worker.call("GET", "/alarms", status=404)
        assert [host.terminate() for host in running.hosts.values()] == [0, 0]


def test_a_rolling_restart_under_load_is_on_time(own_pair: Replicas, service: RunningPushService) -> None:
    """Each gets SIGTERM seconds before a ring; it sees through what it holds, so nothing waits for a lease."""
    for name, other in (("a", "b"), ("b", "a")):
        people = [Client(own_pair.hosts[other].url) for _ in range(6)]
        phones = [person.subscribe(service) for person in people]
        due_at = int(time.time()) + 5
        for person in people:
            person.set_alarm_at(due_at)
        time.sleep(max(0.0, due_at - 2 - time.time()))
        assert own_pair.hosts[name].terminate() == 0
        late = [rings(service, phone, "ring", 5)[0]["at"] - due_at for phone in phones]
        assert min(late) >= 0
        assert max(late) <= 2 * FIRING_SECONDS, late
        own_pair.hosts[name].start()


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"SMARTALARM_ROLE": "web"}, "SMARTALARM_ROLE"),
        ({"SMARTALARM_ROLE": "everything"}, "SMARTALARM_ROLE"),
        ({"SMARTALARM_ROLE": "web", "DATABASE_PROVIDER": "postgresql", "CONNECTION_STRING": "x"}, "JWT_SECRET_KEY"),
        ({"SMARTALARM_ROLE": "worker", "DATABASE_PROVIDER": "postgresql", "CONNECTION_STRING": "x"}, "API_BASE_URL"),
    ],
)
def test_a_role_that_cannot_work_is_refused_with_one_line(tmp_path: Path, settings: dict[str, str], name: str) -> None:
    """Web and worker share a database and the secrets."""
    host = RunningLocalHost(tmp_path, settings)
    with pytest.raises(RuntimeError, match=f"cannot start: {name}: "):
        host.start()
    assert len(host.log().splitlines()) == 1

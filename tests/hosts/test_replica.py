"""Replicas on a real PostgreSQL, both in this process: who is there, what is told, and what is mended after a cut."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from smartalarm.adapters.connections_held import HeldConnections
from smartalarm.adapters.sockets_local import LocalSockets
from smartalarm.adapters.sockets_relay import SocketRelay
from smartalarm.adapters.sql import Line, PooledEngine, SqlConnections, open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.sql.schema import connections
from smartalarm.hosts.replica import Replica
from smartalarm.injection import Injector
from smartalarm.ports import Commit, Connection, Put, Store
from smartalarm.ringing.notices import ring_message, stop_message
from smartalarm.ringing.retelling import Retelling
from smartalarm.ringing.told import PokeMessage
from tests.fakes import START, RecordingTelemetry, memory_world
from tests.servers.postgres import fresh_database
from tests.servers.replicas import CUT
from tests.servers.sql_databases import postgres_or_skip
from tests.unit.adapters.test_sockets_relay import Heard
from tests.unit.ringing.told import keep, occurrence

PATIENCE_SECONDS = 15.0


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what another thread brings about."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


class Member:
    """One process: its engine, sockets and place on the line. The store is everybody's, in memory."""

    def __init__(self, url: str, host: str, world: Injector) -> None:
        engine = open_engine(url)
        assert isinstance(engine, PooledEngine)
        self.engine = engine
        self.host = host
        self.telemetry = RecordingTelemetry()
        self.sockets = LocalSockets(host, SocketRelay(Line(engine), self.telemetry, patience_seconds=5))
        self.connections = HeldConnections(SqlConnections(engine), host)
        self.wakes = 0
        self.replica = Replica(
            engine,
            sockets=self.sockets,
            connections=self.connections,
            retelling=world.get(Retelling),
            store=world.get(Store),
            telemetry=self.telemetry,
            wake=self.wake,
        )

    def wake(self) -> None:
        """Count it."""
        self.wakes += 1

    def open(self, name: str, user: str) -> tuple[Connection, Heard]:
        """A socket here."""
        heard = Heard()
        self.sockets.add(name, heard)
        connection = Connection(name, user, None, START, self.host)
        self.connections.open(connection)
        return connection, heard

    def leave(self) -> None:
        """Go in peace."""
        self.replica.stop()
        self.engine.close()


class Scene:
    """Two members, a and b, and a user that exists."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.world = memory_world()
        self.store: Store = self.world.get(Store)
        self.store.commit(Commit("ann", START, writes=(Put("profile", "me", {"time_zone": "UTC"}),), creates_user=True))
        self.a, self.b = Member(url, "a", self.world), Member(url, "b", self.world)

    def cut(self, how_often: int = 1) -> None:
        """The server ends all listening connections."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            for _ in range(how_often):
                connection.execute(CUT)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real PostgreSQL."""
    with postgres_or_skip() as url:
        yield url


@pytest.fixture
def scene(server: str) -> Iterator[Scene]:
    """Both on the line."""
    with fresh_database(server) as url, ExitStack() as stack:
        engine = open_engine(url)
        migrate(engine)
        engine.close()
        made = Scene(url)
        for member in (made.a, made.b):
            stack.callback(member.leave)
            member.replica.start()
        yield made


def words(heard: Heard) -> list[tuple[str, str]]:
    """(type, occurrence id) of what a socket heard."""
    messages: list[dict[str, Any]] = [json.loads(text) for text in heard.texts]
    return [(one["type"], one["occurrence"]["id"] if one["type"] == "ring" else one["occurrence_id"]) for one in messages]


def test_a_poke_reaches_the_sockets_of_another_process(scene: Scene) -> None:
    """By the same notices as rings; the cursor arrives as it was."""
    connection, heard = scene.b.open("socket-b", "ann")
    scene.a.sockets.post([(connection, PokeMessage(cursor="12").to_json())])
    until(lambda: bool(heard.texts))
    assert json.loads(heard.texts[0]) == {"type": "poke", "cursor": "12"}


def test_what_one_posts_the_other_tells_as_it_stands_in_the_store(scene: Scene) -> None:
    """A ring, then its end; the words are read, not carried."""
    socket, heard = scene.b.open("socket", "ann")
    ringing = occurrence("ringing")
    keep(scene.store, "ann", occurrence("ringing", label="As it stands now"))
    assert scene.a.sockets.post([(socket, ring_message(ringing, rung=2))]) == [True]
    until(lambda: len(heard.texts) == 1)
    told = json.loads(heard.texts[0])
    assert (told["alarm"]["label"], told["rung"]) == ("As it stands now", 2)
    ended = occurrence("dismissed", answered_by="phone")
    keep(scene.store, "ann", ended)
    assert scene.a.sockets.post([(socket, stop_message(ended, "phone"))]) == [True]
    until(lambda: len(heard.texts) == 2)
    assert json.loads(heard.texts[1]) == stop_message(ended, "phone")


def test_a_ring_that_was_answered_on_the_way_is_not_told(scene: Scene) -> None:
    """Nor the end of one that rings again: what follows it tells."""
    socket, heard = scene.b.open("socket", "ann")
    keep(scene.store, "ann", occurrence("dismissed"))
    scene.a.sockets.post([(socket, ring_message(occurrence("ringing"), rung=0))])
    scene.a.sockets.post([(socket, stop_message(occurrence("dismissed"), None))])
    until(lambda: bool(heard.texts))
    assert [kind for kind, _ in words(heard)] == ["stop"]


def test_a_socket_that_closed_meanwhile_is_forgotten_by_who_held_it(scene: Scene) -> None:
    """Its row was left behind."""
    left = Connection("left", "ann", None, START, "b")
    scene.a.connections.open(left)
    assert scene.a.sockets.post([(left, ring_message(occurrence("ringing"), rung=0))]) == [True]  # b is there
    until(lambda: scene.a.connections.find("left") is None)


def test_who_left_the_line_is_gone_at_once(scene: Scene) -> None:
    """No heartbeat has to run out, and nothing of it stays in the table."""
    socket, _ = scene.b.open("socket", "ann")
    scene.b.replica.stop()
    assert scene.a.sockets.post([(socket, ring_message(occurrence("ringing"), rung=0))]) == [False]
    assert scene.a.connections.of(["ann"]) == {}


def test_sockets_of_a_dead_process_are_swept_but_not_those_of_one_that_reconnects(scene: Scene) -> None:
    """It takes two looks, five seconds apart."""
    scene.a.connections.open(Connection("ghost", "ann", None, START, "died-before"))
    scene.b.open("living", "ann")
    until(lambda: scene.a.connections.find("ghost") is None)
    assert scene.a.connections.find("living") is not None


def test_a_cut_line_is_mended_with_what_began_and_ended_meanwhile(scene: Scene) -> None:
    """What others took for gone is put back; each socket hears what it missed and nothing twice."""
    socket, heard = scene.b.open("socket", "ann")
    ended, begun, going = (occurrence("ringing", id=f"alarm-{n}:20261201T060000Z") for n in range(3))
    for one in (ended, going):
        keep(scene.store, "ann", one)
        scene.b.sockets.post([(socket, ring_message(one, rung=0))])
    assert words(heard) == [("ring", ended.id), ("ring", going.id)]
    SqlConnections(scene.a.engine).close("socket")  # as who posts to a process that is off the line does
    keep(scene.store, "ann", begun)
    keep(scene.store, "ann", ended.model_copy(update={"state": "dismissed"}))
    scene.cut()
    until(lambda: len(heard.texts) == 4)
    assert sorted(words(heard)[2:]) == [("ring", begun.id), ("stop", ended.id)]
    assert scene.a.connections.of(["ann"]) == {"ann": [socket]}
    assert scene.a.sockets.post([(socket, ring_message(going, rung=1))]) == [True]
    until(lambda: len(heard.texts) == 5)
    assert "listening_failed" in scene.b.telemetry.problems


def test_a_socket_that_somebody_forgot_too_late_is_put_back(scene: Scene) -> None:
    """Who took us for gone forgets our socket when its pushes have left; by then we were back and had mended all."""
    socket, heard = scene.b.open("socket", "ann")
    SqlConnections(scene.a.engine).close("socket")
    keep(scene.store, "ann", occurrence("ringing"))
    until(lambda: scene.a.connections.of(["ann"]) == {"ann": [socket]})
    until(lambda: [kind for kind, _ in words(heard)] == ["ring"])


def test_an_erased_account_is_not_put_back(scene: Scene) -> None:
    """Its socket's next message finds nobody, and is closed."""
    scene.b.open("socket", "ann")
    scene.a.connections.forget_user("ann")
    scene.store.erase("ann")
    scene.cut()
    until(lambda: not scene.b.connections.held())
    assert scene.a.connections.find("socket") is None


def test_whoever_writes_a_timer_elsewhere_wakes_every_ring_loop(scene: Scene) -> None:
    """Also right after a cut."""
    Line(scene.a.engine).wake_ringers()
    until(lambda: scene.a.wakes >= 1 and scene.b.wakes >= 1)


def test_a_notice_that_nobody_of_ours_wrote_breaks_nothing(scene: Scene) -> None:
    """It is reported, and the next one is heard."""
    socket, heard = scene.b.open("socket", "ann")
    keep(scene.store, "ann", occurrence("ringing"))
    assert Line(scene.a.engine).say([("b", "nonsense")]) == [True]
    scene.a.sockets.post([(socket, ring_message(occurrence("ringing"), rung=0))])
    until(lambda: len(heard.texts) == 1)
    assert scene.b.telemetry.problems == ["notice_not_understood"]


def test_a_burst_of_rings_reaches_thousands_of_sockets_of_another_process_within_moments(scene: Scene) -> None:
    """Two thousand people with a socket each, told by one post: the notices are few, and read in bulk."""
    people = [f"user-{number:04}" for number in range(2_000)]
    profile = Put("profile", "me", {"time_zone": "UTC"})
    scene.store.commit_many([Commit(user, START, writes=(profile,), creates_user=True) for user in people])
    ringing = occurrence("ringing")
    sockets, heard = [Connection(user, user, None, START, "b") for user in people], [Heard() for _ in people]
    rows = [{"id": user, "user_id": user, "opened_at": 0, "host": "b"} for user in people]
    scene.b.engine.write(
        lambda database, _: database.execute(sa.insert(connections), rows)
    )  # at once: it is no part of this
    for connection, box in zip(sockets, heard, strict=True):
        keep(scene.store, connection.user, ringing)
        scene.b.sockets.add(connection.id, box)
        scene.b.connections._held[connection.id] = connection
    begun_at = time.monotonic()
    assert scene.a.sockets.post([(one, ring_message(ringing, rung=0)) for one in sockets]) == [True] * len(people)
    until(lambda: all(box.texts for box in heard))
    told_at = time.monotonic()
    assert [len(box.texts) for box in heard] == [1] * len(people)
    assert told_at - begun_at < 3

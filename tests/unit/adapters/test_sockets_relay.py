"""Sockets of the local host: its own at once, those of other processes by the relay, and what is gone is called gone."""

import json
import threading
import time
from collections.abc import Sequence

import pytest

from smartalarm.adapters.sockets_local import LocalSockets, Outbox
from smartalarm.adapters.sockets_relay import MOST_AT_ONCE, SocketRelay
from smartalarm.errors import Unavailable
from smartalarm.ports import Connection
from smartalarm.ringing.notices import ring_message, stop_message
from smartalarm.ringing.tellings import payload_to_tellings
from tests.contract.samples import NOW
from tests.fakes import RecordingTelemetry
from tests.unit.ringing.told import occurrence

RING = ring_message(occurrence("ringing"), rung=0)
STOP = stop_message(occurrence("dismissed"), None)


class Heard(Outbox):
    """Keeps what was put."""

    def __init__(self) -> None:
        self.ringing = set()
        self.texts: list[str] = []

    def put(self, text: str) -> None:
        """Keep it."""
        self.texts.append(text)


class FakeLine:
    """A line on which some processes are; it may be told to fail or to hang."""

    def __init__(self, *there: str) -> None:
        self.there = set(there)
        self.said: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.may_answer = threading.Event()
        self.may_answer.set()

    def say(self, notices: Sequence[tuple[str, str]]) -> list[bool]:
        """Remember."""
        self.may_answer.wait(5)
        if self.error is not None:
            raise self.error
        self.said += [notice for notice in notices if notice[0] in self.there]
        return [host in self.there for host, _ in notices]


class Scene:
    """This process ("here") with one socket, and the line to others."""

    def __init__(self) -> None:
        self.line = FakeLine("b", "c")
        self.telemetry = RecordingTelemetry()
        self.sockets = LocalSockets("here", SocketRelay(self.line, self.telemetry, patience_seconds=0.05))
        self.own = Heard()
        self.sockets.add("own", self.own)


def socket(name: str, host: str, user: str = "ann") -> Connection:
    """A socket of a process."""
    return Connection(name, user, None, NOW, host)


def test_each_message_goes_where_its_socket_is_and_the_dead_are_told_in_order() -> None:
    """Here, at living processes, at a dead one, and a socket of ours that closed."""
    scene = Scene()
    there = [socket("1", "b"), socket("own", "here"), socket("2", "dead"), socket("3", "c"), socket("closed", "here")]
    there.append(socket("4", "b"))
    assert scene.sockets.post([(one, RING) for one in there]) == [True, True, False, True, False, True]
    told = {host: [one.connection_id for one in payload_to_tellings(payload)] for host, payload in scene.line.said}
    assert told == {"b": ["1", "4"], "c": ["3"]}
    assert [json.loads(text)["type"] for text in scene.own.texts] == ["ring"]


def test_a_process_without_a_line_calls_sockets_of_others_gone() -> None:
    """On SQLite nobody else can be there."""
    assert LocalSockets("local").post([(socket("1", "before"), RING)]) == [False]


def test_an_answer_to_a_conversation_does_not_travel() -> None:
    """Whoever asked is gone from here."""
    scene = Scene()
    assert scene.sockets.post([(socket("1", "b"), {"type": "pong"}), (socket("2", ""), RING)]) == [False, False]
    assert scene.line.said == []


@pytest.mark.parametrize("error", [Unavailable("down"), None])
def test_a_line_that_fails_or_hangs_delays_no_ring_and_silences_no_socket(error: Exception | None) -> None:
    """It is reported, and the sockets count as open; our own have heard."""
    scene = Scene()
    scene.line.error = error
    if error is None:
        scene.line.may_answer.clear()
    begun_at = time.monotonic()
    assert scene.sockets.post([(socket("1", "b"), RING), (socket("own", "here"), RING)]) == [True, True]
    assert time.monotonic() - begun_at < 1
    scene.line.may_answer.set()
    assert scene.telemetry.problems == ["sockets_elsewhere_not_reached"]
    assert len(scene.own.texts) == 1


def test_with_the_line_down_no_queue_grows() -> None:
    """What waits is bounded; the rest is reported at once."""
    scene = Scene()
    relay = SocketRelay(scene.line, scene.telemetry, patience_seconds=0)
    scene.line.may_answer.clear()
    for _ in range(MOST_AT_ONCE + 10):
        assert relay.post([(socket("1", "b"), RING)]) == [True]
    scene.line.may_answer.set()
    ends_at = time.monotonic() + 5
    while len(scene.line.said) < MOST_AT_ONCE and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert len(scene.line.said) == MOST_AT_ONCE


def test_a_socket_remembers_what_rings_on_it() -> None:
    """So that a process which was off the line knows what to stop."""
    scene = Scene()
    own = socket("own", "here")
    scene.sockets.post([(own, RING)])
    assert scene.sockets.ringing("own") == frozenset({RING["occurrence"]["id"]})
    scene.sockets.post([(own, STOP)])
    assert scene.sockets.ringing("own") == frozenset()
    assert scene.sockets.ringing("closed") is None

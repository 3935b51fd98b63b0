"""Pokes: paced, never lost, never in a ring's way, and no commit waits for one or fails by one."""

import threading
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from smartalarm.adapters.memory import MemoryConnections, MemoryStore
from smartalarm.adapters.poke_teller import Teller
from smartalarm.adapters.pokes import AFTER_RING_SECONDS, SPACING_SECONDS, Pace, PokesAtTheEnd, PokeThread
from smartalarm.adapters.poking_store import PokingStore
from smartalarm.errors import Conflict, Unavailable
from smartalarm.ports import ClaimChange, Commit, Connection, JsonObject, Put
from smartalarm.sync.pull_cursor import head_to_text
from tests.contract.samples import NOW
from tests.fakes import ManualClock, RecordingTelemetry

USER = "ana"


class Noted:
    """Keeps what was noted."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, int, bool]] = []

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """Keep it."""
        self.notes.append((user, seq, is_ring))

    def flush(self) -> None:
        """Not looked at."""


class Posted:
    """Sockets of which some are gone."""

    def __init__(self, *gone: str) -> None:
        self.gone = gone
        self.error: Exception | None = None
        self.messages: list[tuple[str, JsonObject]] = []

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """Keep them, or fail."""
        if self.error is not None:
            raise self.error
        self.messages += [(connection.id, message) for connection, message in messages]
        return [connection.id not in self.gone for connection, _ in messages]


def test_every_commit_of_something_synced_is_noted_and_no_other() -> None:
    """Claims and timers alone change nothing that is pulled."""
    pokes = Noted()
    store = PokingStore(MemoryStore(), pokes)
    store.commit(Commit(USER, NOW, writes=(Put("profile", "me", {}),), creates_user=True))
    store.commit(Commit(USER, NOW, claims=(ClaimChange("k", USER, {}),)))
    store.commit(Commit(USER, NOW, writes=(Put("secret", "x", {}),)))
    store.commit_many([Commit(USER, NOW, writes=(Put("occurrence", "x", {}),))])
    failed = store.commit_many([Commit(USER, NOW, writes=(Put("alarm", "a", {}, expected=7),))])
    assert isinstance(failed[0], Conflict)
    assert pokes.notes == [(USER, 1, False), (USER, 3, True)]
    assert store.seq(USER) == 3


def test_a_user_is_told_at_most_four_times_a_second_and_the_last_one_always() -> None:
    """The first at once, what follows together."""
    pace = Pace()
    pace.note(USER, 1, 10.0)
    assert pace.take(10.0) == {USER: 1}
    for seq in range(2, 50):
        pace.note(USER, seq, 10.0 + seq / 1000)
    assert pace.take(10.1) == {}
    assert pace.next_at == 10.0 + SPACING_SECONDS
    assert pace.take(10.0 + SPACING_SECONDS) == {USER: 49}
    assert pace.next_at is None


@given(st.lists(st.tuples(st.floats(0, 0.5), st.sampled_from(["ana", "ben"]), st.booleans()), max_size=60))
def test_whatever_comes_is_told_in_pace_and_in_full(steps: list[tuple[float, str, bool]]) -> None:
    """Over any second no user hears more than four, and each hears of their latest seq."""
    pace, now, told = Pace(), 100.0, dict[str, list[tuple[float, int]]]()
    latest: dict[str, int] = {}

    def take() -> None:
        for user, seq in pace.take(now).items():
            told.setdefault(user, []).append((now, seq))

    for seq, (pause, user, is_ring) in enumerate(steps, 1):
        now += pause
        pace.note(user, seq, now + (AFTER_RING_SECONDS if is_ring else 0.0))
        latest[user] = seq
        take()
    while (at := pace.next_at) is not None:
        now = max(now, at)
        take()
    assert {user: heard[-1][1] for user, heard in told.items()} == latest
    for heard in told.values():
        instants = [at for at, _ in heard]
        assert all(later - earlier >= SPACING_SECONDS - 1e-9 for earlier, later in pairwise(instants))


def test_a_rings_own_commit_is_told_after_its_messages() -> None:
    """Alone it waits; with an edit it is told together with that."""
    pace = Pace()
    pace.note(USER, 1, 10.0 + AFTER_RING_SECONDS)
    assert pace.take(10.5) == {}
    pace.note(USER, 2, 10.5)
    assert pace.take(10.5) == {USER: 2}


def test_the_thread_tells_while_the_caller_goes_on() -> None:
    """Noting returns at once, although telling hangs; all of it is told in the end."""
    may_go, told, done = threading.Event(), [], threading.Event()

    def tell(seqs: Mapping[str, int]) -> None:
        may_go.wait(5)
        told.append(dict(seqs))
        if seqs.get(USER) == 9:
            done.set()

    pokes = PokeThread(tell)
    started = time.perf_counter()
    for seq in range(1, 10):
        pokes.note(USER, seq, is_ring=False)
    assert time.perf_counter() - started < 1
    may_go.set()
    assert done.wait(5)
    assert len(told) <= 3


def test_a_function_tells_once_at_its_end_and_nothing_of_rings() -> None:
    """A push of many mutations is one poke."""
    told: list[Any] = []
    pokes = PokesAtTheEnd(lambda seqs: told.append(dict(seqs)))
    pokes.note(USER, 2, is_ring=False)
    pokes.note(USER, 3, is_ring=False)
    pokes.note(USER, 4, is_ring=True)
    pokes.flush()
    pokes.flush()
    assert told == [{USER: 3}]


def test_all_of_a_users_sockets_are_told_and_those_that_are_gone_forgotten() -> None:
    """Others hear nothing; whatever fails is logged alone."""
    connections, sockets, telemetry = MemoryConnections(), Posted("b"), RecordingTelemetry()
    for name, user in (("a", USER), ("b", USER), ("c", "ben")):
        connections.open(Connection(name, user, None, NOW))
    clock = ManualClock()
    tell = Teller(connections, sockets, clock, telemetry)
    tell({USER: 7})
    assert sockets.messages == [
        (name, {"type": "poke", "cursor": head_to_text(USER, 7, clock.now())}) for name in ("a", "b")
    ]
    assert [one.id for one in connections.of([USER])[USER]] == ["a"]
    sockets.error = Unavailable("down")
    tell({USER: 8})
    assert telemetry.problems == ["poke_failed"]

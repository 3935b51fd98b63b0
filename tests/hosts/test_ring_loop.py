"""The ring loop's own duties: to look for what is due whatever the clock does, and to outlive every failure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from smartalarm.adapters.memory import MemoryStore
from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.errors import Unavailable
from smartalarm.ports import PushService, RingQueue, Store, Telemetry, Timer
from smartalarm.ringing.leases import WAKES_WITHIN, Leases
from smartalarm.ringing.loop import TICK, RingLoop
from smartalarm.ringing.ringer import Ringer
from smartalarm.ringing.watch import Watch
from tests.fakes import ManualClock, RecordingTelemetry, clock_of, memory_world
from tests.stage import FakePush


class CountingStore(MemoryStore):
    """Counts how often somebody looked for due timers, and then does what `on_look` says."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.on_look: Callable[[], None] = lambda: None

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:  # noqa: ARG002  the port's names
        """Nothing is ever due."""
        self.looks += 1
        self.on_look()
        return []


class Scene:
    """A loop that the test lets look, one look after the other."""

    def __init__(self) -> None:
        self.store = CountingStore()
        self.telemetry = RecordingTelemetry()
        self.queue = WakeQueue(WAKES_WITHIN)
        fakes: dict[type, Callable[[], Any]] = {
            Store: lambda: self.store,
            Telemetry: lambda: self.telemetry,
            PushService: lambda: FakePush(ManualClock()),
            RingQueue: lambda: self.queue,
        }
        self.world = world = memory_world(fakes)
        self.clock = clock_of(world)
        self.loop = RingLoop(world.get(Leases), world.get(Ringer), self.queue, self.clock, self.telemetry)

    def look(self) -> int:
        """Look, and tell how often the store was asked in all."""
        self.loop._look()
        return self.store.looks


def test_it_looks_once_a_tick() -> None:
    """Not at every turn."""
    scene = Scene()
    assert scene.look() == 1
    assert scene.look() == 1
    scene.clock.instant += TICK
    assert scene.look() == 2


def test_a_clock_that_is_set_back_does_not_stop_it_from_looking() -> None:
    """An hour back must not mean an hour without rings."""
    scene = Scene()
    scene.look()
    scene.clock.instant -= timedelta(hours=1)
    assert scene.loop._nap_seconds() <= TICK.total_seconds()
    assert scene.look() == 2


def test_a_failure_nobody_thought_of_does_not_end_it() -> None:
    """It is reported, and the next look comes: a dead loop would leave a server that answers but never rings."""
    scene = Scene()

    def fail_once() -> None:
        scene.queue.wake.set()  # no waiting here
        if scene.store.looks == 1:
            raise RuntimeError("can't start new thread")
        scene.loop._stops_at = scene.clock.now()

    scene.store.on_look = fail_once
    scene.loop._main()
    assert scene.store.looks == 2
    assert scene.telemetry.problems == ["ring_loop_failed"]


def test_a_stay_takes_nothing_after_its_end() -> None:
    """The next tick has taken over by then; what was taken before is still seen through."""
    scene = Scene()
    scene.loop._leaves_at = scene.clock.now() + TICK
    assert scene.look() == 1
    scene.clock.instant += TICK
    assert scene.look() == 1
    assert scene.loop._is_done()
    scene.clock.instant += TICK
    assert scene.look() == 1


def test_a_stay_that_is_told_to_leave_keeps_to_the_first_word() -> None:
    """Told again, or past its own end, it does not stay longer."""
    scene = Scene()
    scene.loop.leave()
    stops_at = scene.loop._stops_at
    scene.clock.instant += TICK
    scene.loop.leave()
    scene.look()
    assert scene.loop._stops_at == stops_at


def test_a_watch_rings_only_where_the_due_index_is_leased() -> None:
    """With a queue in front of a consumer two would ring."""
    with pytest.raises(TypeError, match="its consumer rings"):
        memory_world({PushService: lambda: FakePush(ManualClock())}).get(Watch)


def test_a_watch_over_a_store_that_does_not_answer_says_so_at_once() -> None:
    """The scheduler tries again; staying a minute over nothing would hide it."""
    scene = Scene()

    def fail() -> None:
        raise Unavailable("The database does not answer")

    scene.store.ping = fail  # type: ignore[method-assign]
    watch = scene.world.get(Watch)
    with pytest.raises(Unavailable):
        watch.stay(timedelta(0))
    assert scene.store.looks == 0


def test_a_watch_ends_after_its_time() -> None:
    """And leaves nothing behind that the next one would have to wait for."""
    scene = Scene()
    scene.world.get(Watch).stay(timedelta(0))
    scene.world.get(Watch).stay(timedelta(0))
    assert scene.telemetry.problems == []

"""The ring loop's own duties: to look for what is due whatever the clock does, and to outlive every failure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from smartalarm.adapters.memory import MemoryStore
from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.ports import PushService, Store, Telemetry, Timer
from smartalarm.ringing.leases import WAKES_WITHIN, Leases
from smartalarm.ringing.loop import TICK, RingLoop
from smartalarm.ringing.ringer import Ringer
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
        }
        world = memory_world(fakes)
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

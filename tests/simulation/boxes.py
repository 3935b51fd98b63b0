"""The product as it runs on one's own machines: one process or two that lease due timers from the store they share."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from smartalarm import ports
from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.errors import SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.injection import Injector
from smartalarm.ports import Commit, Connection, Connections, Timer
from smartalarm.ringing.leases import LEAD, WAKES_WITHIN, Leases
from smartalarm.ringing.loop import TICK, WORKERS, RingLoop, RunSteps
from smartalarm.ringing.ringer import Ringer
from tests.simulation.faults import Faults
from tests.simulation.serving import Call, Reply, Then, answer
from tests.simulation.timeline import Process, Timeline
from tests.simulation.unreliable import SimulatedStore
from tests.simulation.wire import Wire


class TaskPool:
    """The ring loop's pool: every job is a task of the process, at most `WORKERS` at once."""

    def __init__(self, timeline: Timeline, process: Process) -> None:
        self.timeline = timeline
        self._process = process
        self._waiting: list[Callable[[], None]] = []
        self._busy = 0

    def submit(self, function: Callable[..., Any], *arguments: Any) -> None:
        """See `Executor.submit`; nobody here looks at futures."""
        self._waiting.append(lambda: function(*arguments))
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting and self._busy < WORKERS:
            self._busy += 1
            self.timeline.start(self._process, partial(self._perform, self._waiting.pop(0)))

    def _perform(self, job: Callable[[], None]) -> None:
        job()
        self._busy -= 1
        self._go_on()


class Bell:
    """`threading.Event` on the time line, for the one task that waits for it: the ring loop.

    A loop with nothing to do ticks twice a second all week. Ticks that cannot find anything are left out: `idle_until`
    says until when nothing can become due, and `stir` ends the wait when that changes.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._is_set = False
        self._task: Any = None
        self._wakes_at: datetime | None = None
        self.idle_until: Callable[[datetime], datetime] = lambda instant: instant

    def is_set(self) -> bool:
        """See `Event.is_set`."""
        return self._is_set

    def clear(self) -> None:
        """See `Event.clear`."""
        self._is_set = False

    def set(self) -> None:
        """See `Event.set`."""
        self._is_set = True
        if self._task is not None:
            self._timeline.wake(self._task)

    def wait(self, timeout: float) -> bool:
        """See `Event.wait`."""
        if not self._is_set and timeout > 0:
            self._task, grid = self._timeline.current, self._timeline.now + timedelta(seconds=timeout)
            while not self._is_set:
                self._wakes_at = self._tick_before(self.idle_until(grid), grid)
                if self._timeline.now >= self._wakes_at:
                    break
                self._timeline.sleep_until(self._wakes_at)
            self._task = None
        return self._is_set

    def _tick_before(self, instant: datetime, grid: datetime) -> datetime:
        """The last tick before the instant, but none that has passed."""
        passed = math.ceil((self._timeline.now - grid) / TICK)
        return grid + max(0, passed, math.floor((instant - grid) / TICK)) * TICK

    def stir(self, instant: datetime) -> None:
        """Something may be found from this instant on: look again how long to wait."""
        if self._task is not None and self._wakes_at is not None and instant < self._wakes_at:
            self._timeline.wake(self._task)


class SimulatedWakeQueue(WakeQueue):
    """The wake queue with a bell in place of its event."""

    def __init__(self, bell: Bell) -> None:
        super().__init__(WAKES_WITHIN)
        self.wake = bell  # type: ignore[assignment]  # it is used like one

    def retry(self, timer: Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:
        """See `RingQueue.retry`."""
        super().retry(timer, attempt=attempt, delay_seconds=delay_seconds, now=now)
        cast("Bell", self.wake).stir(now + timedelta(seconds=delay_seconds))

    @property
    def waiting(self) -> list[tuple[datetime, HandedTimer]]:
        """What waits to be tried again."""
        return self._retries


class SimulatedLoop(RingLoop):
    """The ring loop itself, on simulated threads."""

    def __init__(self, injector: Injector, queue: SimulatedWakeQueue, pool: TaskPool) -> None:
        get = injector.get
        super().__init__(get(Leases), get(Ringer), queue, get(ports.Clock), get(ports.Telemetry))
        self._pool = cast("ThreadPoolExecutor", pool)
        self._timeline = pool.timeline
        self._users: WeakKeyDictionary[RunSteps, dict[str, None]] = WeakKeyDictionary()

    def main(self) -> None:
        """Run until the process dies."""
        self._main()

    def _advance(self, steps: RunSteps) -> None:
        """See `RingLoop`. Who shares a run shares what holds it up, also after it has waited for an instant."""
        task = self._timeline.current
        assert task is not None
        task.users.update(self._users.get(steps, {}))
        self._users[steps] = task.users
        super()._advance(steps)

    def idle_until(self, grid: datetime, takes_at: datetime | None, retries: Sequence[datetime]) -> datetime:
        """Until when ticks find nothing, if nothing changes. `grid`: when the loop would wake next."""
        if grid < self._next_take_at:
            return grid  # it sleeps for a run, not for a tick
        wanted = [at for at in (takes_at, *retries, *(at for at, _, _ in self._waiting[:1])) if at is not None]
        until = max(grid, min(wanted, default=grid + timedelta(hours=1)))
        self._naps_until = until  # so that a run that wants to go on earlier rings the bell
        return until


class Box:
    """One process of the product, which dies and is started again."""

    def __init__(self, name: str, boxes: "Boxes") -> None:
        self.name = name
        self.process = Process(name, boxes.timeline)
        self.process.on_death.append(self._died)
        self._boxes = boxes
        wire = Wire(self.process, boxes.timeline, boxes.faults)
        self.bell = Bell(boxes.timeline)
        self.queue = SimulatedWakeQueue(self.bell)
        self.injector = boxes.make_injector(wire, {ports.RingQueue: lambda: self.queue})

    def start(self) -> None:
        """As `smartalarm.hosts.local` does."""
        boxes = self._boxes
        loop = SimulatedLoop(self.injector, self.queue, TaskPool(boxes.timeline, self.process))
        self.bell.idle_until = lambda grid: loop.idle_until(
            grid, boxes.store.next_take_at(LEAD), [at for at, _ in self.queue.waiting]
        )

        def main() -> None:
            try:
                self.injector.get(Connections).close_host(self.name)
                if boxes.is_alone:
                    self.injector.get(ports.Store).release_handed()
            except SmartAlarmError:
                self.process.die()  # it cannot start without its database; whoever watches it tries again
                return
            loop.main()

        boxes.timeline.start(self.process, main)

    def _died(self) -> None:
        self._boxes.died(self)


RESTART_SECONDS: Final = (0.5, 60.0)


class Boxes:
    """A host in lease mode: one box or several on one store."""

    def __init__(
        self,
        timeline: Timeline,
        faults: Faults,
        make_injector: Callable[[Wire, Mapping[type, Callable[[], Any]]], Injector],
        broke: Callable[[str], None],
        store: SimulatedStore,
        names: Sequence[str],
    ) -> None:
        self.timeline = timeline
        self.faults = faults
        self.make_injector = make_injector
        self.store = store
        self.is_alone = len(names) == 1
        self.boxes: dict[str, Box] = {}
        self.on_lost_host: Callable[[str], None] = lambda _name: None
        self._broke = broke
        self._names = list(names)

    def start(self) -> None:
        """Start all boxes."""
        for name in self._names:
            self._start(name)

    def _start(self, name: str) -> None:
        self.boxes[name] = Box(name, self)
        self.boxes[name].start()

    def died(self, box: Box) -> None:
        """A box is gone, with its sockets; it comes back."""
        low, high = RESTART_SECONDS
        seconds = self.faults.uniform(low, high if self.faults.happens(0.3) else 5)
        others = [other for other in self.boxes.values() if other.process.is_alive]
        self.faults.note("box down", None, 0 if others else seconds)
        self.on_lost_host(box.name)
        self.timeline.after(seconds, lambda: self._start(box.name))

    def stir(self, commit: Commit) -> None:
        """A commit may have written timers that a sleeping loop should see."""
        due = [change.timer.due_at - LEAD for change in commit.timers if change.timer is not None]
        if due:
            for box in self.boxes.values():
                box.bell.stir(min(due))

    # ---- the rest of `Host`

    def _any(self) -> Box | None:
        alive = [box for box in self.boxes.values() if box.process.is_alive]
        return alive[int(self.faults.uniform(0, len(alive)))] if alive else None

    def serve(self, call: Call, then: Then) -> None:
        """See `Host.serve`."""
        box = self._any()
        if box is None:
            self.timeline.after(0.01, lambda: then(Reply(is_silent=True)))
        else:
            self.timeline.start(box.process, lambda: answer(self.timeline, box.injector, call, then, self._broke))

    def tick_after(self, instant: datetime) -> datetime | None:
        """See `Host.tick_after`."""
        return instant + TICK

    def socket_host(self) -> str | None:
        """See `Host.socket_host`."""
        box = self._any()
        return box.name if box else None

    def reaches(self, connection: Connection) -> bool:  # noqa: ARG002  the port's
        """See `Host.reaches`: a box posts to its own sockets alone."""
        return self.is_alone

    def leftovers(self) -> list[str]:
        """See `Host.leftovers`."""
        return [
            f"{name}: a retry still waits: {handed}" for name, box in self.boxes.items() for _, handed in box.queue.waiting
        ]

"""Virtual time: tasks of simulated processes take turns, one at a time, in the order of instants. No real clock is read.

A task is a thread, so that the code under test may be stopped in the middle of any call; only the one that holds the turn
runs, and who gets it next is decided by the heap alone. The same seed therefore always gives the same history.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

Work = Callable[[], object]


class Died(BaseException):
    """The process in which this runs is dead. Nothing may catch it."""


class Process:
    """One life of one process: its tasks and all that they hold in memory end together."""

    def __init__(self, name: str, timeline: "Timeline") -> None:
        self.name = name
        self.is_alive = True
        self.on_death: list[Callable[[], None]] = []
        self.tasks: dict[Task, None] = {}
        self._timeline = timeline

    def die(self) -> None:
        """End it here and now: whatever its tasks wait for, they wake up dead."""
        if not self.is_alive:
            return
        self.is_alive = False
        for task in self.tasks:
            self._timeline.wake(task)
        for tell in self.on_death:
            self._timeline.at(self._timeline.now, tell)


class Task:
    """Something that a process does. `users` are those whose data it has touched."""

    def __init__(self, process: Process, work: Work) -> None:
        self.process = process
        self.work = work
        self.users: dict[str, None] = {}
        self.worker: _Worker | None = None
        self.waits = 0  # counts its waits, so that an alarm for an earlier one is known to be stale


class _Worker:
    """A thread that performs tasks, one after the other."""

    def __init__(self, main: Callable[["_Worker"], None]) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.task: Task | None = None
        self.thread = threading.Thread(target=main, args=(self,), daemon=True)
        self.thread.start()


class Timeline:
    """The one clock of a world, and the order in which things happen on it."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self.current: Task | None = None
        self.switches = 0
        self._until = start
        self._heap: list[tuple[datetime, int, Callable[[], None] | Task | tuple[Task, int]]] = []
        self._order = 0
        self._idle: list[_Worker] = []
        self._workers: list[_Worker] = []
        self._main_turn = threading.Lock()
        self._main_turn.acquire()
        self._failure: BaseException | None = None
        self._is_closing = False

    # ---- what a simulated world does

    def at(self, instant: datetime, callback: Callable[[], None]) -> None:
        """Call it then. It must not wait."""
        self._push(instant, callback)

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call it so much later."""
        self._push(self.now + timedelta(seconds=seconds), callback)

    def start(self, process: Process, work: Work) -> Task:
        """Let the process do it, beginning now."""
        task = Task(process, work)
        process.tasks[task] = None
        self._push(self.now, task)
        return task

    def sleep(self, seconds: float) -> None:
        """Let the current task wait. Raises Died when its process ends meanwhile."""
        self.sleep_until(self.now + timedelta(seconds=seconds))

    def sleep_until(self, instant: datetime) -> None:
        """The same, until an instant."""
        task = self.current
        if task is None:
            raise RuntimeError("only a task may wait")
        if instant > self.now and task.process.is_alive:
            if instant <= self._until and (not self._heap or self._heap[0][0] > instant):
                self.now = instant  # nothing else happens before
            else:
                task.waits += 1
                self._push(instant, (task, task.waits))
                self._suspend(task)
        if not task.process.is_alive:
            raise Died(task.process.name)

    def wake(self, task: Task) -> None:
        """End its wait now."""
        if task.worker is not None and task is not self.current:
            task.waits += 1
            self._push(self.now, (task, task.waits))

    def run(self, until: datetime) -> None:
        """Let everything happen that happens until then. Raises what a callback or a task raised."""
        self._until = until
        following = self._next()
        if following is not None:
            self._hand_to(following)
            self._main_turn.acquire()
        if self._failure is not None:
            raise self._failure
        self.now = max(self.now, until)

    def close(self) -> None:
        """End all threads. Tasks that wait are told that they died; nothing new begins."""
        self._is_closing = True
        self._heap.clear()
        self._failure = None
        for worker in self._workers:
            if worker.task is not None:
                worker.task.process.is_alive = False
                self.wake(worker.task)
        self.run(self.now)
        for worker in self._idle:
            worker.turn.release()
        for worker in self._workers:
            worker.thread.join(timeout=10)

    # ---- how turns are taken

    def _push(self, instant: datetime, event: Callable[[], None] | Task | tuple[Task, int]) -> None:
        if self._is_closing and not isinstance(event, tuple):
            return
        self._order += 1
        heapq.heappush(self._heap, (instant, self._order, event))

    def _next(self) -> Task | None:
        """Who goes on: callbacks are called on the way. None: nothing is left to do, or something broke."""
        while self._failure is None and self._heap and self._heap[0][0] <= self._until:
            instant, _, event = heapq.heappop(self._heap)
            self.now = max(self.now, instant)
            if isinstance(event, tuple):
                task, wait = event
                if task.waits == wait and task.worker is not None:
                    return task
            elif isinstance(event, Task):
                if event.process.is_alive:
                    return event
            else:
                self.current = None
                try:
                    event()
                except BaseException as error:  # noqa: BLE001  raised by `run`
                    self._failure = error
        return None

    def _hand_to(self, task: Task | None) -> None:
        self.current = task
        self.switches += 1
        if task is None:
            self._main_turn.release()
            return
        if task.worker is None:
            if not self._idle:
                self._idle.append(_Worker(self._main))
                self._workers.append(self._idle[-1])
            task.worker = self._idle.pop()
            task.worker.task = task
        task.worker.turn.release()

    def _suspend(self, task: Task) -> None:
        following = self._next()
        if following is not task:
            worker = task.worker
            self._hand_to(following)
            worker.turn.acquire()  # type: ignore[union-attr]  # a task that runs has a worker
        self.current = task

    def _main(self, worker: _Worker) -> None:
        """The life of a worker thread."""
        while True:
            worker.turn.acquire()
            if worker.task is None:
                return
            while True:
                task = worker.task
                self.current = task
                try:
                    task.work()
                except Died:
                    pass
                except BaseException as error:  # noqa: BLE001  raised by `run`
                    self._failure = self._failure or error
                task.process.tasks.pop(task, None)
                task.worker = worker.task = None
                following = self._next()
                if following is not None and following.worker is None:
                    following.worker, worker.task = worker, following
                else:
                    self._idle.append(worker)
                    self._hand_to(following)
                    break  # whoever has the turn now may have given this worker a task already


class VirtualClock:
    """`Clock` on the time line."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._timeline.now

    def wait_until(self, instant: datetime) -> None:
        """See `Clock.wait_until`."""
        self._timeline.sleep_until(instant)

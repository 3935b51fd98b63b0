"""Runs many short network calls side by side, so that slow ones never keep the others waiting."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class OutOfTime(Exception):
    """The call was not made, or had not returned, when the time for all of them was up."""


class SideBySide:
    """A bounded set of threads that grows while calls are slow.

    Few threads are fastest for calls that return at once (they share one interpreter lock); many are needed when calls
    wait. So a run starts with `workers`, and whenever a tick brought less than `enough_per_second` it doubles them, up to
    `most`. Calls of one lane (a host) never take more than an even share of `most` while other lanes wait.
    """

    def __init__(
        self,
        *,
        workers: int = 8,
        most: int = 128,
        tick_seconds: float = 0.02,
        enough_per_second: float = 1_000,
        start_within_seconds: float = 10,
        end_within_seconds: float = 20,
    ) -> None:
        self.workers = workers
        self.most = most
        self.tick_seconds = tick_seconds
        self.enough_per_tick = enough_per_second * tick_seconds
        self.start_within_seconds = start_within_seconds
        self.end_within_seconds = end_within_seconds
        # Twice as many, so that runs at the same time do not wait for each other's slow calls. Threads start on demand.
        self._threads = ThreadPoolExecutor(max_workers=2 * most, thread_name_prefix="side-by-side")

    def run(
        self, items: Sequence[Item], call: Callable[[Item], Result], *, lane: Callable[[Item], str]
    ) -> list[Result | Exception]:
        """Call with every item; results in order, an exception in place of the result of a call that raised one.

        What could not start within `start_within_seconds`, or end within `end_within_seconds`, gives OutOfTime.
        """
        run = _Run(items, call, lane, self)
        if len(items) == 1:
            run.work()
            return run.results()
        hired = min(self.workers, len(items))
        self._hire(run, hired)
        finished_before = 0
        while not run.done.wait(self.tick_seconds):
            if run.has_ended():
                break
            finished = run.finished
            if run.has_waiting() and finished - finished_before < self.enough_per_tick:
                more = min(hired, self.most - hired)
                self._hire(run, more)
                hired += more
            finished_before = finished
        return run.results()

    def close(self) -> None:
        """Let the idle threads go; calls under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hire(self, run: "_Run[Item, Result]", count: int) -> None:
        for _ in range(count):
            self._threads.submit(run.work)


class _Run(Generic[Item, Result]):
    """The items of one run and who works on them."""

    def __init__(
        self, items: Sequence[Item], call: Callable[[Item], Result], lane: Callable[[Item], str], limits: SideBySide
    ) -> None:
        self._items, self._call, self._limits = items, call, limits
        self._results: list[Result | Exception] = [OutOfTime() for _ in items]
        self._lock = Lock()
        self._waiting: dict[str, deque[int]] = {}
        for index, item in enumerate(items):
            self._waiting.setdefault(lane(item), deque()).append(index)
        self._turns = deque(self._waiting)
        self._flying: Counter[str] = Counter()
        self.finished = 0
        self.done = Event()
        now = time.monotonic()
        self._last_start, self._end = now + limits.start_within_seconds, now + limits.end_within_seconds
        if not items:
            self.done.set()

    def work(self) -> None:
        """Take one item after the other until none is left to take: what each thread does."""
        while (taken := self._take()) is not None:
            lane, index = taken
            result: Result | Exception
            try:
                result = self._call(self._items[index])
            except Exception as error:  # noqa: BLE001 - it is handed to the caller, in its place
                result = error
            self._finish(lane, index, result)

    def has_waiting(self) -> bool:
        """Whether items wait for a thread and may still start."""
        return bool(self._turns) and time.monotonic() < self._last_start

    def has_ended(self) -> bool:
        """Whether the time for all of it is up."""
        return time.monotonic() >= self._end

    def results(self) -> list[Result | Exception]:
        """The results so far, in order."""
        with self._lock:
            return list(self._results)

    def _take(self) -> tuple[str, int] | None:
        with self._lock:
            if not self._turns or time.monotonic() >= self._last_start:
                self._end_if_idle()
                return None
            share = max(self._limits.workers, self._limits.most // len(self._turns))
            for _ in range(len(self._turns)):
                lane = self._turns[0]
                self._turns.rotate(-1)
                if self._flying[lane] < share:
                    return lane, self._pop(lane)
            return None

    def _pop(self, lane: str) -> int:
        waiting = self._waiting[lane]
        index = waiting.popleft()
        if not waiting:
            self._turns.remove(lane)
        self._flying[lane] += 1
        return index

    def _finish(self, lane: str, index: int, result: Result | Exception) -> None:
        with self._lock:
            self._results[index] = result
            self._flying[lane] -= 1
            self.finished += 1
            if not self._turns:
                self._end_if_idle()

    def _end_if_idle(self) -> None:
        if self._flying.total() == 0:
            self.done.set()

"""Group commit: writers that come at the same time share one transaction, and so one flush to the disk.

Who finds nobody at work runs everything that waits, its own work among it, and hands the lead to the first that came
meanwhile; the others wake up with their outcome. A lone writer waits for nobody.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from smartalarm.errors import Unavailable

T = TypeVar("T")
R = TypeVar("R")


class _Entry(Generic[T, R]):
    """One work in the queue. `wake` is set when it is done, or when its thread shall lead."""

    __slots__ = ("has_lead", "outcome", "owner", "wake", "work")

    def __init__(self, owner: str, work: T) -> None:
        self.owner = owner
        self.work = work
        self.wake = threading.Event()
        self.has_lead = False
        self.outcome: R | Unavailable | None = None


class Batches(Generic[T, R]):
    """`run` gets works of different owners, at most `size`, and gives an outcome for each, in order."""

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]], *, size: int, wait_seconds: float) -> None:
        self._run = run
        self._size = size
        self._wait_seconds = wait_seconds
        self._queue: deque[_Entry[T, R]] = deque()
        self._mutex = threading.Lock()
        self._is_led = False

    @property
    def waiting(self) -> int:
        """How many works stand in the queue."""
        return len(self._queue)

    def submit(self, owner: str, work: T) -> R | Unavailable:
        """What `run` gave for it, or Unavailable: its turn never came, or the one that led the batch broke down."""
        mine: _Entry[T, R] = _Entry(owner, work)
        with self._mutex:
            self._queue.append(mine)
            mine.has_lead = not self._is_led
            self._is_led = True
        if not mine.has_lead and not mine.wake.wait(self._wait_seconds):
            self._give_up(mine)
        if mine.outcome is None:
            self._lead()
        return mine.outcome if mine.outcome is not None else Unavailable("The writer broke down")

    def _give_up(self, mine: _Entry[T, R]) -> None:
        with self._mutex:
            if mine.has_lead or mine.outcome is not None:  # woken in this very moment
                return
            if mine in self._queue:
                self._queue.remove(mine)
            mine.outcome = Unavailable("Too many writers wait")

    def _lead(self) -> None:
        """Run the front of the queue, to which the leader's own entry belongs, then hand on the lead."""
        with self._mutex:
            batch = self._front()
        try:
            for entry, outcome in zip(batch, self._run([entry.work for entry in batch]), strict=True):
                entry.outcome = outcome
        finally:
            with self._mutex:
                self._is_led = bool(self._queue)
                if self._queue:
                    self._queue[0].has_lead = True
                    self._queue[0].wake.set()
            for entry in batch:
                if entry.outcome is None:
                    entry.outcome = Unavailable("The writer broke down")
                entry.wake.set()

    def _front(self) -> list[_Entry[T, R]]:
        """The next batch; a second work of one owner stays in the queue, in its place."""
        batch: dict[str, _Entry[T, R]] = {}
        staying: list[_Entry[T, R]] = []
        while self._queue and len(batch) < self._size:
            entry = self._queue.popleft()
            if entry.owner in batch:
                staying.append(entry)
            else:
                batch[entry.owner] = entry
        self._queue.extendleft(reversed(staying))
        return list(batch.values())

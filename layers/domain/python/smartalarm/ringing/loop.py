"""The ring loop of hosts without a queue: leases due timers, and drives every run of the ring step on the real clock.

The local host runs it for ever, a cloud's tick from one minute to the next (watch.py). Runs are generators that yield the
instants they wait for; a heap keeps them, so thousands of held rings cost no threads.
"""

import heapq
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, Protocol, runtime_checkable

from smartalarm.errors import SmartAlarmError
from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Clock, Telemetry
from smartalarm.ringing.leases import LEAD, Leases
from smartalarm.ringing.ringer import Ringer

TICK: Final = timedelta(milliseconds=500)
WORKERS: Final = 64
"""A run that waits for a hanging push service holds one for up to 8 s; the others must not wait for it."""
MAX_RUNNING: Final = 2 * WORKERS
"""With more than this to do, nothing new is taken: what is taken and not begun would only be taken again."""
MAX_BATCHES_A_TICK: Final = 100
GOODBYE: Final = timedelta(seconds=2)
"""When stopping, runs that fire within this are seen through; others are taken up by the next start."""

SEE_THROUGH: Final = LEAD + timedelta(seconds=8)
"""When leaving, the longest that what was taken may still last: its instant comes, and a push service hangs."""

RunSteps = Generator[datetime, None, Any]


@runtime_checkable
class LeasedQueue(Protocol):
    """What stands for the ring queue where the due index itself is leased: a bell, and what is to be tried again."""

    wake: threading.Event
    """Set when the loop should look now."""

    def due_retries(self, now: datetime) -> list[HandedTimer]:
        """Those whose delay is over, each once."""


class RingLoop:
    """One thread that waits, and a pool that works."""

    def __init__(self, leases: Leases, ringer: Ringer, queue: LeasedQueue, clock: Clock, telemetry: Telemetry) -> None:
        self._leases = leases
        self._ringer = ringer
        self._queue = queue
        self._clock = clock
        self._telemetry = telemetry
        self._lock = threading.Lock()
        self._waiting: list[tuple[datetime, int, RunSteps]] = []
        self._running = 0
        self._order = count()
        self._leaves_at: datetime | None = None
        self._stops_at: datetime | None = None
        self._next_take_at = self._naps_until = clock.now()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="ring")
        self._thread = threading.Thread(target=self._main, name="ring-loop", daemon=True)

    def start(self) -> None:
        """Begin to ring."""
        self._thread.start()

    def stop(self, within: timedelta = GOODBYE) -> None:
        """Take nothing new, see through what fires within so long, then return.

        With others on the same index: SEE_THROUGH, for they take what we hold only ten seconds after its instant.
        """
        self._stops_at = self._clock.now() + within
        self._queue.wake.set()
        self._thread.join(timeout=within.total_seconds() + 10)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def stay(self, until: datetime) -> None:
        """Ring in this thread: take what is due until then, see through all that was taken, and return."""
        self._leaves_at = until
        self._main()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def leave(self) -> None:
        """End `stay` early: take nothing new, see through what was taken."""
        if self._stops_at is None:
            self._stops_at = self._clock.now() + SEE_THROUGH
        self._queue.wake.set()

    def _main(self) -> None:
        while not self._is_done():
            try:
                self._look()
            except Exception as error:  # noqa: BLE001  the loop must outlive everything: without it nothing rings
                self._telemetry.problem("ring_loop_failed", error)
            self._queue.wake.wait(self._nap_seconds())

    def _look(self) -> None:
        """Let runs go on whose instant has come, and take what is due soon."""
        now = self._clock.now()
        if self._stops_at is None and self._leaves_at is not None and now >= self._leaves_at:
            self.leave()
        self._resume_due(now)
        # A clock that was set back would else put off the next look by as much.
        is_time = self._queue.wake.is_set() or not now < self._next_take_at <= now + TICK
        if self._stops_at is None and is_time:
            self._queue.wake.clear()
            self._next_take_at = now + TICK
            self._take(now)

    def _is_done(self) -> bool:
        stops_at = self._stops_at
        if stops_at is None:
            return False
        with self._lock:
            is_idle = not self._running and not any(at <= stops_at for at, _, _ in self._waiting)
        return is_idle or self._clock.now() > stops_at + GOODBYE

    def _nap_seconds(self) -> float:
        """Until the next take or the next run that wants to go on."""
        if self._stops_at is not None:
            time.sleep(0.02)  # `wake` stays set from here on
            return 0.0
        with self._lock:
            self._naps_until = min([self._next_take_at, *(at for at, _, _ in self._waiting[:1])])
        left = self._naps_until - self._clock.now()
        return max(0.0, min(left, TICK).total_seconds())

    def _resume_due(self, now: datetime) -> None:
        with self._lock:
            due = []
            while self._waiting and self._waiting[0][0] <= now:
                due.append(heapq.heappop(self._waiting)[2])
            self._running += len(due)
        for steps in due:
            self._pool.submit(self._advance, steps)

    def _take(self, now: datetime) -> None:
        try:
            retries = self._queue.due_retries(now)
            if retries:
                self._begin(RingBatch(tuple(retries)))
            for _ in range(MAX_BATCHES_A_TICK):
                batch = self._leases.take() if self._running < MAX_RUNNING else None
                if batch is None:
                    return
                self._begin(batch)
        except SmartAlarmError as error:
            self._telemetry.problem("leasing_failed", error)

    def _begin(self, batch: RingBatch) -> None:
        for part in batch.time_lines():
            with self._lock:
                self._running += 1
            self._pool.submit(self._advance, self._ringer.ring(part))

    def _advance(self, steps: RunSteps) -> None:
        """One stretch of work, up to the next wait."""
        wait_until: datetime | None = None
        try:
            wait_until = next(steps, None)
        except Exception as error:  # noqa: BLE001  the due index still has what this run did not settle
            self._telemetry.problem("ring_run_failed", error)
        with self._lock:
            self._running -= 1
            if wait_until is not None:
                heapq.heappush(self._waiting, (wait_until, next(self._order), steps))
        if wait_until is not None and wait_until < self._naps_until:
            self._queue.wake.set()  # it sleeps longer than this run may wait

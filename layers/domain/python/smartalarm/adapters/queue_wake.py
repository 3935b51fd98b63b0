"""The ring queue of a host that leases the due index itself: sending only wakes the loop, the timers are in the store."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from smartalarm.events import HandedTimer
from smartalarm.ports import Timer


class WakeQueue:
    """`RingQueue` for SQL hosts. `wake` is set when the loop should look now.

    `wake_others` is for a process without a loop: it wakes those of other processes, and may raise Unavailable.
    """

    def __init__(self, wakes_within: timedelta, wake_others: Callable[[], None] | None = None) -> None:
        self.wake = threading.Event()
        self._wakes_within = wakes_within
        self._wake_others = wake_others
        self._lock = threading.Lock()
        self._retries: list[tuple[datetime, HandedTimer]] = []

    def send(self, timers: Sequence[Timer], *, now: datetime) -> None:
        """Wake the loop when one of them is due so soon that the next tick might be late for it."""
        if any(timer.due_at <= now + self._wakes_within for timer in timers):
            (self._wake_others or self.wake.set)()

    def retry(self, timer: Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:
        """Keep it in memory until then; if the process dies, the lease ends and the due index still has the timer."""
        with self._lock:
            self._retries.append((now + timedelta(seconds=delay_seconds), HandedTimer(timer, attempt)))

    def due_retries(self, now: datetime) -> list[HandedTimer]:
        """Those whose delay is over, each once."""
        with self._lock:
            due = [handed for at, handed in self._retries if at <= now]
            self._retries = [(at, handed) for at, handed in self._retries if at > now]
        return due

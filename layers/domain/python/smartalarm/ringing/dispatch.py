"""Dispatch: the sweep of a cloud scheduler's tick over the due index, into the ring queue."""

from typing import Final

from smartalarm.ports import Clock, RingQueue, Store, Telemetry
from smartalarm.ringing.timers import LOOK_AHEAD

CHUNK: Final = 500
MAX_CHUNKS: Final = 400


class Dispatch:
    """Hands over everything that is due within the look-ahead, overdue included."""

    def __init__(self, store: Store, queue: RingQueue, clock: Clock, telemetry: Telemetry) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._telemetry = telemetry

    def sweep(self) -> int:
        """One tick; how many timers were handed over. A queue that fails leaves them in the index for the next tick."""
        handed = 0
        for _ in range(MAX_CHUNKS):
            now = self._clock.now()
            timers = self._store.take_due(now=now, until=now + LOOK_AHEAD, limit=CHUNK)
            if timers:
                self._queue.send(timers, now=now)
                handed += len(timers)
            if len(timers) < CHUNK:
                break
        self._telemetry.count("timers_handed_over_total", handed)
        return handed

"""The watch of a cloud without a delayed queue: one tick rings what falls due until the next tick has taken over."""

import threading
from datetime import timedelta
from typing import Final

from smartalarm.ports import Clock, RingQueue, Store, Telemetry
from smartalarm.ringing.leases import Leases
from smartalarm.ringing.loop import LeasedQueue, RingLoop
from smartalarm.ringing.ringer import Ringer

STAY: Final = timedelta(seconds=65)
"""How long one tick takes timers. They come every minute, and 8 s of lead are taken with the last look: a tick may be 13 s
late before anything rings late; then it rings as soon as the tick has come.
"""


class Watch:
    """Stays up and rings.

    Ticks that overlap, here or in another process, share the due index by its leases: each timer goes to one of them. What
    a killed one had taken is free again 10 s later.
    """

    def __init__(
        self, store: Store, leases: Leases, ringer: Ringer, queue: RingQueue, clock: Clock, telemetry: Telemetry
    ) -> None:
        if not isinstance(queue, LeasedQueue):
            raise TypeError("where there is a queue, its consumer rings, not a tick")
        self._store = store
        self._leases = leases
        self._ringer = ringer
        self._queue = queue
        self._clock = clock
        self._telemetry = telemetry
        self._lock = threading.Lock()
        self._current: RingLoop | None = None

    def stay(self, duration: timedelta = STAY) -> None:
        """Ring what falls due until `duration` is over or a later tick reaches this process; ends with the last ring taken.

        At most 16 s longer than `duration`. Raises Unavailable at once when the store does not answer.
        """
        self._store.ping()
        loop = RingLoop(self._leases, self._ringer, self._queue, self._clock, self._telemetry)
        with self._lock:
            before, self._current = self._current, loop
        if before is not None:
            before.leave()
        try:
            loop.stay(self._clock.now() + duration)
        finally:
            with self._lock:
                if self._current is loop:
                    self._current = None

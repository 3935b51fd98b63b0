"""Dispatch: the sweep of a cloud scheduler's tick over the due index, into the ring queue."""

from collections.abc import Sequence
from typing import Final

from smartalarm.errors import Unavailable
from smartalarm.ports import Clock, Commit, RingQueue, Store, Telemetry, Timer
from smartalarm.ringing.timers import set_timer
from smartalarm.settings import Settings

CHUNK: Final = 500
MAX_CHUNKS: Final = 400


class Dispatch:
    """Hands over everything that is due within the look-ahead, overdue included."""

    def __init__(self, store: Store, queue: RingQueue, clock: Clock, telemetry: Telemetry, settings: Settings) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._telemetry = telemetry
        self._look_ahead = settings.look_ahead

    def sweep(self) -> int:
        """One tick; how many timers were handed over. Raises Unavailable: what the queue refused is the next tick's."""
        handed = 0
        for _ in range(MAX_CHUNKS):
            now = self._clock.now()
            timers = self._store.take_due(now=now, until=now + self._look_ahead, limit=CHUNK)
            if timers:
                try:
                    self._queue.send(timers, now=now)
                except Unavailable:
                    self._give_back(timers)
                    raise
                handed += len(timers)
            if len(timers) < CHUNK:
                break
        if handed:  # a metric that is written in an hour is paid for, and most ticks find nothing
            self._telemetry.count("timers_handed_over_total", handed)
        return handed

    def _give_back(self, timers: Sequence[Timer]) -> None:
        """Write them anew, which makes them unhanded: else they would wait until they are overdue."""
        rounds: list[dict[str, Timer]] = []
        for timer in timers:
            free = next((one for one in rounds if timer.user not in one), None)
            if free is None:
                rounds.append(free := {})
            free[timer.user] = timer
        now = self._clock.now()
        for one in rounds:
            self._store.commit_many([Commit(t.user, now, timers=(set_timer(t, t),)) for t in one.values()])

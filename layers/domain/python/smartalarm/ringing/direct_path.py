"""The direct path: a timer that is due soon goes to the ring queue right after its commit; the sweep is the safety net."""

from collections.abc import Sequence

from smartalarm.errors import Unavailable
from smartalarm.ports import Clock, RingQueue, Telemetry, Timer
from smartalarm.settings import Settings


class DirectPath:
    """Hands over what was just written."""

    def __init__(self, queue: RingQueue, clock: Clock, telemetry: Telemetry, settings: Settings) -> None:
        self._queue = queue
        self._clock = clock
        self._telemetry = telemetry
        self._look_ahead = settings.look_ahead

    def send(self, timers: Sequence[Timer]) -> None:
        """Enqueue those that are due within the look-ahead. A queue that fails is logged; the due index still has them."""
        now = self._clock.now()
        due = [timer for timer in timers if timer.due_at <= now + self._look_ahead]
        if not due:
            return
        try:
            self._queue.send(due, now=now)
        except Unavailable as error:
            self._telemetry.problem("direct_path_failed", error, timers=len(due))

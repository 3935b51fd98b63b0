"""Leases: on SQL hosts the consumer takes due timers from the index itself, a few seconds early."""

from datetime import datetime, timedelta
from typing import Final

from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Clock, Store

LEAD: Final = timedelta(seconds=8)
"""How early a timer is taken: time to read and encrypt a burst of thousands before its instant."""
WAKES_WITHIN: Final = timedelta(seconds=1.5)
"""A timer just written that is due later waits for the next tick, half a second at most. Were each taken at once, somebody
who saves an alarm a hundred times a second shortly before it rings would have it armed and claimed as often, and delay
everybody's ring of that second.
"""
CHUNK: Final = 2_500
"""How many are seen through together. Those of one batch are all sent before the first of them is recorded, so larger is
sooner for a burst; but a batch posts to 128 at once at most, so a slow push service wants more than one.
"""


class Leases:
    """Takes batches."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def take(self) -> RingBatch | None:
        """Up to CHUNK timers that are due within the lead; None when there are none. Call again while it gives some."""
        now: datetime = self._clock.now()
        timers = self._store.take_due(now=now, until=now + LEAD, limit=CHUNK)
        return RingBatch(tuple(HandedTimer(timer) for timer in timers)) if timers else None

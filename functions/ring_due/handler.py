"""The ring queue's consumer: takes timers a little early, holds, and rings on time."""

from collections.abc import Sequence

from smartalarm.events import RingBatch
from smartalarm.function import consumer, entrypoints
from smartalarm.ports import Clock, Timer
from smartalarm.ringing.ringer import Ringer


# Most of what it is paid for is holding. Two messages are what its share of a processor can do in that time: docs/cost.md.
@consumer("ring", hosts=("aws",), is_canary=True, memory_mb=512, batch_size=2, max_concurrency=200)
def ring_due(batch: RingBatch, *, ringer: Ringer, clock: Clock) -> Sequence[Timer]:
    """Ring what is due; give back what could neither be settled nor handed back."""
    run = ringer.ring(batch)
    while True:
        try:
            clock.wait_until(next(run))
        except StopIteration as done:
            undone: tuple[Timer, ...] = done.value
            return undone


aws, gcp, oci = entrypoints(ring_due)

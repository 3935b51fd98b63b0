"""The ring queue's consumer: takes timers a little early, holds, and rings on time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from smartalarm.events import RingBatch
from smartalarm.function import consumer, entrypoints
from smartalarm.ports import Clock, Timer
from smartalarm.ringing.ringer import Ringer


@consumer("ring", hosts=("aws",))
def ring_due(batch: RingBatch, *, ringer: Ringer, clock: Clock) -> Sequence[Timer]:
    """Ring what is due, each second on a time line of its own; give back what could be neither settled nor handed back."""
    time_lines = batch.time_lines()
    if not time_lines:
        return ()
    with ThreadPoolExecutor(len(time_lines)) as threads:
        return [timer for undone in threads.map(partial(_see_through, ringer, clock), time_lines) for timer in undone]


def _see_through(ringer: Ringer, clock: Clock, batch: RingBatch) -> Sequence[Timer]:
    run = ringer.ring(batch)
    while True:
        try:
            clock.wait_until(next(run))
        except StopIteration as done:
            undone: tuple[Timer, ...] = done.value
            return undone


aws, gcp, oci = entrypoints(ring_due)

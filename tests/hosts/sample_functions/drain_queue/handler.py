"""A sample consumer: settles every timer but those for "later", and breaks on one for "break"."""

from smartalarm.events import RingBatch
from smartalarm.function import consumer, entrypoints
from smartalarm.ports import Telemetry, Timer


@consumer("sample")
def drain_queue(batch: RingBatch, *, telemetry: Telemetry) -> list[Timer]:
    """What is left over."""
    telemetry.count("drained", len(batch.handed), attempts=",".join(str(handed.attempt) for handed in batch.handed))
    timers = [handed.timer for handed in batch.handed]
    if any(timer.subject == "break" for timer in timers):
        raise RuntimeError("the password is hunter2")
    return [timer for timer in timers if timer.subject == "later"]


aws, gcp, oci = entrypoints(drain_queue)

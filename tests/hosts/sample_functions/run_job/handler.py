"""A sample job that leaves a trace: one more hit of a counter; with an odd-numbered one it fails."""

from smartalarm.function import entrypoints, schedule
from smartalarm.ports import Clock, Counters


@schedule("rate(1 minute)")
def run_job(*, counters: Counters, clock: Clock) -> None:
    """Succeed the first time, fail the second, and so on."""
    if counters.hit("job", 60, now=clock.now()).count % 2 == 0:
        raise RuntimeError("the password is hunter2")


aws, gcp, oci = entrypoints(run_job)

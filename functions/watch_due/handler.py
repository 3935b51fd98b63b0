"""Every minute, where no queue delays messages (Google, Oracle): stay up to the next tick and ring what falls due.

It is up all the time, which is its cost: 20 to 70 USD a month by size and cloud (infra/gcp/README.md, infra/oci/README.md).
"""

from smartalarm.function import entrypoints, schedule
from smartalarm.ringing.watch import Watch


@schedule("rate(1 minute)", hosts=("gcp", "oci"), timeout_seconds=90)
def watch_due(*, watch: Watch) -> None:
    """Ring until the next tick."""
    watch.stay()


aws, gcp, oci = entrypoints(watch_due)

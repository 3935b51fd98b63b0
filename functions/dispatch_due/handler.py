"""Every minute: hand over all timers that are due within the look-ahead, overdue included, to the ring queue."""

from smartalarm.function import entrypoints, schedule
from smartalarm.ringing.dispatch import Dispatch


@schedule("rate(1 minute)", hosts=("aws",), is_canary=True)
def dispatch_due(*, dispatch: Dispatch) -> None:
    """Sweep the due index."""
    dispatch.sweep()


aws, gcp, oci = entrypoints(dispatch_due)

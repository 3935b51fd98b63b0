"""Once a day: when the pinned time zone rules changed, plan every user's alarms anew."""

from smartalarm.function import entrypoints, schedule
from smartalarm.ringing.replan import Replan


@schedule("rate(1 day)", timeout_seconds=300)
def replan_alarms(*, replan: Replan) -> None:
    """Plan anew after a new tzdata."""
    replan.run()


aws, gcp, oci = entrypoints(replan_alarms)

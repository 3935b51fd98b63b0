"""What is rolled out bit by bit: a tenth of the calls for five minutes, then all; or back when one of its alarms rings."""

from collections.abc import Sequence

from scripts.manifest.cloudformation import Json
from smartalarm.function import Declaration

ALIAS = "live"
PREFERENCE = "Canary10Percent5Minutes"
# Alarms of infra/aws/resources.yml. An endpoint answers 500 and the consumer hands its batch back, so that Lambda counts
# no error: lines of severity ERROR are counted beside it.
ALARMS = {
    "create_alarm": ["CreateAlarmErrors", "CreateAlarmProblems"],
    "dispatch_due": ["DispatchErrors"],
    "ring_due": ["RingErrors", "RingProblems"],
}


def canaries(ours: Sequence[Declaration]) -> Json:
    """Function -> the alarms that take its new version back. Raises KeyError for a canary that nothing watches."""
    return {each.name: {"alarms": ALARMS[each.name]} for each in ours if each.is_canary}

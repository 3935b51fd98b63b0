"""The product on the emulated AWS, deployed by its own serverless.yml with IAM enforced."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.product.deployment import LOOK_AHEAD_SECONDS, say, settings_for
from tests.servers.emulated_cloud import STAGE, EmulatedCloud, running_cloud
from tests.servers.push_service import RunningPushService

TICK_SECONDS = 60
SLOWEST_TICK_SECONDS = 10  # the emulator looks for due schedules this often
BEFORE_DUE_SECONDS = 9  # with the tick's own work, inside the look-ahead on every side


class AwsDeployment:
    """The stack and what is around it.

    The emulator waits 50 ms for a log line of each call; a call that writes one, like saving an alarm, is answered sooner.
    """

    name = "aws"
    has_sockets = True
    look_ahead_seconds = LOOK_AHEAD_SECONDS

    def __init__(self, cloud: EmulatedCloud, push: RunningPushService) -> None:
        self.push = push
        self.api_url = cloud.site_url
        self.cloud = cloud
        self.settings = settings_for(push)

    def far_seconds(self) -> int:
        """The look-ahead is shorter than the tick's interval here, so it depends on when EventBridge Scheduler ticks."""
        schedule = self.cloud.client("scheduler").get_schedule(Name=f"smartalarm-{STAGE}-dispatch_due")
        first_at = float(schedule["CreationDate"].timestamp()) + SLOWEST_TICK_SECONDS + BEFORE_DUE_SECONDS
        earliest = time.time() + LOOK_AHEAD_SECONDS + 3
        ticks = max(1, math.ceil((earliest - first_at) / TICK_SECONDS))
        return round(first_at + ticks * TICK_SECONDS - time.time())

    def logs(self) -> str:
        """The functions' log groups, and the emulator's own output."""
        return self.cloud.logs()


@contextmanager
def deployed(push: RunningPushService) -> Iterator[AwsDeployment]:
    """A fresh stack in an emulator of its own."""
    with running_cloud(enforces_iam=True, say=say) as cloud:
        deployment = AwsDeployment(cloud, push)
        cloud.deploy(deployment.settings)
        yield deployment

"""What the deployments on Google's and Oracle's runtimes share: no sockets, and a scheduler that ticks every minute."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.artefacts.sources import build_sources
from smartalarm.catalog import load_functions
from tests.servers.function_cloud import FunctionCloud, running_cloud
from tests.servers.instances import Cloud
from tests.servers.push_service import RunningPushService

LOOK_AHEAD_SECONDS = 30
FAR_SECONDS = 70
"""Beyond the look-ahead, and beyond the first tick, which stays up for 65 s: the next one has to ring it."""


class FunctionDeployment:
    """A cloud of functions on this machine."""

    has_sockets = False
    look_ahead_seconds = LOOK_AHEAD_SECONDS

    def __init__(self, cloud: FunctionCloud, push: RunningPushService) -> None:
        self.name = cloud.instances.cloud
        self.push = push
        self.api_url = cloud.api_url
        self.cloud = cloud

    def far_seconds(self) -> int:
        """The tick's own loop finds it: no function hands anything over here."""
        return FAR_SECONDS

    def logs(self) -> str:
        """What all instances wrote."""
        return self.cloud.instances.logs()


@contextmanager
def deployed_functions(cloud: Cloud, push: RunningPushService) -> Iterator[FunctionDeployment]:
    """Built for the cloud, and running."""
    with tempfile.TemporaryDirectory(prefix=f"smartalarm-{cloud}-") as place:
        built, home = Path(place) / "built", Path(place) / "home"
        home.mkdir()
        build_sources(cloud, [d.name for d in load_functions() if cloud in d.hosts], built)
        settings = {"PUSH_ALLOWED_HOSTS": push.host, "RING_LOOK_AHEAD_SECONDS": str(LOOK_AHEAD_SECONDS)}
        with running_cloud(cloud, home, settings, folder=built) as running:
            yield FunctionDeployment(running, push)

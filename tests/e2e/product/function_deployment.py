"""What the deployments on Google's and Oracle's runtimes share: no sockets, and a scheduler that ticks every minute."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.artefacts.layers import copy_package
from scripts.artefacts.sources import build_sources, lock_of
from scripts.artefacts.target import this_machine
from scripts.artefacts.wheels import installed
from smartalarm.catalog import functions_on
from tests.e2e.product.deployment import LOOK_AHEAD_SECONDS, say, settings_for
from tests.servers.function_cloud import FunctionCloud, running_cloud
from tests.servers.instances import Cloud
from tests.servers.postgres import REPO
from tests.servers.push_service import RunningPushService

CACHE = REPO / ".cache/build"
COMPILE_SECONDS = 300
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
    """Built for the cloud, and running with the libraries that the cloud would install and no others."""
    with tempfile.TemporaryDirectory(prefix=f"smartalarm-{cloud}-") as place:
        built, home = Path(place) / "built", Path(place) / "home"
        home.mkdir()
        libraries = {
            infers: installed(lock_of(cloud, infers=infers), this_machine(), CACHE, say) for infers in (False, True)
        }
        for folder in libraries.values():
            _compile_once(folder)
        copy_package(Path(place))
        package = Path(place) / "smartalarm"
        _compile(package)
        names = [declaration.name for declaration in functions_on(cloud)]
        build_sources(cloud, names, built, lambda folder: (folder / "smartalarm").symlink_to(package))
        with running_cloud(
            cloud, home, settings_for(push), folder=built, libraries=lambda function: libraries[function.infers]
        ) as running:
            yield FunctionDeployment(running, push)


def _compile_once(libraries: Path) -> None:
    if not (stamp := libraries / ".compiled").is_file():
        _compile(libraries)
        stamp.touch()


def _compile(folder: Path) -> None:
    """Ahead, as the images do."""
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=COMPILE_SECONDS)  # some libraries hold templates

"""The product on the local host."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.product.deployment import LOOK_AHEAD_SECONDS, settings_for
from tests.servers.local_host import RunningLocalHost, running_local_host
from tests.servers.push_service import RunningPushService


class LocalDeployment:
    """One process with SQLite."""

    name = "local"
    has_sockets = True
    look_ahead_seconds = LOOK_AHEAD_SECONDS

    def __init__(self, host: RunningLocalHost, push: RunningPushService) -> None:
        self.push = push
        self.api_url = host.url
        self._host = host

    def far_seconds(self) -> int:
        """Its ring loop looks by itself."""
        return LOOK_AHEAD_SECONDS + 5

    def logs(self) -> str:
        """The server's output."""
        return self._host.log()


@contextmanager
def deployed(push: RunningPushService) -> Iterator[LocalDeployment]:
    """A running one."""
    with (
        tempfile.TemporaryDirectory(prefix="smartalarm-local-") as home,
        running_local_host(Path(home), **settings_for(push)) as host,
    ):
        yield LocalDeployment(host, push)

"""The product on two processes that share a PostgreSQL, as in a cluster: one answers HTTP and holds sockets, one rings."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.product.deployment import LOOK_AHEAD_SECONDS, settings_for
from tests.servers.postgres import fresh_database
from tests.servers.push_service import RunningPushService
from tests.servers.replicas import Replicas
from tests.servers.sql_databases import postgres_or_skip


class ReplicasDeployment:
    """A web and a worker process."""

    name = "replicas"
    has_sockets = True
    look_ahead_seconds = LOOK_AHEAD_SECONDS

    def __init__(self, replicas: Replicas, push: RunningPushService) -> None:
        self.push = push
        self.api_url = replicas.hosts["web"].url
        self._replicas = replicas

    def far_seconds(self) -> int:
        """The worker's ring loop looks by itself."""
        return LOOK_AHEAD_SECONDS + 5

    def logs(self) -> str:
        """What both wrote."""
        return "\n".join(f"--- {name}\n{host.log()}" for name, host in self._replicas.hosts.items())


@contextmanager
def deployed(push: RunningPushService) -> Iterator[ReplicasDeployment]:
    """A running pair."""
    with (
        postgres_or_skip() as server,
        fresh_database(server) as url,
        tempfile.TemporaryDirectory(prefix="smartalarm-replicas-") as home,
        Replicas(Path(home), url, settings_for(push), web="web", worker="worker") as replicas,
    ):
        yield ReplicasDeployment(replicas, push)

"""Roles of the local host: what a process of each runs beside HTTP, and what it serves.

`all` does everything. With PostgreSQL the work may be shared: `web` answers HTTP and holds sockets, `worker` rings and runs
the jobs and serves only its own health and metrics.
"""

import re
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from smartalarm.adapters.connections_held import HeldConnections
from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.adapters.sockets_local import LocalSockets
from smartalarm.adapters.sql import Engine, PooledEngine
from smartalarm.function import Declaration
from smartalarm.hosts.replica import Replica
from smartalarm.hosts.ticker import Ticker
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Connections, RingQueue, Sockets, Store, Telemetry
from smartalarm.ringing.leases import Leases
from smartalarm.ringing.loop import GOODBYE, SEE_THROUGH, RingLoop
from smartalarm.ringing.retelling import Retelling
from smartalarm.ringing.ringer import Ringer
from smartalarm.settings import Settings

OF_A_WORKER: Final = frozenset({"check_live", "check_ready", "show_metrics"})
_UNTOLD: Final = re.compile(r"[^A-Za-z0-9.-]+")


def process_name(settings: Settings, hostname: str) -> str:
    """What names this process among those on its database: never twice, also with one host name and any port."""
    if settings.database_provider == "sqlite":
        return "local"  # alone, and the same after a crash, so that it forgets what it held before
    return f"{_UNTOLD.sub('-', hostname)[:24]}-{uuid4().hex[:16]}"


def served(declarations: Sequence[Declaration], settings: Settings) -> list[Declaration]:
    """The functions that a process of this role answers for."""
    is_worker = settings.smartalarm_role == "worker"
    return [one for one in declarations if not is_worker or one.name in OF_A_WORKER]


class Parts:
    """The threads of one process beside its server."""

    def __init__(self, injector: Injector, engine: Engine, declarations: Sequence[Declaration]) -> None:
        settings = injector.get(Settings)
        telemetry = injector.get(Telemetry)
        self._loop: RingLoop | None = None
        self._ticker: Ticker | None = None
        self._replica: Replica | None = None
        queue = injector.get(RingQueue)
        if not isinstance(queue, WakeQueue):
            raise TypeError("the local host leases the due index itself")
        if settings.smartalarm_role != "web":
            leases, ringer = injector.get(Leases), injector.get(Ringer)
            self._loop = RingLoop(leases, ringer, queue, injector.get(Clock), telemetry)
            self._ticker = Ticker(declarations, injector)
        connections, sockets = injector.get(Connections), injector.get(Sockets)
        if (
            isinstance(engine, PooledEngine)
            and isinstance(connections, HeldConnections)
            and isinstance(sockets, LocalSockets)
        ):
            self._replica = Replica(
                engine,
                sockets=sockets,
                connections=connections,
                retelling=injector.get(Retelling),
                store=injector.get(Store),
                telemetry=telemetry,
                wake=queue.wake.set if self._loop else None,
            )

    def start(self) -> None:
        """Join the others, then begin to ring."""
        if self._replica:
            self._replica.start()
        if self._loop and self._ticker:
            self._loop.start()
            self._ticker.start()

    def stop(self) -> None:
        """See through what rings this moment, and leave."""
        if self._loop and self._ticker:
            self._ticker.stop()
            self._loop.stop(SEE_THROUGH if self._replica else GOODBYE)
        if self._replica:
            self._replica.stop()

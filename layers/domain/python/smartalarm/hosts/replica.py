"""A replica: what a process does for others on the same PostgreSQL, and what it mends when it was off the line."""

from collections.abc import Callable, Sequence
from typing import Final

from smartalarm.adapters.connections_held import HeldConnections
from smartalarm.adapters.sockets_local import LocalSockets
from smartalarm.adapters.sql import Line, Listener, PooledEngine
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Connection, JsonObject, Key, Store, Telemetry
from smartalarm.ringing.retelling import Retelling
from smartalarm.ringing.tellings import payload_to_tellings

START_SECONDS: Final = 5.0


class Replica:
    """Tells the sockets held here what other processes want told, sweeps those of dead processes, wakes the ring loop."""

    def __init__(
        self,
        engine: PooledEngine,
        *,
        sockets: LocalSockets,
        connections: HeldConnections,
        retelling: Retelling,
        store: Store,
        telemetry: Telemetry,
        wake: Callable[[], None] | None,
    ) -> None:
        self._sockets = sockets
        self._connections = connections
        self._retelling = retelling
        self._store = store
        self._telemetry = telemetry
        self._line = Line(engine)
        self._suspects: set[str] = set()
        self._lost: set[str] = set()
        self._listener = Listener(
            engine,
            sockets.host,
            is_ringer=wake is not None,
            on_listening=self.mend,
            on_notices=self.tell,
            on_wake=wake or (lambda: None),
            on_idle=self.sweep,
            on_problem=telemetry.problem,
        )

    def start(self) -> None:
        """Join the line; whoever cannot yet goes on trying beside its other work."""
        if not self._listener.start(START_SECONDS):
            self._telemetry.problem("not_listening_yet")

    def stop(self) -> None:
        """Leave it, and nothing behind."""
        self._listener.stop()
        try:
            self._connections.close_host(self._sockets.host)
        except SmartAlarmError as error:  # others sweep it
            self._telemetry.problem("connections_not_forgotten", error)

    def tell(self, payloads: Sequence[str]) -> None:
        """Post what other processes want told, as it stands now. Raises Unavailable: `mend` comes again then."""
        tellings = []
        for payload in payloads:
            try:
                tellings += payload_to_tellings(payload)
            except SmartAlarmError as error:  # somebody else's words; the rest is heard all the same
                self._telemetry.problem("notice_not_understood", error)
        posts: list[tuple[Connection, JsonObject]] = []
        held = {connection.id: connection for connection in self._connections.held()}
        for telling, message in zip(tellings, self._retelling.messages(tellings), strict=True):
            if telling.connection_id not in held:
                self._connections.close(telling.connection_id)
            elif message is not None:
                posts.append((held[telling.connection_id], message))
        self._sockets.post(posts)

    def mend(self) -> None:
        """Put back what others took for gone while we were off the line, and tell every socket here what rings, or ended."""
        self._mend(self._connections.held())

    def _mend(self, connections: Sequence[Connection]) -> None:
        by_user: dict[str, list[Connection]] = {}
        for connection in connections:
            by_user.setdefault(connection.user, []).append(connection)
        missing = self._missing(connections)
        profiles = self._store.read([Key(user, "profile", "me") for user in by_user])
        whose_rings = self._retelling.whose_rings() if by_user else set()
        for user, mine in by_user.items():
            if Key(user, "profile", "me") not in profiles:  # erased meanwhile: its next message is answered by Gone
                self._connections.forget_user(user)
                continue
            for connection in mine:
                if connection.id in missing:
                    self._connections.put_back(connection)
            told = {c.id: ringing for c in mine if (ringing := self._sockets.ringing(c.id)) is not None}
            if user not in whose_rings and not any(told.values()):
                continue
            rings = self._retelling.ringing(user)
            stops = self._retelling.ended(user, {one for ringing in told.values() for one in ringing})
            posts = [(c, ring) for c in mine for ring in rings if ring["occurrence"]["id"] not in told.get(c.id, ())]
            posts += [(c, stop) for c in mine for stop in stops if stop["occurrence_id"] in told.get(c.id, ())]
            self._sockets.post(posts)

    def _missing(self, connections: Sequence[Connection]) -> set[str]:
        """Those of the connections, held here, that the table has not."""
        known = self._connections.of({connection.user for connection in connections})
        return {connection.id for connection in connections} - {c.id for there in known.values() for c in there}

    def sweep(self) -> None:
        """Forget the connections of processes that are gone, and put back those of ours that others forgot.

        Either only when it was so at the last look as well: one that reconnects is not dead, one that opens is not lost. Who
        took us for gone may forget a socket seconds after we mended all, when its pushes have left.
        """
        rows = self._line.rows_by_host()
        held = self._connections.held()
        missing = self._missing(held) if rows.pop(self._sockets.host, 0) < len(held) else set()
        if lost := missing & self._lost:
            self._mend([connection for connection in held if connection.id in lost])
        dead = self._line.dead(rows)
        for host in sorted(dead & self._suspects):
            self._connections.close_host(host)
            self._telemetry.log("connections_of_dead_host_forgotten", host=host)
        self._lost, self._suspects = missing, dead

"""Stop: right after an answer every open socket hears it; pushes follow by the announce timer, which survives a crash."""

from smartalarm.errors import Unavailable
from smartalarm.ports import Connections, Sockets, Telemetry
from smartalarm.ringing.notices import stop_message
from smartalarm.ringing.occurrence import Occurrence


class Stop:
    """Tells the user's connections."""

    def __init__(self, connections: Connections, sockets: Sockets, telemetry: Telemetry) -> None:
        self._connections = connections
        self._sockets = sockets
        self._telemetry = telemetry

    def tell_sockets(self, user: str, occurrence: Occurrence, by_device: str | None) -> None:
        """Post `stop` to every connection, the answering one included. A failure is logged: the pushes follow anyway."""
        try:
            connections = self._connections.of([user]).get(user, [])
            alive = self._sockets.post([(c, stop_message(occurrence, by_device)) for c in connections])
            for connection, is_alive in zip(connections, alive, strict=True):
                if not is_alive:
                    self._connections.close(connection.id)
        except Unavailable as error:
            self._telemetry.problem("stop_to_sockets_failed", error, occurrence=occurrence.id)

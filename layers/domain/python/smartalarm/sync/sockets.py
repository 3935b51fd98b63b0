"""Sockets opening and closing: who may, and what is remembered of them."""

from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.events import SocketEvent
from smartalarm.headers import is_listed_origin, is_own_origin
from smartalarm.ports import Clock, Connection, Connections
from smartalarm.settings import Settings
from smartalarm.sync.tickets import Tickets


class OpenSockets:
    """The door of the socket API."""

    def __init__(self, connections: Connections, tickets: Tickets, clock: Clock, settings: Settings) -> None:
        self._connections = connections
        self._tickets = tickets
        self._clock = clock
        self._settings = settings

    def open(self, event: SocketEvent) -> Connection:
        """Redeem the ticket. Raises Unauthenticated for a bad one, Forbidden for a foreign Origin."""
        if not self._is_welcome(event.headers.get("origin"), event.headers.get("host", "")):
            raise Forbidden("This page may not open a socket here.", code="foreign_origin")
        ticket = event.query.get("ticket", "")
        if not ticket:
            raise Unauthenticated("Connect with ?ticket=; POST /api/v1/sync/ticket gives one.")
        claim = self._tickets.redeem(ticket)
        now = self._clock.now()
        connection = Connection(event.connection_id, claim.owner, claim.value.get("device_id"), now, event.host)
        self._connections.open(connection)
        if connection.device_id:
            self._connections.saw(connection.user, connection.device_id, at=now)
        return connection

    def close(self, connection_id: str) -> None:
        """Forget it, and note when its device was last there."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        if connection.device_id:
            self._connections.saw(connection.user, connection.device_id, at=self._clock.now())
        self._connections.close(connection_id)

    def _is_welcome(self, origin: str | None, host: str) -> bool:
        """No Origin (not a browser), our own host, or one of CORS_ORIGINS."""
        if origin is None:
            return True
        return is_own_origin(origin, host, self._settings) or is_listed_origin(origin, self._settings)

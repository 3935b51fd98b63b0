"""A socket closed: forget it, remember when its device was last seen."""

from smartalarm.events import SocketEvent
from smartalarm.function import entrypoints, socket
from smartalarm.sync.sockets import OpenSockets


@socket("sync", "$disconnect")
def close_socket(event: SocketEvent, *, sockets: OpenSockets) -> None:
    """Forget a connection."""
    sockets.close(event.connection_id)


aws, gcp, oci = entrypoints(close_socket)

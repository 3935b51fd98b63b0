"""A socket opens: redeem its ticket, check where it comes from, remember it."""

from smartalarm.events import SocketEvent
from smartalarm.function import entrypoints, socket
from smartalarm.sync.sockets import OpenSockets


@socket("sync", "$connect")
def open_socket(event: SocketEvent, *, sockets: OpenSockets) -> None:
    """Let a ticket's holder in."""
    sockets.open(event)


aws, gcp, oci = entrypoints(open_socket)

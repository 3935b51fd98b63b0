"""How the local host listens."""

import socket

from smartalarm.hosts.local import _listen
from smartalarm.settings import Settings


def test_an_answer_of_two_packets_leaves_at_once_on_every_accepted_connection() -> None:
    """Nagle's algorithm is off: otherwise the body waits 40 ms for the acknowledgement of the head."""
    with _listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

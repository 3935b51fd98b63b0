"""A message on a socket: ping, ack, snooze, dismiss; the answer is posted to the same connection."""

from smartalarm.events import SocketEvent
from smartalarm.function import entrypoints, socket
from smartalarm.sync.conversation import Conversation


@socket("sync", "$default")
def answer_socket(event: SocketEvent, *, conversation: Conversation) -> None:
    """Answer a client's message."""
    conversation.hear(event.connection_id, event.body)


aws, gcp, oci = entrypoints(answer_socket)

"""A sample socket route: lets in whoever knows the word."""

from smartalarm.errors import Unauthenticated
from smartalarm.events import SocketEvent
from smartalarm.function import entrypoints, socket


@socket("sample", "$connect")
def open_door(event: SocketEvent) -> None:
    """Refuse, break, or let in."""
    if event.query.get("word") == "break":
        raise RuntimeError("the password is hunter2")
    if event.query.get("word") != "sesame" or event.headers.get("origin") != "https://app.example":
        raise Unauthenticated


aws, gcp, oci = entrypoints(open_door)

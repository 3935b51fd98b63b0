"""The relay to sockets that other processes hold: ids over a line, within a time that no ring is delayed by."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Final, Protocol

from smartalarm.errors import SmartAlarmError, Unavailable
from smartalarm.ports import Connection, JsonObject, Telemetry
from smartalarm.ringing.tellings import Telling, message_to_telling, tellings_to_payloads

PATIENCE_SECONDS: Final = 0.25
"""How long a sending waits for the line; the pushes of the same rings leave after it."""
MOST_AT_ONCE: Final = 64
"""Sendings under way or in the queue; with the line down, more would only be late."""


class NoticeLine(Protocol):
    """What carries notices: PostgreSQL's NOTIFY (`adapters.sql.Line`)."""

    def say(self, notices: Sequence[tuple[str, str]]) -> list[bool]:
        """Give each (host, payload) to its process; False: nobody is there under that name. Raises Unavailable."""


class SocketRelay:
    """Posts for `LocalSockets` to connections of other processes."""

    def __init__(self, line: NoticeLine, telemetry: Telemetry, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._line = line
        self._telemetry = telemetry
        self._patience_seconds = patience_seconds
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="relay")
        self._places = BoundedSemaphore(MOST_AT_ONCE)

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """See `Sockets.post`. Only the line's own word that nobody holds a connection makes it gone.

        What the line cannot say now is reported and counts as open: forgetting a socket for a hiccup would silence a
        device, while a message lost is repaired by the ladder, the pushes and the client's next pull.
        """
        alive = [True] * len(messages)
        by_host: dict[str, list[tuple[int, Telling]]] = {}
        for i, (connection, message) in enumerate(messages):
            telling = message_to_telling(connection, message)
            if telling is None or not connection.host:
                alive[i] = False  # an answer to a conversation that nobody here has
            else:
                by_host.setdefault(connection.host, []).append((i, telling))
        notices: list[tuple[str, str]] = []
        places: list[list[int]] = []
        for host, members in by_host.items():
            for payload, inside in tellings_to_payloads([telling for _, telling in members]):
                notices.append((host, payload))
                places.append([members[at][0] for at in inside])
        for is_there, inside in zip(self._say(notices), places, strict=True):
            for i in inside:
                alive[i] = is_there
        return alive

    def _say(self, notices: list[tuple[str, str]]) -> list[bool]:
        if not notices:
            return []
        if not self._places.acquire(blocking=False):
            return self._hoped(notices, Unavailable("Too many messages wait for other processes"))
        saying = self._threads.submit(self._line.say, notices)
        saying.add_done_callback(lambda _: self._places.release())
        try:
            return saying.result(self._patience_seconds)
        except TimeoutError:
            return self._hoped(notices, Unavailable("The line to other processes is slow"))
        except SmartAlarmError as error:
            return self._hoped(notices, error)

    def _hoped(self, notices: list[tuple[str, str]], error: SmartAlarmError) -> list[bool]:
        self._telemetry.count("socket_post_failures_total", reason=type(error).__name__)
        self._telemetry.problem("sockets_elsewhere_not_reached", error, notices=len(notices))
        return [True] * len(notices)

"""The sockets that this very process holds."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any, Protocol

from smartalarm.ports import Connection, JsonObject

MAX_WAITING: int = 200
"""Messages a slow reader may leave waiting before its connection is dropped."""


class Outbox:
    """What waits to be written to one socket. `None` in the queue: close it.

    `ringing` are the occurrences that it was told to ring and not yet to stop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(MAX_WAITING + 1)
        self.ringing: set[str] = set()

    def put(self, text: str) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._put, text)

    def _put(self, text: str | None) -> None:
        if self.queue.qsize() < MAX_WAITING:
            self.queue.put_nowait(text)
        elif not self.queue.full():
            self.queue.put_nowait(None)


class Relay(Protocol):
    """Reaches the sockets of other processes."""

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """See `Sockets.post`."""


class LocalSockets:
    """`Sockets` for the local host. `host` names this process in the connections it holds.

    Without a relay a connection of another process is gone: nobody else can be there.
    """

    def __init__(self, host: str, relay: Relay | None = None) -> None:
        self.host = host
        self._relay = relay
        self._lock = threading.Lock()
        self._outboxes: dict[str, Outbox] = {}

    def add(self, connection_id: str, outbox: Outbox) -> None:
        """A socket is open."""
        with self._lock:
            self._outboxes[connection_id] = outbox

    def remove(self, connection_id: str) -> None:
        """It is closed."""
        with self._lock:
            self._outboxes.pop(connection_id, None)

    def ringing(self, connection_id: str) -> frozenset[str] | None:
        """Occurrences that ring on a socket as far as we told it; None when we do not hold it."""
        outbox = self._outboxes.get(connection_id)
        return None if outbox is None else frozenset(outbox.ringing)

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """See `Sockets.post`: our own first, which takes no time; those of other processes by the relay."""
        texts: dict[int, str] = {}
        alive = [
            connection.host == self.host and self._put(connection.id, message, texts) for connection, message in messages
        ]
        elsewhere = [i for i, (connection, _) in enumerate(messages) if connection.host != self.host]
        if self._relay is not None and elsewhere:
            for i, is_alive in zip(elsewhere, self._relay.post([messages[i] for i in elsewhere]), strict=True):
                alive[i] = is_alive
        return alive

    def _put(self, connection_id: str, message: JsonObject, texts: dict[int, str]) -> bool:
        """`texts`: what is told to many sockets becomes text once."""
        outbox = self._outboxes.get(connection_id)
        if outbox is None:
            return False
        text = texts.get(id(message))
        if text is None:
            text = texts[id(message)] = _to_text(message)
        if message.get("type") == "ring":
            outbox.ringing.add(message["occurrence"]["id"])
        elif message.get("type") == "stop":
            outbox.ringing.discard(message["occurrence_id"])
        outbox.put(text)
        return True


def _to_text(message: Any) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))

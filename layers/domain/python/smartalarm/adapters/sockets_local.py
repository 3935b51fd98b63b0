"""The sockets that this very process holds."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

from smartalarm.ports import Connection, JsonObject

MAX_WAITING: int = 200
"""Messages a slow reader may leave waiting before its connection is dropped."""


class Outbox:
    """What waits to be written to one socket. `None` in the queue: close it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(MAX_WAITING + 1)

    def put(self, text: str) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._put, text)

    def _put(self, text: str | None) -> None:
        if self.queue.qsize() < MAX_WAITING:
            self.queue.put_nowait(text)
        elif not self.queue.full():
            self.queue.put_nowait(None)


class LocalSockets:
    """`Sockets` for the local host. `host` names this process in the connections it holds."""

    def __init__(self, host: str) -> None:
        self.host = host
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

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """Queue each message; a connection of another process is that process's matter."""
        texts: dict[int, str] = {}
        alive = []
        for connection, message in messages:
            outbox = self._outboxes.get(connection.id)
            if outbox is not None:
                text = texts.setdefault(id(message), "") or _to_text(message)
                texts[id(message)] = text
                outbox.put(text)
            alive.append(outbox is not None or connection.host != self.host)
        return alive


def _to_text(message: Any) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))

"""uvicorn's HTTP with an end to what it waits for: as it comes, it takes a head of any size, in any time.

Connections that never finish a request would use up memory and open files, and a ring needs both.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from smartalarm.errors import Malformed
from smartalarm.http import problem

MAX_HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 15.0


class EndingHttp(HttpToolsProtocol):
    """One connection. A head that is too large or too slow ends it; what is no HTTP at all is answered in our own shape."""

    head_seconds: float = HEAD_SECONDS
    _head_bytes: int = 0
    _is_in_head: bool = False
    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The first head has to come."""
        super().connection_made(transport)
        self._start_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what does not complete a head; a head with what follows it comes in pieces of 256 KiB at most."""
        super().data_received(data)
        self._head_bytes += len(data) if self._is_in_head else 0
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins; on a kept connection this is the first that is heard of it."""
        self._is_in_head, self._head_bytes = True, 0
        if self._ending is None:
            self._start_waiting()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._is_in_head, self._head_bytes = False, 0
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, and hang up."""
        refusal = problem(Malformed(msg))
        head = (
            "HTTP/1.1 400 Bad Request\r\n"
            f"content-type: {refusal.headers['content-type']}\r\n"
            f"content-length: {len(refusal.body)}\r\n"
            "cache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + refusal.body)
        self.transport.close()

    def _start_waiting(self) -> None:
        self._ending = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

"""The local host's HTTP: requests that never end, never begin, or are none."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from smartalarm.hosts.local_http import MAX_HEAD_BYTES, EndingHttp

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]
REQUEST = b"GET /%s HTTP/1.1\r\nhost: x\r\n\r\n"
PATIENCE = 0.3


class QuickHttp(EndingHttp):
    """The same in less time."""

    head_seconds = PATIENCE


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Says its path, after a while when that is /slow."""
    if scope["path"] == "/slow":
        await asyncio.sleep(2 * PATIENCE)
    body = scope["path"].encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def served(talk: Talk) -> bytes:
    """What the talk gives, held with a server that lives as long; fails when it takes longer than a few seconds."""

    async def serve() -> bytes:
        config = uvicorn.Config(app, http=QuickHttp, lifespan="off", log_config=None)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: QuickHttp(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(talk(reader, writer), 5)
        finally:
            writer.close()
            server.close()

    return asyncio.run(serve())


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(begun: bytes) -> None:
    """Whether nothing came of it or half."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begun)
        return await reader.read()

    assert served(talk) == b""


def test_a_kept_connection_has_the_same_patience_with_its_next_head() -> None:
    """The first request was answered; then half a head comes and no more."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(REQUEST % b"first" + b"GET / HTTP/1.1\r\n")
        return await reader.read()

    assert served(talk).endswith(b"\r\n\r\n/first")


def test_an_answer_may_take_longer_than_a_head() -> None:
    """The clock is stopped by the end of the head."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(REQUEST % b"slow")
        return await reader.readuntil(b"/slow")

    assert served(talk).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("size", "is_refused"), [(MAX_HEAD_BYTES, False), (MAX_HEAD_BYTES + 1, True)])
@pytest.mark.parametrize("line", [b"x: " + b"a" * 1000 + b"\r\n", b"a" * 1000], ids=["many headers", "one without end"])
def test_a_head_beyond_all_bounds_is_refused_before_it_fills_the_memory(line: bytes, size: int, is_refused: bool) -> None:  # noqa: FBT001  a table
    """Many headers, or one that does not end; what is not too large yet is waited for."""
    head = (b"GET / HTTP/1.1\r\nx: " + line * (size // len(line) + 1))[:size]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for begin in range(0, size, 10_000):
            writer.write(head[begin : begin + 10_000])
            await asyncio.sleep(0.001)
        return await reader.read()

    answer = served(talk)
    assert answer.startswith(b"HTTP/1.1 400") == is_refused
    assert (b"application/problem+json" in answer) == is_refused


def test_what_is_no_http_is_refused_in_our_own_shape() -> None:
    """An unknown method, for one."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"NONSENSE / HTTP/1.1\r\n\r\n")
        return await reader.read()

    answer = served(talk)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer
    assert b'"code": "malformed"' in answer

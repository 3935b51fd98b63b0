"""The local host's ASGI application: every HTTP function on its route, and the socket at /ws."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response as AsgiResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from smartalarm.adapters.sockets_local import LocalSockets, Outbox
from smartalarm.errors import Gone, Malformed, NotFound, SmartAlarmError, TooLarge
from smartalarm.events import SocketEvent
from smartalarm.function import Declaration, EndpointFunction, SocketFunction
from smartalarm.headers import REQUEST_ID, finish, preflight
from smartalarm.hosts.proxies import client_address, is_trusted
from smartalarm.hosts.site import Site
from smartalarm.http import MAX_BODY_BYTES, Request, Response, problem
from smartalarm.injection import Injector
from smartalarm.ports import Sockets, Telemetry
from smartalarm.routing import Router
from smartalarm.settings import Settings

PATH: Final = "/ws"
SQLITE_THREADS: Final = 8
SERVER_THREADS: Final = 16
"""How many requests are worked on at once. A database server answers over a network, so more of them wait; its pool has 20
connections. Beyond that threads only quarrel over the interpreter: with 40 on SQLite no more requests are answered in a
second, but a commit, which needs the interpreter ten times, takes five times as long.
"""
BODY_SECONDS: Final = 20.0
_NOT_TEXT: Final = 1003
_FORGOTTEN: Final = 1008
_CLOSED_BY_US: Final = 1011


def local_app(declarations: Sequence[Declaration], injector: Injector, site: Site | None = None) -> ASGIApp:
    """All functions that this host has, and beside them the app's files (`site`).

    Our own router finds the functions: Starlette's trips over a line feed in a path.
    """
    mine = [declaration for declaration in declarations if "local" in declaration.hosts]
    http = HttpFunctions([d for d in mine if isinstance(d, EndpointFunction)], injector, site)
    sockets = SocketFunctions([d for d in mine if isinstance(d, SocketFunction)], injector)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await http(scope, receive, send)
        else:
            await sockets(scope, receive, send)

    return app


class HttpFunctions:
    """Answers HTTP. Functions are plain blocking code and run in threads of their own."""

    def __init__(self, functions: Sequence[EndpointFunction], injector: Injector, site: Site | None = None) -> None:
        self._site = site
        self._router = Router((f.endpoint.method, f.endpoint.path, f) for f in functions)
        self._injector = injector
        self._settings = injector.get(Settings)
        threads = SQLITE_THREADS if self._settings.database_provider == "sqlite" else SERVER_THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self._telemetry = injector.get(Telemetry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI)."""
        started = time.perf_counter()
        name = "unmatched"
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read_body(receive)
        except ClientDisconnect:
            return  # nobody hears an answer, and half a request is none
        except (TooLarge, TimeoutError) as error:
            request = _to_request(scope, b"", self._settings)
            refusal = error if isinstance(error, TooLarge) else Malformed("The body did not arrive in time.")
            response = problem(refusal)
            response = replace(response, headers={**response.headers, "connection": "close"})
        else:
            request = _to_request(scope, body, self._settings)
            name, response = await self._answer(request)
        await _send(send, finish(response, request, self._settings))
        status = f"{response.status // 100}xx"
        self._telemetry.observe("api_response_duration_seconds", time.perf_counter() - started, function=name, status=status)

    async def _answer(self, request: Request) -> tuple[str, Response]:
        """The name of the function that answers, and its answer."""
        if self._site is not None and (file := self._site.answer(request)) is not None:
            return "site", file
        if request.method == "OPTIONS" and (methods := self._router.methods(request.path)):
            return "unmatched", preflight(request, self._settings, methods)
        try:
            function, values = self._router.find(request.method, request.path)
        except SmartAlarmError as error:
            return "unmatched", problem(error)
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, function.endpoint.answer, request, self._injector, values)
        return function.name, await answer


async def _read_body(receive: Receive) -> bytes:
    """The whole body. Raises TooLarge as soon as it is over the limit, ClientDisconnect when the rest will not come."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY_BYTES:
            raise TooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
        if not message.get("more_body"):
            return b"".join(parts)


def _to_request(scope: Scope, body: bytes, settings: Settings) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        separator = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    headers.setdefault(REQUEST_ID, uuid4().hex)
    peer = (scope.get("client") or ("unknown", 0))[0]
    is_proxied = is_trusted(peer, settings.trusted_proxies)
    return Request(
        method=scope["method"],
        path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        client_address=client_address(peer, headers.get("x-forwarded-for", ""), settings.trusted_proxies),
        scheme=str(headers.get("x-forwarded-proto", scope["scheme"]) if is_proxied else scope["scheme"]),
    )


async def _send(send: Send, response: Response) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    # 204 must not have a length, 304 only that of the answer it stands for (RFC 9110, 8.6).
    if response.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


class SocketFunctions:
    """Holds sockets open; what happens on them is up to the three socket functions."""

    def __init__(self, functions: Sequence[SocketFunction], injector: Injector) -> None:
        self._by_route = {function.route: function for function in functions}
        self._injector = injector
        self._telemetry = injector.get(Telemetry)
        sockets = injector.get(Sockets)
        if not isinstance(sockets, LocalSockets):
            raise TypeError("the local host holds its sockets itself")
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One attempt to open a socket (ASGI); there is only one address to do that."""
        socket = WebSocket(scope, receive, send)
        if scope["path"] == PATH:
            await self.converse(socket)
        else:
            await _refuse(socket, NotFound("There is nothing at this address."))

    async def converse(self, socket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        event = SocketEvent(
            connection_id=uuid4().hex,
            query=dict(socket.query_params),
            headers={name.lower(): value for name, value in socket.headers.items()},
            host=self._sockets.host,
        )
        outbox = Outbox(asyncio.get_running_loop())
        self._sockets.add(event.connection_id, outbox)
        try:
            refusal = await self._call("$connect", event)
            if refusal is not None:
                await _refuse(socket, refusal)
                return
            await socket.accept()
            writing = asyncio.create_task(_write(socket, outbox))
            try:
                await self._listen(socket, event)
            finally:
                writing.cancel()
        finally:
            self._sockets.remove(event.connection_id)
            await self._call("$disconnect", event)

    async def _listen(self, socket: WebSocket, event: SocketEvent) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # gone
            while (message := await socket.receive())["type"] == "websocket.receive":
                text = message.get("text")
                if text is None:
                    await socket.close(_NOT_TEXT)
                    return
                if isinstance(await self._call("$default", replace(event, body=text)), Gone):
                    await socket.close(_FORGOTTEN)
                    return

    async def _call(self, route: str, event: SocketEvent) -> SmartAlarmError | None:
        """Run the route's function; its refusal is returned, a fault is logged and looks like one."""
        call: Any = self._by_route[route].call
        try:
            await run_in_threadpool(call, event, **self._injector.arguments(call))
        except SmartAlarmError as error:
            return error
        except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
            self._telemetry.problem("socket_failed", error, route=route)
            return SmartAlarmError("Something went wrong on our side. It is logged; please try again.")
        return None


async def _refuse(socket: WebSocket, error: SmartAlarmError) -> None:
    answer = problem(error)
    await socket.send_denial_response(AsgiResponse(answer.body, answer.status, dict(answer.headers)))


async def _write(socket: WebSocket, outbox: Outbox) -> None:
    while (text := await outbox.queue.get()) is not None:
        await socket.send_text(text)
    await socket.close(_CLOSED_BY_US)

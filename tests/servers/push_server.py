"""The HTTP face of the local push service: a raw asyncio server, because it must keep up with bursts of thousands."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from tests.servers.push_mailbox import Device, Failure, Mailbox, Refusal

MAX_HEAD_BYTES = 16_384
MAX_WAIT_SECONDS = 30.0
DRIP_SECONDS = 0.2
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found", 410: "Gone"}


def response(status: int, body: bytes = b"", headers: str = "") -> bytes:
    """One HTTP/1.1 answer."""
    head = f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class PushServer:
    """Routes: posts to /push/<id>, and the operator's calls on /subscriptions, /stats and /arrivals."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def push(self, identity: str, headers: dict[str, str], body: bytes, at: float, answer: Callable[[bytes], None]) -> bool:
        """Take one post; False when the connection is to be closed without an answer."""
        counts = self.mailbox.counts
        counts["posts"] += 1
        device = self.mailbox.devices.get(identity)
        if device is None or device.gone:
            counts["refused"] += 1
            answer(response(404 if device is None else 410))
            return True
        failure = self._failure_now(device)
        if failure is not None:
            counts["failed_on_purpose"] += 1
            return self._fail(failure, answer)
        try:
            self.mailbox.take(device, headers, body, at)
        except Refusal as refusal:
            counts["refused"] += 1
            reason = json.dumps({"reason": refusal.reason}).encode()
            answer(response(refusal.status, reason, "Content-Type: application/json\r\n"))
            return True
        counts["accepted"] += 1
        answer(
            response(
                201, headers=f"Location: {self.mailbox.origin}/message/{counts['accepted']}\r\nTTL: {headers['ttl']}\r\n"
            )
        )
        self._arrived.set()
        return True

    def _failure_now(self, device: Device) -> Failure | None:
        failure = device.failure
        if failure is not None and failure.times is not None:
            failure.times -= 1
            if failure.times <= 0:
                device.failure = None
        return failure

    def _fail(self, failure: Failure, answer: Callable[[bytes], None]) -> bool:
        if failure.mode == "close":
            return False
        if failure.mode == "drip":
            self._start(self._drip(answer))
        elif failure.mode != "hang":
            headers = f"Retry-After: {failure.retry_after}\r\n" if failure.retry_after else ""
            headers += f"Location: {failure.location}\r\n" if failure.location else ""
            answer(response(int(failure.mode), b'{"reason": "asked to fail"}', headers))
        return True

    async def _drip(self, answer: Callable[[bytes], None]) -> None:
        """An answer that never ends, a byte at a time: what a time-out per read does not catch."""
        answer(b"HTTP/1.1 201 Created\r\nX-Slow: ")
        for _ in range(int(MAX_WAIT_SECONDS / DRIP_SECONDS)):
            await asyncio.sleep(DRIP_SECONDS)
            answer(b".")

    def operate(self, method: str, target: str, body: bytes, answer: Callable[[bytes], None]) -> None:
        """Answer one call of the operator, maybe later (long poll)."""
        self._start(self._operate(method, target, body, answer))

    async def _operate(self, method: str, target: str, body: bytes, answer: Callable[[bytes], None]) -> None:
        path, _, query_text = target.partition("?")
        query = dict(pair.partition("=")[::2] for pair in query_text.split("&") if pair)
        try:
            result = await self._route(method, path.strip("/").split("/"), query, json.loads(body or b"{}"))
        except Refusal as refusal:
            answer(response(refusal.status, refusal.reason.encode()))
            return
        except (ValueError, KeyError, TypeError) as error:
            answer(response(400, repr(error).encode()))
            return
        answer(response(200, json.dumps(result).encode(), "Content-Type: application/json\r\n"))

    async def _route(self, method: str, parts: list[str], query: dict[str, str], body: dict[str, Any]) -> Any:
        match method, parts:
            case "POST", ["subscriptions"]:
                return self._subscribe(body)
            case "GET", ["stats"]:
                return {"subscriptions": len(self.mailbox.devices), **self.mailbox.counts}
            case "GET", ["arrivals"]:
                return self.mailbox.arrivals[int(query.get("after", 0)) :]
            case "GET", ["subscriptions", identity, "messages"]:
                wait = min(float(query.get("wait", 0)), MAX_WAIT_SECONDS)
                return await self._messages(self._device(identity), int(query.get("after", 0)), wait)
            case "PUT", ["subscriptions", identity, "failure"]:
                self._device(identity).failure = None if body["mode"] == "ok" else _to_failure(body)
            case "PUT", ["subscriptions", identity, "device"]:
                self.mailbox.go_online(self._device(identity), bool(body["online"]), time.time())
                self._arrived.set()
            case "DELETE", ["subscriptions", identity]:
                self._device(identity).gone = True
            case _:
                raise Refusal(404, "no such call")
        return {}

    def _subscribe(self, body: dict[str, Any]) -> dict[str, Any]:
        key = body.get("application_server_key")
        if "count" in body:
            return {"items": [self.mailbox.subscribe(key) for _ in range(int(body["count"]))]}
        return self.mailbox.subscribe(key)

    def _device(self, identity: str) -> Device:
        device = self.mailbox.devices.get(identity)
        if device is None:
            raise Refusal(404, "no such subscription")
        return device

    async def _messages(self, device: Device, after: int, wait_seconds: float) -> list[dict[str, Any]]:
        deadline = time.monotonic() + wait_seconds
        while len(device.delivered) <= after and (left := deadline - time.monotonic()) > 0:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
        return [device.view(message) for message in device.delivered[after:]]

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _to_failure(body: dict[str, Any]) -> Failure:
    failure = Failure(str(body["mode"]), body.get("times"), body.get("retry_after"), body.get("location"))
    if failure.mode not in {"hang", "drip", "close"} and not 300 <= int(failure.mode) <= 599:
        raise Refusal(400, "mode must be ok, hang, drip, close or a status from 300 to 599")
    return failure


class Connection(asyncio.Protocol):
    """Splits the bytes of one connection into requests."""

    def __init__(self, server: PushServer, open_connections: set["Connection"]) -> None:
        self._server = server
        self._open = open_connections
        self._buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        self.transport = transport  # type: ignore[assignment]  # a TCP server hands out full transports
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The other side went away."""
        self._open.discard(self)
        self.transport = None

    def data_received(self, data: bytes) -> None:
        """Stamp the arrival before anything else, then serve every whole request."""
        at = time.time()
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            length, request = headers.get("content-length", "0"), lines[0].split(" ")
            if not length.isdigit() or len(request) != 3:
                self._answer(response(400))
                self._close()
                return
            total = end + 4 + int(length)
            if len(self._buffer) < total:
                return
            body, self._buffer = self._buffer[end + 4 : total], self._buffer[total:]
            method, target, _ = request
            if method != "POST" or not target.startswith("/push/"):
                self._server.operate(method, target, body, self._answer)
            elif not self._server.push(target[6:], headers, body, at, self._answer):
                self._close()
        if len(self._buffer) > MAX_HEAD_BYTES:
            self._close()

    def _answer(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def _close(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def serve(host: str, port: int, *, announce: Callable[[str], None], until: asyncio.Event) -> None:
    """Listen until the event is set. `announce` gets the origin, e.g. http://127.0.0.1:8090."""
    mailbox = Mailbox("")
    server, connections = PushServer(mailbox), set[Connection]()
    listener = await asyncio.get_running_loop().create_server(
        lambda: Connection(server, connections), host, port, backlog=1024
    )
    bound_port = listener.sockets[0].getsockname()[1]
    mailbox.origin = f"http://{host}:{bound_port}"
    announce(mailbox.origin)
    await until.wait()
    listener.close()
    for connection in list(connections):
        connection._close()

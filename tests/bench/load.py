"""Clients in a process of their own: each keeps one connection and goes through a script again and again.

    python -m tests.bench.load < job.json > result.json

A job: {"host", "port", "script": "create" | "everything", "seconds", "clients": [[token, ...], ...] or, for everything,
[[email, password], ...]}. The result: {"seconds", "calls": {name: [milliseconds, ...]}, "failures": {"name status": count}}.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CALL_SECONDS = 30.0
ALARMS_BEFORE = 5
ALARM = {
    "label": "Work",
    "schedule": {"start": "2026-11-02T06:30:00", "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "exdates": [], "rdates": []},
    "time_zone": "Europe/Madrid",
    "smart_wake_minutes": 30,
    "snooze": {"minutes": 9, "limit": 3},
    "ring": {"sound": "sunrise", "ramp_seconds": 60, "vibrate": True, "challenge": "none", "timeout_minutes": 10},
    "category": "work",
    "priority": "normal",
    "instructions": "",
    "tags": ["weekday"],
}


class Connection(asyncio.Protocol):
    """HTTP/1.1 over one kept connection, one call at a time; just enough of it to cost little beside the server."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes, float]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = transport  # type: ignore[assignment]  # a TCP client gets a full transport

    def connection_lost(self, exc: Exception | None) -> None:
        """A call under way fails."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0 or self._answer is None:
            return
        head = self._buffer[:head_end].lower()
        _, found, rest = head.partition(b"\r\ncontent-length:")
        end = head_end + 4 + (int(rest.partition(b"\r\n")[0]) if found else 0)
        if len(self._buffer) >= end:
            body, self._buffer = self._buffer[head_end + 4 : end], self._buffer[end:]
            self._answer.set_result((int(head[9:12]), body, time.perf_counter()))

    async def call(self, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, bytes, float]:
        """Status, body, and milliseconds from the first byte sent to the last byte received."""
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(content)}\r\n"
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        head += "Content-Type: application/json\r\n" if content else ""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._transport.write(head.encode() + b"\r\n" + content)
        async with asyncio.timeout(CALL_SECONDS):
            status, answer, ended = await self._answer
        return status, answer, (ended - started) * 1000


class Client:
    """One client with its connection; what it measures goes into the shared result."""

    def __init__(self, connection: Connection, calls: dict[str, list[float]], failures: Counter[str]) -> None:
        self._connection, self._calls, self._failures = connection, calls, failures

    async def call(self, name: str, method: str, path: str, token: str = "", body: Any = None) -> Any:
        """One measured call; its JSON, or None when there is none or it failed."""
        status, answer, milliseconds = await self._connection.call(method, path, token, body)
        if status >= 300:
            self._failures[f"{name} {status}"] += 1
            return None
        self._calls[name].append(milliseconds)
        return json.loads(answer) if answer else None

    async def create(self, tokens: list[str], deadline: float) -> None:
        """Create alarms, one user after the other."""
        for token in itertools.cycle(tokens):
            if time.monotonic() >= deadline:
                return
            await self.call("create", "POST", "/api/v1/alarms", token, ALARM)

    async def sign_in(self, email: str, password: str) -> str:
        """Sign in, and have some alarms as people do."""
        signed_in = await self.call("log in", "POST", "/api/v1/auth/login", body={"email": email, "password": password})
        token: str = signed_in["access_token"]
        for _ in range(ALARMS_BEFORE):
            await self._connection.call("POST", "/api/v1/alarms", token, ALARM)
        return token

    async def everything(self, token: str, deadline: float) -> None:
        """What a person does with alarms, over and over."""
        while time.monotonic() < deadline:
            await self.call("list", "GET", "/api/v1/alarms?limit=50", token)
            made = await self.call("create", "POST", "/api/v1/alarms", token, ALARM)
            if made is None:
                continue
            path = f"/api/v1/alarms/{made['id']}"
            await self.call("get", "GET", path, token)
            await self.call("change", "PATCH", path, token, {"label": "Later"})
            await self.call("preview", "GET", f"{path}/occurrences?count=10", token)
            await self.call("delete", "DELETE", path, token)


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """Do the job."""
    calls: dict[str, list[float]] = defaultdict(list)
    failures: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    clients = []
    for _ in job["clients"]:
        _, connection = await loop.create_connection(
            lambda: Connection(f"{job['host']}:{job['port']}"), job["host"], job["port"]
        )
        clients.append(Client(connection, calls, failures))
    pairs = list(zip(clients, job["clients"], strict=True))
    if job["script"] == "everything":
        tokens = await asyncio.gather(*(client.sign_in(*given) for client, given in pairs))
        started = time.monotonic()
        deadline = started + job["seconds"]
        await asyncio.gather(*(client.everything(t, deadline) for client, t in zip(clients, tokens, strict=True)))
    else:
        started = time.monotonic()
        deadline = started + job["seconds"]
        await asyncio.gather(*(client.create(tokens, deadline) for client, tokens in pairs))
    return {"seconds": time.monotonic() - started, "calls": calls, "failures": failures}


def run_load(**job: Any) -> dict[str, Any]:
    """The same in a child process, which ends with the job."""
    command = [sys.executable, "-m", "tests.bench.load"]
    limit = job["seconds"] + 2 * CALL_SECONDS
    done = subprocess.run(
        command, input=json.dumps(job), capture_output=True, text=True, timeout=limit, check=False, cwd=ROOT
    )
    if done.returncode:
        raise RuntimeError(f"the load could not be run:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)

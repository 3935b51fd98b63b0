"""A stage in memory: the real functions behind their real routes, a clock to move, devices that remember what they got."""

import heapq
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from smartalarm import ports, wiring
from smartalarm.adapters.queue_wake import WakeQueue
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.catalog import load_functions
from smartalarm.errors import SmartAlarmError
from smartalarm.events import RingBatch, SocketEvent
from smartalarm.function import EndpointFunction, SocketFunction
from smartalarm.http import Request, Response, problem
from smartalarm.injection import Injector
from smartalarm.ringing.leases import WAKES_WITHIN, Leases
from smartalarm.ringing.ringer import Ringer
from smartalarm.routing import Router
from smartalarm.settings import Settings
from tests.fakes import ManualClock, QuickPasswords, RecordingTelemetry, SeededEntropy

API = "/api/v1"
TICK = timedelta(seconds=0.5)
TOKEN_KEPT = timedelta(minutes=10)


@dataclass
class Delivered:
    """One push that reached a device."""

    at: datetime
    body: dict[str, Any]
    topic: str
    ttl_seconds: int


@dataclass
class FakePush:
    """A push service that delivers at once, or does what `answers` says for an endpoint."""

    clock: ManualClock
    delivered: dict[str, list[Delivered]] = field(default_factory=dict)
    answers: dict[str, list[ports.PushResult]] = field(default_factory=dict)

    public_key = "BPublicKey"

    def check(self, subscription: ports.Subscription) -> None:
        """Everything is welcome."""

    def prepare(self, message: ports.PushMessage, *, now: datetime) -> ports.PushMessage:  # noqa: ARG002  the port's name
        """Nothing to encrypt."""
        return message

    def send(self, pushes: Sequence[ports.PushMessage]) -> list[ports.PushResult]:
        """Deliver, or fail as told."""
        return [self._send(push) for push in pushes]

    def _send(self, push: ports.PushMessage) -> ports.PushResult:
        endpoint, now = push.subscription.endpoint, self.clock.now()
        if waiting := self.answers.get(endpoint):
            return waiting.pop(0)
        delivered = Delivered(now, json.loads(push.body), push.topic, push.ttl_seconds)
        self.delivered.setdefault(endpoint, []).append(delivered)
        return ports.PushResult("accepted", 201, now, "fake took it")


@dataclass
class FakeSockets:
    """Sockets that remember."""

    clock: ManualClock
    heard: dict[str, list[tuple[datetime, dict[str, Any]]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def post(self, messages: Sequence[tuple[ports.Connection, ports.JsonObject]]) -> list[bool]:
        """Remember, unless it is gone."""
        for connection, message in messages:
            if connection.id not in self.gone:
                self.heard.setdefault(connection.id, []).append((self.clock.now(), json.loads(json.dumps(message))))
        return [connection.id not in self.gone for connection, _ in messages]


class Stage:
    """One process of the product with one user at a time; `replacing` puts other adapters in place of some."""

    def __init__(self, replacing: Mapping[type, Callable[[], Any]] | None = None, **settings: Any) -> None:
        self.clock = ManualClock()
        self.push = FakePush(self.clock)
        self.sockets = FakeSockets(self.clock)
        self.queue = WakeQueue(WAKES_WITHIN)
        self.telemetry = RecordingTelemetry()
        self.settings = Settings(jwt_secret_key=SecretStr("a-secret-of-thirty-two-characters"), **settings)
        fakes: dict[type, Callable[[], Any]] = {
            ports.Clock: lambda: self.clock,
            ports.Entropy: SeededEntropy,
            ports.Passwords: QuickPasswords,
            ports.PushService: lambda: self.push,
            ports.RingQueue: lambda: self.queue,
            ports.Sockets: lambda: self.sockets,
            ports.Telemetry: lambda: self.telemetry,
            ports.Signer: lambda: JwtSigner("a-secret-of-thirty-two-characters", "smartalarm", "smartalarm"),
        }
        self.injector: Injector = wiring.memory_injector(self.settings, {**fakes, **(replacing or {})})
        functions = load_functions()
        endpoints = [f for f in functions if isinstance(f, EndpointFunction) and "local" in f.hosts]
        self._router = Router((f.endpoint.method, f.endpoint.path, f) for f in endpoints)
        self._socket_routes = {f.route: f for f in functions if isinstance(f, SocketFunction)}
        self._waiting: list[tuple[datetime, int, Generator[datetime, None, Any]]] = []
        self._order = count()
        self.token: str | None = None
        self._signed_in_as: tuple[str, datetime] | None = None

    # ---- the front door

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Response:
        """One HTTP call; `path` below /api/v1, with its query."""
        path, _, query = path.partition("?")
        sent = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        if body is not None or raw is not None:
            sent.setdefault("content-type", "application/json")
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        request = Request(method, API + path, query, {"host": "alarm.example", **sent}, content, "198.51.100.7")
        try:
            function, values = self._router.find(method, API + path)
        except SmartAlarmError as error:
            return problem(error)
        return function.endpoint.answer(request, self.injector, values)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        """The JSON of a call that must answer with this status; a session that ended with time is renewed first."""
        if self._signed_in_as and self.clock.now() - self._signed_in_as[1] > TOKEN_KEPT:
            self.sign_in(self._signed_in_as[0])
        answer = self.send(method, path, body, raw=None, **headers)
        assert (answer.status, answer.body[:600]) == (status, answer.body[:600])
        return json.loads(answer.body) if answer.body else None

    def sign_up(self, email: str = "ann@example.org", time_zone: str = "Europe/Madrid") -> str:
        """A new user, signed in; their id."""
        self.use_token(None)
        body = {"email": email, "password": "correct horse battery", "name": "Ann", "time_zone": time_zone, "locale": "en"}
        signed_in = self.call("POST", "/auth/register", body, status=201)
        self.token = signed_in["access_token"]
        self._signed_in_as = (email, self.clock.now())
        user_id: str = signed_in["user"]["id"]
        return user_id

    def sign_in(self, email: str) -> None:
        """Be this user from now on."""
        self.token = self._signed_in_as = None
        self.token = self.call("POST", "/auth/login", {"email": email, "password": "correct horse battery"})["access_token"]
        self._signed_in_as = (email, self.clock.now())

    def use_token(self, token: str | None) -> None:
        """Send this bearer, whatever becomes of it."""
        self.token, self._signed_in_as = token, None

    def add_phone(self, name: str = "phone", ring: str = "always") -> str:
        """A device whose push endpoint is `https://push.example/<name>`; its id."""
        device_id = str(uuid4())
        subscription = {"endpoint": f"https://push.example/{name}", "keys": {"p256dh": "x", "auth": "y"}}
        self.call("PUT", f"/devices/{device_id}", {"name": name, "ring": ring, "push_subscription": subscription})
        return device_id

    def pushes(self, name: str = "phone") -> list[Delivered]:
        """What reached the phone so far."""
        return self.push.delivered.get(f"https://push.example/{name}", [])

    def push_kinds(self, name: str = "phone") -> list[str]:
        """The types of those messages."""
        return [push.body["type"] for push in self.pushes(name)]

    def set_alarm(self, seconds: float = 60, **fields: Any) -> dict[str, Any]:
        """An alarm so many seconds ahead, in UTC."""
        start = (self.clock.now() + timedelta(seconds=seconds)).replace(tzinfo=None, microsecond=0)
        body = {"label": "Work", "time_zone": "UTC", "schedule": {"start": start.isoformat()}, **fields}
        alarm: dict[str, Any] = self.call("POST", "/alarms", body, status=201)
        return alarm

    def occurrence(self, occurrence_id: str) -> dict[str, Any]:
        """One occurrence with its ledger."""
        found: dict[str, Any] = self.call("GET", f"/occurrences/{occurrence_id}")
        return found

    def events(self, occurrence_id: str) -> list[str]:
        """The events of its ledger."""
        return [line["event"] for line in self.occurrence(occurrence_id)["ledger"]]

    # ---- sockets

    def open_socket(self, device_id: str | None = None, **headers: str) -> str:
        """A greeted socket; its connection id."""
        ticket = self.call("POST", "/sync/ticket", {"device_id": device_id} if device_id else {})
        connection_id = uuid4().hex
        self.socket_event("$connect", connection_id, query={"ticket": ticket["ticket"]}, headers=headers)
        self.say(connection_id, {"action": "ping"})
        return connection_id

    def socket_event(self, route: str, connection_id: str, **event: Any) -> None:
        """One event of a socket; raises what the function raises."""
        call = self._socket_routes[route].call
        call(SocketEvent(connection_id, **event), **self.injector.arguments(call))

    def say(self, connection_id: str, message: Any) -> None:
        """A message of the client."""
        self.socket_event("$default", connection_id, body=message if isinstance(message, str) else json.dumps(message))

    def heard(self, connection_id: str) -> list[dict[str, Any]]:
        """Everything the connection was sent."""
        return [message for _, message in self.sockets.heard.get(connection_id, [])]

    # ---- time

    def pass_time(self, seconds: float) -> None:
        """Let time pass: the ring loop leases and rings as the local host's does."""
        ends_at = self.clock.now() + timedelta(seconds=seconds)
        while True:
            self._ring()
            next_at = min([self.clock.now() + TICK, *(at for at, _, _ in self._waiting[:1])])
            if self.queue.wake.is_set():
                self.queue.wake.clear()
                continue
            if next_at > ends_at:
                self.clock.wait_until(ends_at)
                self._ring()
                return
            self.clock.wait_until(next_at)

    def crash(self) -> None:
        """The process dies: what it held in memory is gone; the next one starts on the same store."""
        self._waiting.clear()
        self.queue.due_retries(self.clock.now() + timedelta(days=1))
        self.injector.get(ports.Store).release_handed()

    def _ring(self) -> None:
        for _ in range(1000):
            retries = self.queue.due_retries(self.clock.now())
            batch = RingBatch(tuple(retries)) if retries else self.injector.get(Leases).take()
            if batch is not None:
                self._advance(self.injector.get(Ringer).ring(batch))
            elif self._waiting and self._waiting[0][0] <= self.clock.now():
                self._advance(heapq.heappop(self._waiting)[2])
            else:
                return
        raise AssertionError("the ring loop does not come to rest")

    def _advance(self, steps: Generator[datetime, None, Any]) -> None:
        wait_until = next(steps, None)
        if wait_until is not None:
            heapq.heappush(self._waiting, (wait_until, next(self._order), steps))

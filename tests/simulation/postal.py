"""Push services and sockets of a simulated world: what is posted, what of it arrives, and when."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smartalarm.adapters.memory import MemoryConnections
from smartalarm.ports import Connection, JsonObject, PreparedPush, PushMessage, PushResult, Subscription
from tests.simulation.faults import Faults
from tests.simulation.timeline import Timeline
from tests.simulation.wire import Wire

PUSH_TIME_OUT = 5.0


@dataclass(frozen=True, slots=True)
class Posted:
    """One message on its way to one device: a push (`topic`) or a post to a socket (topic None)."""

    at: datetime
    address: str
    kind: str
    occurrence_id: str
    ring_count: int
    topic: str | None
    ttl_seconds: int


@dataclass
class PostOffice:
    """All push services, and the network to all sockets."""

    timeline: Timeline
    faults: Faults
    posted: Callable[[Posted], None] = lambda _posted: None
    arrived: Callable[[Posted], None] = lambda _posted: None
    gone: set[str] = field(default_factory=set)
    open_sockets: set[str] = field(default_factory=set)
    _waiting: dict[tuple[str, str], Posted] = field(default_factory=dict)

    def push(self, message: Posted) -> PushResult:
        """One push reaches its push service, which answers; the device gets it a little later, or never."""
        self.posted(message)
        now, faults = self.timeline.now, self.faults
        weather = faults.weather
        if message.address in self.gone:
            return PushResult("gone", 410, now, "410 Gone")
        if faults.happens(weather.push_retry):
            status, detail, after = _REFUSALS[int(faults.uniform(0, len(_REFUSALS)))]
            if status is not None:
                faults.counts[f"push {detail}"] += 1
            return PushResult("retry", status, now, detail, after)
        if faults.happens(weather.push_refused):
            faults.counts["push refused"] += 1
            return PushResult("refused", 400, now, "400 Bad Request")
        if faults.happens(weather.push_lost):
            faults.counts["push accepted but lost"] += 1
            return PushResult("accepted", 201, now, "201 Created")
        is_slow = faults.happens(weather.push_slow)
        if is_slow:
            faults.counts["push accepted but slow"] += 1
        self._waiting[message.address, message.topic or ""] = message  # replaces one that has not arrived
        seconds = faults.uniform(30, 400) if is_slow else faults.uniform(0.05, 1.5)
        self.timeline.after(seconds, lambda: self._arrive(message))
        return PushResult("accepted", 201, now, "201 Created")

    def _arrive(self, message: Posted) -> None:
        key = (message.address, message.topic or "")
        if self._waiting.get(key) is message:
            del self._waiting[key]
            if (self.timeline.now - message.at).total_seconds() <= message.ttl_seconds:
                self.arrived(message)

    def post(self, message: Posted) -> bool:
        """One post to one socket; whether it is open."""
        self.posted(message)
        if message.address not in self.open_sockets:
            return False
        self.timeline.after(self.faults.uniform(0.005, 0.1), lambda: self.arrived(message))
        return True


_REFUSALS = (
    (429, "429 Too Many Requests", 2.0),
    (429, "429 Too Many Requests, for long", 60.0),
    (503, "503 Service Unavailable", None),
    (None, "timed out", None),
)


@dataclass(frozen=True)
class Prepared:
    """A push that only waits to be posted."""

    message: PushMessage


class SimulatedPush:
    """`PushService` of one process."""

    public_key = "simulated"

    def __init__(self, office: PostOffice, wire: Wire) -> None:
        self._office = office
        self._wire = wire

    def check(self, subscription: Subscription) -> None:
        """All are good."""

    def prepare(self, message: PushMessage, *, now: datetime) -> PreparedPush:  # noqa: ARG002  the port's
        """See `PushService.prepare`."""
        return Prepared(message)

    def send(self, pushes: Sequence[PreparedPush]) -> list[PushResult]:
        """See `PushService.send`: all leave at once; the slowest answer, at most the time-out, is waited for."""
        timeline = self._wire.timeline

        def effect() -> list[PushResult]:
            return [self._office.push(self._to_posted(push)) for push in pushes]

        results = self._wire.send(effect)
        if any(result.status is None for result in results):
            # What shares the run and is due a little later waits; what is due with it must not.
            task = timeline.current
            self._office.faults.note("push timed out", list(task.users) if task else [], PUSH_TIME_OUT, after=0.27)
            timeline.sleep(PUSH_TIME_OUT)
        else:
            timeline.sleep(self._office.faults.uniform(0.01, 0.12))
        return results

    def _to_posted(self, push: PreparedPush) -> Posted:
        assert isinstance(push, Prepared)
        message = push.message
        body = json.loads(message.body)
        occurrence = body.get("occurrence") or {}  # a device that stopped answering is told of without one
        return Posted(
            self._wire.timeline.now,
            message.subscription.endpoint,
            body["type"],
            occurrence.get("id", ""),
            occurrence.get("ring_count", 0),
            message.topic,
            message.ttl_seconds,
        )


class SimulatedSockets:
    """`Sockets` of one process. `host` as on the local host: what another process holds is that one's matter; None: all."""

    def __init__(self, office: PostOffice, wire: Wire, connections: MemoryConnections, host: str | None) -> None:
        self._office = office
        self._wire = wire
        self._connections = connections
        self._host = host

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """See `Sockets.post`. Raises Unavailable when the gateway does not answer."""
        users = sorted({connection.user for connection, _ in messages})
        return self._wire.call(users, lambda: [self._post(connection, message) for connection, message in messages])

    def _post(self, connection: Connection, message: JsonObject) -> bool:
        if self._host is not None and connection.host != self._host:
            return True
        return self._office.post(_to_posted(self._wire.timeline.now, connection.id, message))


def _to_posted(now: datetime, address: str, message: JsonObject) -> Posted:
    occurrence: dict[str, Any] = message.get("occurrence") or {}
    name = str(occurrence.get("id") or message.get("occurrence_id"))
    return Posted(now, address, str(message["type"]), name, int(occurrence.get("ring_count", 0)), None, 60)

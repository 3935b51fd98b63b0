"""The adapters that a ring leaves by, each telling the meter what it sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.costs.meter import Meter
from smartalarm import ports
from smartalarm.adapters.queue_sqs import SqsRingQueue
from smartalarm.adapters.sockets_apigateway import GatewaySockets
from smartalarm.adapters.webpush import WebPushService

PUSH_HEAD_BYTES = 700  # VAPID header, the crypto headers, request line, of a push
TLS_BYTES = 1_500  # what a client sends for a new TLS connection


class CountedPush:
    """The push adapter; says when it has sent, and how much."""

    def __init__(self, service: WebPushService, meter: Meter) -> None:
        self._service, self._meter = service, meter
        self.public_key = service.public_key

    def check(self, subscription: ports.Subscription) -> None:
        """See `PushService.check`."""
        self._service.check(subscription)

    def prepare(self, message: ports.PushMessage, *, now: Any) -> ports.PreparedPush:
        """See `PushService.prepare`."""
        self._meter.add_out(len(message.body) + 103 + PUSH_HEAD_BYTES + TLS_BYTES)  # 103: RFC 8291's frame
        return self._service.prepare(message, now=now)

    def send(self, pushes: Sequence[ports.PreparedPush]) -> list[ports.PushResult]:
        """See `PushService.send`."""
        with self._meter.call("push"):
            results = self._service.send(pushes)
        self._meter.add("pushes", len(pushes))
        if pushes:
            self._meter.sent()
        if bad := [result for result in results if result.outcome != "accepted"]:
            raise RuntimeError(f"the push service refused: {bad[0].detail}")
        return results


class CountedSockets:
    """The gateway adapter."""

    def __init__(self, sockets: GatewaySockets, meter: Meter) -> None:
        self._sockets, self._meter = sockets, meter

    def post(self, messages: Sequence[tuple[ports.Connection, ports.JsonObject]]) -> list[bool]:
        """See `Sockets.post`."""
        for _, message in messages:
            self._meter.add_out(len(json.dumps(message)) + 8)
        with self._meter.call("socket"):
            return self._sockets.post(messages)


class CountedQueue:
    """The queue adapter; keeps the messages' bodies, since their delays are jumped over."""

    def __init__(self, client: Any, url: str, meter: Meter) -> None:
        self._meter = meter
        self._queue = SqsRingQueue(client, url)
        self.bodies: list[str] = []
        client.meta.events.register("before-parameter-build.sqs.SendMessageBatch", self._note)

    def _note(self, params: Mapping[str, Any], **_: Any) -> None:
        self.bodies += [entry["MessageBody"] for entry in params["Entries"]]

    def send(self, timers: Sequence[ports.Timer], *, now: Any) -> None:
        """See `RingQueue.send`."""
        with self._meter.call("queue"):
            self._queue.send(timers, now=now)

    def retry(self, timer: ports.Timer, *, attempt: int, delay_seconds: float, now: Any) -> None:  # noqa: ARG002  the port's
        """A count in which something fails is none."""
        raise RuntimeError(f"timer {timer.id} failed (attempt {attempt})")

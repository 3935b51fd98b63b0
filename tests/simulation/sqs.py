"""A queue like SQS: at least once, in any order, with delays and a visibility time-out. Speaks boto3's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import EndpointConnectionError

from smartalarm.errors import Unavailable
from smartalarm.ringing.messages import body_to_timers
from tests.simulation.faults import Faults
from tests.simulation.timeline import Timeline
from tests.simulation.wire import Wire

BATCH: Final = 10
VISIBILITY: Final = timedelta(seconds=180)
MAX_RECEIVES: Final = 5


@dataclass
class Message:
    """One message; `visible_at` moves on when it is received."""

    id: str
    body: str
    visible_at: datetime
    receives: int = 0


class Sqs:
    """The queue itself."""

    def __init__(self, timeline: Timeline, faults: Faults) -> None:
        self._timeline = timeline
        self._faults = faults
        self.messages: dict[str, Message] = {}
        self.consume: Callable[[list[Message]], None] = lambda _messages: None
        self._count = 0
        self._polls_at: datetime | None = None

    def put(self, body: str, delay_seconds: float) -> None:
        """Take one message; the weather may lose it, double it or hold it up."""
        faults, weather = self._faults, self._faults.weather
        users = {timer.user for timer in body_to_timers(body)[0]}
        if faults.happens(weather.lost_message):
            faults.note("message lost", sorted(users))
            return
        copies = 2 if faults.happens(weather.doubled_message) else 1
        if copies == 2:
            faults.counts["message doubled"] += 1
        for copy in range(copies):
            delay = delay_seconds + (faults.uniform(0, 40) if copy and faults.happens(0.5) else 0)
            if faults.happens(weather.late_message):
                faults.note("message late", sorted(users))
                delay += faults.uniform(5, 400)
            self._count += 1
            message = Message(f"m{self._count}", body, self._timeline.now + timedelta(seconds=delay))
            self.messages[message.id] = message
            self._poll_later(message.visible_at)

    def _poll_later(self, instant: datetime) -> None:
        """The poller finds a message a moment after it has become visible."""
        self._timeline.at(instant + timedelta(seconds=self._faults.uniform(0.01, 0.2)), self._poll)

    def _poll(self) -> None:
        """Give up to ten visible messages, in no order, to one run of the consumer."""
        now = self._timeline.now
        visible = [message for message in self.messages.values() if message.visible_at <= now]
        if not visible:
            return
        start = int(self._faults.uniform(0, len(visible)))
        batch = (visible[start:] + visible[:start])[:BATCH]
        for message in batch:
            message.receives += 1
            message.visible_at = now + VISIBILITY
            if message.receives > MAX_RECEIVES:
                del self.messages[message.id]  # to the dead letters; the sweep has its timers
            else:
                self._poll_later(message.visible_at)
        self.consume([message for message in batch if message.receives <= MAX_RECEIVES])
        if len(visible) > len(batch):
            self._poll_later(now)

    def done(self, messages: Iterable[Message], failed: Iterable[str]) -> None:
        """A run ended: what did not fail is deleted."""
        kept = set(failed)
        for message in messages:
            if message.id not in kept:
                self.messages.pop(message.id, None)


class SqsClient:
    """What boto3 gives, as far as the queue's adapter uses it, behind one process's wire."""

    def __init__(self, sqs: Sqs, wire: Wire) -> None:
        self._sqs = sqs
        self._wire = wire

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803  boto3's names
        """See boto3. Raises EndpointConnectionError."""

        def effect() -> None:
            for entry in Entries:
                self._sqs.put(entry["MessageBody"], entry["DelaySeconds"])

        users = sorted({timer.user for entry in Entries for timer in body_to_timers(entry["MessageBody"])[0]})
        try:
            self._wire.call(users, effect)
        except Unavailable:
            raise EndpointConnectionError(endpoint_url=QueueUrl) from None
        return {"Failed": []}

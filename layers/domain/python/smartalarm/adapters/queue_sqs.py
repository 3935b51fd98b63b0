"""`RingQueue` on Amazon SQS: what is due in one second travels together, and what rings arrives a little before it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.errors import TooLarge, Unavailable
from smartalarm.events import ARMED_EARLY
from smartalarm.ports import Timer
from smartalarm.ringing.messages import timers_to_body

LEAD = timedelta(seconds=3)  # how long before its instant a timer that is armed should be with the consumer
TIMERS_PER_MESSAGE = 25
MESSAGES_PER_CALL = 10
MAX_DELAY_SECONDS = 900
MAX_BYTES = 256 * 1024  # of one message, and of all messages of one call
TRIES = 2


def new_sqs_client(region: str, endpoint: str | None = None) -> Any:
    """A client with time limits and bounded retries."""
    return new_aws_client("sqs", region, endpoint, connect_seconds=1, read_seconds=3, attempts=3)


@dataclass(frozen=True, slots=True)
class _Message:
    body: str
    delay_seconds: int


class SqsRingQueue:
    """A standard queue. `client` is boto3's for SQS."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, timers: Sequence[Timer], *, now: datetime) -> None:
        """See `RingQueue.send`. Of what SQS refuses, the rest is sent all the same before Unavailable is raised."""
        refused: list[str] = []
        for batch in _batches(_messages(timers, now)):
            refused += self._send_batch(batch)
        if refused:
            raise Unavailable(f"The ring queue refused {len(refused)} messages ({', '.join(sorted(set(refused)))})")

    def retry(self, timer: Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:  # noqa: ARG002 - SQS counts delays from its own now
        """See `RingQueue.retry`. SQS knows whole seconds; a part of one is dropped, since late is worse than early."""
        delay = min(MAX_DELAY_SECONDS, max(0, math.floor(delay_seconds)))
        refused = self._send_batch([_Message(timers_to_body([timer], attempt), delay)])
        if refused:
            raise Unavailable(f"The ring queue refused a message ({refused[0]})")

    def _send_batch(self, batch: Sequence[_Message]) -> list[str]:
        """Send at most ten; gives the error codes of those that were refused twice."""
        left = {str(index): message for index, message in enumerate(batch)}
        codes: dict[str, str] = {}
        for _ in range(TRIES):
            entries = [
                {"Id": name, "MessageBody": message.body, "DelaySeconds": message.delay_seconds}
                for name, message in left.items()
            ]
            try:
                answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The ring queue does not answer") from error
            codes = {entry["Id"]: str(entry.get("Code", "unknown")) for entry in answer.get("Failed", ())}
            left = {name: left[name] for name in codes}
            if not left:
                break
        return list(codes.values())


def _messages(timers: Iterable[Timer], now: datetime) -> Iterator[_Message]:
    """Timers grouped by the second they are due in, users and shards mixed, the earliest first; what rings apart."""
    ordered = sorted(timers, key=lambda timer: (_group(timer), timer.due_at, timer.user, timer.id))
    for _, due in groupby(ordered, key=_group):
        together = list(due)
        for at in range(0, len(together), TIMERS_PER_MESSAGE):
            yield from _split(together[at : at + TIMERS_PER_MESSAGE], now)


def _split(timers: list[Timer], now: datetime) -> Iterator[_Message]:
    """One message, or several where one would be too large."""
    body = timers_to_body(timers)
    if len(body) <= MAX_BYTES:  # ASCII: a character is a byte
        yield _Message(body, _delay_seconds(timers, now))
    elif len(timers) == 1:
        raise TooLarge("A timer does not fit into a ring message")
    else:
        middle = len(timers) // 2
        yield from _split(timers[:middle], now)
        yield from _split(timers[middle:], now)


def _group(timer: Timer) -> tuple[datetime, bool]:
    """What travels together: one second, and either what is held until its instant or what is not."""
    return timer.due_at.astimezone(UTC).replace(microsecond=0), timer.purpose not in ARMED_EARLY


def _delay_seconds(timers: Sequence[Timer], now: datetime) -> int:
    """Whole seconds until `LEAD` before the first instant, the nearest; what is due later than SQS can wait comes early.

    What is not armed early comes when the last of it is due, rounded up: a consumer that held it would be paid for waiting.
    """
    if timers[0].purpose in ARMED_EARLY:
        delay = math.floor((timers[0].due_at - LEAD - now).total_seconds() + 0.5)
    else:
        delay = math.ceil((timers[-1].due_at - now).total_seconds())
    return min(MAX_DELAY_SECONDS, max(0, delay))


def _batches(messages: Iterable[_Message]) -> Iterator[list[_Message]]:
    """At most ten messages and 256 KiB a call."""
    batch: list[_Message] = []
    size = 0
    for message in messages:
        if len(batch) == MESSAGES_PER_CALL or (batch and size + len(message.body) > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.body)
    if batch:
        yield batch

"""The ring queue on SQS: what travels together, when it arrives, and what happens when SQS refuses."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from smartalarm.adapters.queue_sqs import SqsRingQueue, new_sqs_client
from smartalarm.errors import TooLarge, Unavailable
from smartalarm.ports import Timer
from smartalarm.ringing.messages import body_to_timers
from tests.servers.ministack import MinistackMissing, kept_ministack

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def a_timer(name: str, seconds: float = 60, user: str = "ada", subject: str = "alarm-1", purpose: str = "ring") -> Timer:
    """A timer due so many seconds from now."""
    return Timer(name, user, NOW + timedelta(seconds=seconds), purpose, subject, 1, NOW)


class RecordingClient:
    """Takes batches as boto3's client does. `refusals`: per call the ids it refuses, or an error it raises."""

    def __init__(self, refusals: Sequence[set[str] | Exception] = ()) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self.refusals = list(refusals)

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's names
        """Answer one batch."""
        assert QueueUrl == "https://queue"
        self.calls.append(Entries)
        refused = self.refusals.pop(0) if self.refusals else set()
        if isinstance(refused, Exception):
            raise refused
        return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries if entry["Id"] in refused]}

    def sent(self) -> list[dict[str, Any]]:
        """All entries of all calls."""
        return [entry for call in self.calls for entry in call]


def queue_to(client: RecordingClient) -> SqsRingQueue:
    """The queue under test."""
    return SqsRingQueue(client, "https://queue")


# ------------------------------------------------------------------------------------------------ what travels together


def test_timers_of_one_second_travel_together_whoever_owns_them() -> None:
    """Users are mixed, seconds are not."""
    client = RecordingClient()
    queue_to(client).send([a_timer("a", 60.9, "grace"), a_timer("b", 61), a_timer("c", 60.0)], now=NOW)
    carried = [[timer.id for timer in body_to_timers(entry["MessageBody"])[0]] for entry in client.sent()]
    assert carried == [["c", "a"], ["b"]]


def test_a_message_carries_at_most_25_timers_and_a_call_at_most_10_messages() -> None:
    """260 timers of one second are 11 messages in 2 calls; each timer is there once."""
    client = RecordingClient()
    queue_to(client).send([a_timer(str(number)) for number in range(260)], now=NOW)
    carried = [body_to_timers(entry["MessageBody"]) for entry in client.sent()]
    assert [len(call) for call in client.calls] == [10, 1]
    assert [len(timers) for timers, _ in carried] == [25] * 10 + [10]
    assert {timer.id for timers, _ in carried for timer in timers} == {str(number) for number in range(260)}
    assert {attempt for _, attempt in carried} == {1}


def test_nothing_to_send_makes_no_call() -> None:
    """An empty sweep costs nothing."""
    client = RecordingClient()
    queue_to(client).send([], now=NOW)
    assert client.calls == []


def test_messages_and_calls_stay_under_the_size_limit() -> None:
    """Names may be long: a message is split, and a call carries fewer."""
    client = RecordingClient()
    queue_to(client).send([a_timer(str(number), subject="x" * 20_000) for number in range(50)], now=NOW)
    assert max(len(entry["MessageBody"]) for entry in client.sent()) <= 256 * 1024
    assert max(sum(len(entry["MessageBody"]) for entry in call) for call in client.calls) <= 256 * 1024
    assert sum(len(body_to_timers(entry["MessageBody"])[0]) for entry in client.sent()) == 50


def test_a_timer_that_fits_no_message_is_refused() -> None:
    """Nothing in the product comes near it, and nothing loops over it."""
    with pytest.raises(TooLarge):
        queue_to(RecordingClient()).send([a_timer("a", subject="x" * 300_000)], now=NOW)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-10, 0), (0, 0), (3, 0), (3.4, 0), (3.5, 1), (4, 1), (60, 57), (60.499, 57), (60.5, 58), (904, 900), (7200, 900)],
)
def test_a_message_arrives_three_seconds_before_it_is_due(seconds: float, expected: int) -> None:
    """To the nearest second, since SQS knows no parts of one and each second of holding is paid for; at most 900."""
    client = RecordingClient()
    queue_to(client).send([a_timer("a", seconds)], now=NOW)
    assert [entry["DelaySeconds"] for entry in client.sent()] == [expected]


def test_the_earliest_timer_of_a_message_sets_its_delay() -> None:
    """All of one second travel together, none of them late."""
    client = RecordingClient()
    queue_to(client).send([a_timer("late", 60.9), a_timer("early", 60.1)], now=NOW + timedelta(seconds=0.5))
    assert [entry["DelaySeconds"] for entry in client.sent()] == [57]


@pytest.mark.parametrize(("seconds", "expected"), [(-10, 0), (0, 0), (0.001, 1), (30, 30), (29.5, 30), (1200, 900)])
def test_what_is_not_held_arrives_when_it_is_due(seconds: float, expected: int) -> None:
    """A rung or a stop is not armed, so nobody is paid for waiting until its instant."""
    client = RecordingClient()
    queue_to(client).send([a_timer("a", seconds, purpose="ladder")], now=NOW)
    assert [entry["DelaySeconds"] for entry in client.sent()] == [expected]


def test_what_rings_and_what_does_not_travel_apart() -> None:
    """One is held until its instant, the other comes at it."""
    client = RecordingClient()
    queue_to(client).send(
        [a_timer("a", 30.2, purpose="ladder"), a_timer("b", 30.5), a_timer("c", 30.7, "bo", "x", "announce")], now=NOW
    )
    carried = [[timer.id for timer in body_to_timers(entry["MessageBody"])[0]] for entry in client.sent()]
    assert (carried, [entry["DelaySeconds"] for entry in client.sent()]) == ([["b"], ["a", "c"]], [28, 31])


# ------------------------------------------------------------------------------------------------ refusals


def test_a_message_that_was_refused_is_sent_once_more() -> None:
    """Alone: the others of its call are there already."""
    client = RecordingClient([{"1"}])
    queue_to(client).send([a_timer("a", 60), a_timer("b", 61), a_timer("c", 62)], now=NOW)
    assert [[entry["Id"] for entry in call] for call in client.calls] == [["0", "1", "2"], ["1"]]


def test_a_message_that_is_refused_twice_is_reported_after_the_rest_was_sent() -> None:
    """One bad message does not hold up the other calls."""
    client = RecordingClient([{"0"}, {"0"}])
    with pytest.raises(Unavailable, match="refused 1 messages"):
        queue_to(client).send([a_timer(str(number), number + 60) for number in range(15)], now=NOW)
    assert [len(call) for call in client.calls] == [10, 1, 5]


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://queue"),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SendMessageBatch"),
    ],
)
def test_a_queue_that_does_not_answer_is_unavailable(error: Exception) -> None:
    """For both methods; the address stays inside."""
    sends: tuple[Callable[[SqsRingQueue], None], ...] = (
        lambda queue: queue.send([a_timer("a")], now=NOW),
        lambda queue: queue.retry(a_timer("a"), attempt=2, delay_seconds=1, now=NOW),
    )
    for send in sends:
        with pytest.raises(Unavailable) as raised:
            send(queue_to(RecordingClient([error])))
        assert str(raised.value) == "The ring queue does not answer"


@pytest.mark.parametrize(("delay", "expected"), [(-1, 0), (0.9, 0), (1.9, 1), (5, 5), (9_999, 900)])
def test_a_retry_travels_alone_with_its_attempt(delay: float, expected: int) -> None:
    """The body says which try it is; the delay is what was asked for, in whole seconds."""
    client = RecordingClient()
    timer = a_timer("a")
    queue_to(client).retry(timer, attempt=3, delay_seconds=delay, now=NOW)
    assert [entry["DelaySeconds"] for entry in client.sent()] == [expected]
    assert body_to_timers(client.sent()[0]["MessageBody"]) == ([timer], 3)


def test_a_retry_that_is_refused_is_unavailable() -> None:
    """Then the message itself comes again, by its visibility time-out."""
    with pytest.raises(Unavailable):
        queue_to(RecordingClient([{"0"}, {"0"}])).retry(a_timer("a"), attempt=2, delay_seconds=1, now=NOW)


# ------------------------------------------------------------------------------------------------ against SQS


def received(client: Any, url: str, *, wait_seconds: int = 0) -> list[str]:
    """The bodies that can be received now."""
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds)
    return [message["Body"] for message in answer.get("Messages", [])]


def test_the_client_has_time_limits_and_bounded_retries() -> None:
    """As made for the real service."""
    with mock_aws():
        config = new_sqs_client("eu-west-1").meta.config
    assert (config.connect_timeout, config.read_timeout, config.tcp_keepalive) == (1, 3, True)
    assert config.retries == {"total_max_attempts": 3, "mode": "standard"}


def test_what_is_sent_can_be_received_and_read() -> None:
    """Through boto3's own request checks."""
    with mock_aws():
        client = new_sqs_client("eu-west-1")
        url = client.create_queue(QueueName="ring")["QueueUrl"]
        timers = [a_timer(f"t{number}", 1, user="ünï") for number in range(30)]
        SqsRingQueue(client, url).send(timers, now=NOW)
        bodies = received(client, url)
    carried = [timer for body in bodies for timer in body_to_timers(body)[0]]
    assert sorted(timer.id for timer in carried) == sorted(timer.id for timer in timers)
    assert all(json.loads(body)["v"] == 1 for body in bodies)


def test_a_queue_that_does_not_exist_is_unavailable() -> None:
    """The service's own error, translated."""
    with mock_aws(), pytest.raises(Unavailable):
        SqsRingQueue(new_sqs_client("eu-west-1"), "https://sqs.eu-west-1.amazonaws.com/1/none").send([a_timer("a")], now=NOW)


@pytest.fixture
def emulated() -> Iterator[tuple[Any, str]]:
    """A client for the emulator and a queue of its own."""
    try:
        endpoint = kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))
    client = boto3.client(
        "sqs", region_name="eu-west-1", endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )
    url = client.create_queue(QueueName=f"ring-{uuid.uuid4().hex}")["QueueUrl"]
    yield client, url
    client.delete_queue(QueueUrl=url)
    client.close()


def test_a_delayed_message_arrives_before_its_instant_and_not_at_once(emulated: tuple[Any, str]) -> None:
    """In real time: due in five seconds, so it may be received after two, three before it is due."""
    client, url = emulated
    started = time.monotonic()
    SqsRingQueue(client, url).send([a_timer("a", 5)], now=NOW)
    assert received(client, url) == []
    bodies = received(client, url, wait_seconds=4)
    assert len(bodies) == 1
    assert 1.5 < time.monotonic() - started < 5

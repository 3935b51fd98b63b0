"""What is not HTTP: schedules, queue batches and sockets on Lambda; ticks over HTTP on the other clouds."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smartalarm.adapters.tokens import JwtSigner
from smartalarm.hosts.aws import JobFailed
from smartalarm.hosts.ticks import sign_tick
from smartalarm.ports import Timer
from smartalarm.ringing.messages import timers_to_body
from tests.fakes import START as NOW
from tests.hosts.clients import AwsClient, GcpClient, OciClient
from tests.hosts.conftest import SAMPLES, Notebook
from tests.servers.cloud_events import json_call, schedule_event, sqs_event, websocket_event

JOB, QUEUE, DOOR = (SAMPLES / name for name in ("run_job", "drain_queue", "open_door"))
ORIGIN = {"Origin": "https://app.example"}
TIMER = Timer("ring:a", "ann", NOW, "ring", "a", 1, NOW - timedelta(hours=1))

pytestmark = pytest.mark.usefixtures("injector")


def timer(name: str, subject: str = "a") -> Timer:
    """A timer of its own."""
    return replace(TIMER, id=name, subject=subject)


def failures(result: Any) -> list[str]:
    """The ids of the messages that the queue will deliver again."""
    return [item["itemIdentifier"] for item in result["batchItemFailures"]]


def test_a_schedule_runs_its_job() -> None:
    """EventBridge's event carries nothing that a job needs."""
    assert AwsClient().invoke(JOB, schedule_event()) is None


def test_a_job_that_fails_fails_its_invocation_under_its_name_alone(notebook: Notebook) -> None:
    """Lambda counts it and tries again; the cause is in the log, with the invocation's id."""
    AwsClient().invoke(JOB, schedule_event())
    with pytest.raises(JobFailed, match="run_job failed; see the log of 8f3e0a1b-aws"):
        AwsClient().invoke(JOB, schedule_event())
    ((event, error, fields),) = notebook.problems
    assert (event, str(error)) == ("job_failed", "the password is hunter2")
    assert fields == {"function": "run_job", "request_id": "8f3e0a1b-aws"}


def test_all_messages_of_a_batch_are_one_run(notebook: Notebook) -> None:
    """One time line for all of them; a timer that came twice runs once, as its latest try."""
    first, second = timer("1"), timer("2")
    event = sqs_event({"a": timers_to_body([first, second], 1), "b": timers_to_body([second], 3)})
    assert failures(AwsClient().invoke(QUEUE, event)) == []
    assert notebook.counted == [("drained", 2, {"attempts": "1,3"})]


def test_a_timer_that_is_left_over_fails_the_messages_that_carried_it() -> None:
    """They come again; the others are done."""
    late = timer("2", subject="later")
    event = sqs_event(
        {"a": timers_to_body([timer("1"), late], 1), "b": timers_to_body([timer("3")], 1), "c": timers_to_body([late], 1)}
    )
    assert failures(AwsClient().invoke(QUEUE, event)) == ["a", "c"]


@pytest.mark.parametrize("body", ["", "nonsense", "{}", "[]", '{"timers": 3}', "\udcff", "[" * 100_000])
def test_a_message_that_cannot_be_read_fails_alone(notebook: Notebook, body: str) -> None:
    """It ends in the dead-letter queue; the ring beside it is on time."""
    event = sqs_event({"bad": body, "good": timers_to_body([timer("1")], 1)})
    assert failures(AwsClient().invoke(QUEUE, event)) == ["bad"]
    assert notebook.counted == [("drained", 1, {"attempts": "1"})]
    assert [fields["message_id"] for _, _, fields in notebook.problems] == ["bad"]


def test_a_batch_of_unreadable_messages_runs_nothing(notebook: Notebook) -> None:
    """There is nothing to run."""
    assert failures(AwsClient().invoke(QUEUE, sqs_event({"bad": "?"}))) == ["bad"]
    assert notebook.counted == []


def test_a_consumer_that_breaks_settles_nothing(notebook: Notebook) -> None:
    """Every message comes again, also the unreadable one, and the cause is in the log."""
    event = sqs_event({"a": timers_to_body([timer("1")], 1), "bad": "?", "b": timers_to_body([timer("2", "break")], 1)})
    assert sorted(failures(AwsClient().invoke(QUEUE, event))) == ["a", "b", "bad"]
    assert [event for event, _, _ in notebook.problems] == ["message_unreadable", "consumer_failed"]


@pytest.mark.parametrize(("word", "status"), [("sesame", 200), ("please", 401), ("break", 500)])
def test_a_socket_opens_or_is_refused_with_the_errors_status(word: str, status: int) -> None:
    """Header names arrive in their own spelling and are lower case inside."""
    event = websocket_event("$connect", query={"word": word}, headers=ORIGIN)
    assert AwsClient().invoke(DOOR, event) == {"statusCode": status}


def test_a_socket_without_a_query_is_refused_and_does_not_break() -> None:
    """API Gateway then leaves the whole key out."""
    assert AwsClient().invoke(DOOR, websocket_event("$connect")) == {"statusCode": 401}


def test_a_signed_tick_starts_the_job_on_google(signer: JwtSigner) -> None:
    """The token travels in a header."""
    token = sign_tick("run_job", signer, now=NOW, lifetime_seconds=60)
    assert GcpClient().send(JOB, json_call("POST", "/", {}, X_Tick_Token=token)).status == 204


def test_a_signed_tick_starts_the_job_on_oracle(signer: JwtSigner) -> None:
    """The token travels in the body of a direct call; without it even such a call is refused."""
    token = sign_tick("run_job", signer, now=NOW, lifetime_seconds=60)
    answer = OciClient().invoke(JOB, json.dumps({"tick_token": token}).encode())
    assert (answer.status, answer.body) == (200, b"")
    assert json.loads(OciClient().invoke(JOB, b"{}").body)["status"] == 401


def test_a_job_that_fails_over_http_answers_500_and_keeps_its_secrets(signer: JwtSigner, notebook: Notebook) -> None:
    """The scheduler sees a failure, and nothing else."""
    token = sign_tick("run_job", signer, now=NOW, lifetime_seconds=60)
    call = json_call("POST", "/", {}, X_Tick_Token=token)
    answers = [GcpClient().send(JOB, call) for _ in range(2)]
    assert [answer.status for answer in answers] == [204, 500]
    assert b"hunter2" not in answers[1].body
    assert [str(error) for _, error, _ in notebook.problems] == ["the password is hunter2"]

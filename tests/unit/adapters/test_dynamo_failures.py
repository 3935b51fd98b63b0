"""DynamoDB's errors: each class of the driver becomes one of ours, and a service that hangs is not waited for."""

import inspect
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.exceptions
import pynamodb.exceptions
import pytest
from botocore.exceptions import ClientError

from smartalarm.adapters.dynamo import DynamoStore, Limits, Patience, Table, create_table, open_table
from smartalarm.adapters.dynamo.failures import (
    Cancelled,
    ConditionFailed,
    Raced,
    Reason,
    error_to_ours,
    translated,
)
from smartalarm.errors import SmartAlarmError, TooLarge, Unavailable
from tests.servers.dynamo_table import HalfEntropy, StoppedClock


def exception_classes() -> list[type[Exception]]:
    """Every exception class that the two driver modules define; their warnings are given, not raised."""
    return [
        found
        for module in (pynamodb.exceptions, botocore.exceptions)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception) and not issubclass(found, Warning) and found.__module__ == module.__name__
    ]


def client_error(code: str, message: str = "") -> ClientError:
    """What botocore raises for an answer with this code."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutItem")


def patience(attempts: int = 3) -> Patience:
    """Patience that never sleeps."""
    return Patience(StoppedClock(), HalfEntropy(), attempts=attempts)


def table_at(port: int, limits: Limits) -> Table:
    """A table at a loopback port."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
    endpoint = f"http://127.0.0.1:{port}"
    return open_table("t", region="eu-west-1", endpoint=endpoint, patience=patience(), limits=limits, session=session)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield server.getsockname()[1]


def test_there_are_driver_errors_to_map() -> None:
    """The enumeration below really finds the drivers' classes."""
    assert len(exception_classes()) > 50


@pytest.mark.parametrize("kind", exception_classes(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_class_of_the_driver_comes_through(kind: type[Exception]) -> None:
    """An instance that knows nothing about itself still becomes Unavailable."""
    with pytest.raises(Unavailable), translated():
        raise kind.__new__(kind)


def test_our_own_errors_pass_unchanged() -> None:
    """Translation is for the driver alone."""
    with pytest.raises(TooLarge), translated():
        raise TooLarge


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("ConditionalCheckFailedException", "", ConditionFailed),
        ("TransactionConflictException", "", Raced),
        ("ItemCollectionSizeLimitExceededException", "", TooLarge),
        ("ValidationException", "Item size has exceeded the maximum allowed size", TooLarge),
        ("ValidationException", "Invalid KeyConditionExpression", SmartAlarmError),
        ("ProvisionedThroughputExceededException", "", Unavailable),
        ("ThrottlingException", "", Unavailable),
        ("ResourceNotFoundException", "", Unavailable),
        ("AccessDeniedException", "", Unavailable),
        ("InternalServerError", "", Unavailable),
        ("NeverSeenBefore", "", Unavailable),
    ],
)
def test_an_answer_with_a_code_becomes_what_it_means(code: str, message: str, expected: type[Exception]) -> None:
    """The same for botocore's error and for pynamodb's around it."""
    inner = client_error(code, message)
    assert type(error_to_ours(inner)) is expected
    assert type(error_to_ours(pynamodb.exceptions.PutError("Failed", inner))) is expected


def test_a_refused_transaction_keeps_a_reason_for_each_step() -> None:
    """A step that was fine has None in its place."""
    reasons: list[Any] = [None, pynamodb.exceptions.CancellationReason("ConditionalCheckFailed", "no")]
    cause = pynamodb.exceptions.VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems", cancellation_reasons=reasons
    )
    ours = error_to_ours(pynamodb.exceptions.TransactWriteError("Failed", cause))
    assert isinstance(ours, Cancelled)
    assert ours.reasons == (None, Reason("ConditionalCheckFailed", "no"))


def test_an_error_text_holds_no_data() -> None:
    """What DynamoDB says may quote keys, and callers read our text: nothing of it is passed on."""
    ours = error_to_ours(client_error("ThrottlingException", "too many on c#email#ada@example.org"))
    assert str(ours) == "The database does not answer"


def test_a_service_that_never_answers_is_given_up_within_its_time_limit(silent_port: int) -> None:
    """Each try ends at the read time-out; there are as many tries as allowed."""
    table = table_at(silent_port, Limits(connect_seconds=0.2, read_seconds=0.2, attempts=1))
    with pytest.raises(Unavailable):
        DynamoStore(table).ping()
    table.close()


def test_a_service_that_is_not_there_is_unavailable() -> None:
    """A refused connection, too: for reading, and when the table is to be made."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    table = table_at(port, Limits(connect_seconds=0.2, read_seconds=0.2, attempts=1))
    with pytest.raises(Unavailable):
        DynamoStore(table).ping()
    with pytest.raises(Unavailable):
        create_table(table)
    table.close()


def test_the_client_has_limits_and_keeps_its_sockets_alive() -> None:
    """Time-outs, tries and keep-alive are what was asked for."""
    table = table_at(9, Limits(connect_seconds=1.5, read_seconds=2.5, attempts=4))
    config = table.client.meta.config
    assert (config.connect_timeout, config.read_timeout, config.tcp_keepalive) == (1.5, 2.5, True)
    assert config.retries == {"total_max_attempts": 4, "mode": "standard"}
    table.close()


def test_patience_waits_longer_each_time_up_to_a_cap() -> None:
    """Exponential, capped, scaled by the injected chance, and no wait before the first try."""
    clock = StoppedClock()
    patient = Patience(clock, HalfEntropy(), base_seconds=0.1, cap_seconds=0.5, attempts=5)
    assert list(patient.tries()) == [0, 1, 2, 3, 4]
    assert clock.waits == [0.1, 0.2, 0.25, 0.25]

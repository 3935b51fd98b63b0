"""Telemetry on AWS: an error is one line, and its `reason` says what was wrong at the bottom of it."""

import pytest
from botocore.exceptions import ClientError

from smartalarm.adapters.telemetry_aws import AwsTelemetry
from smartalarm.errors import Unavailable

DENIED = "User: arn:aws:sts::1:role/x is not authorized to perform: dynamodb:PutItem on resource: table/smartalarm-dev"


def reason_of(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """The one line's reason."""
    caplog.clear()
    AwsTelemetry().problem("endpoint_refused", error, function="create_alarm")
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "endpoint_refused")
    assert vars(record)["function"] == "create_alarm"
    return str(vars(record)["reason"])


def test_an_absent_permission_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """AWS says which; our own error says only that the database does not answer."""
    refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": DENIED}}, "PutItem")
    error = Unavailable("The database does not answer")
    error.__cause__ = refusal
    assert reason_of(error, caplog).endswith(f"when calling the PutItem operation: {DENIED}")


def test_an_error_without_a_text_is_named_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    """An empty reason would help nobody."""
    assert reason_of(TimeoutError(), caplog) == "TimeoutError"


def test_causes_that_go_in_a_circle_come_to_an_end(caplog: pytest.LogCaptureFixture) -> None:
    """Logging must never hang, whatever a library did to its errors."""
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert reason_of(first, caplog) in {"first", "second"}

"""What goes wrong on our side is told to the caller without a detail, and to the operator with all of them."""

import json
from typing import NoReturn

import pytest

from smartalarm.errors import SmartAlarmError, Unavailable
from smartalarm.ports import Store
from tests.stage import Stage


@pytest.mark.parametrize(
    ("error", "status", "event"),
    [
        (Unavailable("The database does not answer"), 503, "endpoint_refused"),
        (SmartAlarmError(), 500, "endpoint_refused"),
        (RuntimeError("label 'my secret' has no place"), 500, "endpoint_failed"),
    ],
)
def test_every_answer_that_blames_us_is_logged(error: Exception, status: int, event: str) -> None:
    """A 503 that nobody hears of would be found by users first."""

    def broken(*_: object, **__: object) -> NoReturn:
        raise error

    stage = Stage()
    stage.sign_up()
    stage.injector.get(Store).page = broken  # type: ignore[method-assign]
    answer = stage.send("GET", "/alarms")
    assert answer.status == status
    assert "my secret" not in json.loads(answer.body)["detail"]
    assert stage.telemetry.problems == [event]


def test_an_answer_that_blames_the_caller_is_not_logged() -> None:
    """Else anybody could fill the log."""
    stage = Stage()
    assert stage.send("GET", "/alarms").status == 401
    assert stage.telemetry.problems == []

"""Who may read metrics."""

from typing import Any

import pytest
from pydantic import SecretStr

from smartalarm.errors import NotFound, SmartAlarmError, Unauthenticated
from smartalarm.health import MetricsReader
from smartalarm.http import Request
from smartalarm.settings import Settings

OPEN = Settings()
GUARDED = Settings(metrics_token=SecretStr("let me see"))


def refusal(settings: Settings, **request: Any) -> type[SmartAlarmError] | None:
    """The error that the request gets, None when it may read."""
    try:
        MetricsReader.from_request(Request("GET", "/api/v1/metrics", **request), settings=settings)
    except SmartAlarmError as error:
        return type(error)
    return None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_without_a_token_this_machine_may_read(address: str) -> None:
    """Nobody else's business, but no secret to oneself either."""
    assert refusal(OPEN, client_address=address) is None


@pytest.mark.parametrize(
    "request_",
    [
        {"client_address": "198.51.100.7"},
        {"client_address": "unknown"},
        {"client_address": "127.0.0.1", "headers": {"x-forwarded-for": "198.51.100.7"}},
        {"client_address": "::1", "headers": {"forwarded": "for=198.51.100.7"}},
    ],
)
def test_without_a_token_nobody_else_may_read_not_even_through_a_proxy_on_this_machine(request_: dict[str, Any]) -> None:
    """There is nothing there, for them."""
    assert refusal(OPEN, **request_) is NotFound


def test_with_a_token_its_bearer_may_read_from_anywhere_and_nobody_else() -> None:
    """This machine included."""
    bearer = {"authorization": "Bearer let me see"}
    assert refusal(GUARDED, client_address="198.51.100.7", headers=bearer) is None
    assert refusal(GUARDED, client_address="127.0.0.1") is Unauthenticated
    assert refusal(GUARDED, client_address="127.0.0.1", headers={"authorization": "Bearer guess"}) is Unauthenticated

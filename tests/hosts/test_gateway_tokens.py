"""Behind Google's gateway: whose authorization a function sees."""

import pytest

from smartalarm.hosts.gcp import _clients_own

CHECKED = "Bearer eyJh.eyJl.SIGNATURE_REMOVED_BY_GOOGLE"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"authorization": CHECKED, "x-forwarded-authorization": "Bearer mine"}, "Bearer mine"),
        ({"authorization": CHECKED}, None),
        ({"authorization": "Bearer mine", "x-forwarded-authorization": "Bearer other"}, "Bearer mine"),
        ({"authorization": "Bearer mine"}, "Bearer mine"),
        ({}, None),
    ],
)
def test_the_clients_own_authorization_is_what_counts(sent: dict[str, str], expected: str | None) -> None:
    """The gateway's is left out; without a gateway nobody can put another's in place."""
    headers = _clients_own({"host": "api.example", **sent})
    assert headers.get("authorization") == expected
    assert headers["host"] == "api.example"

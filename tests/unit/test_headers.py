"""Headers that every answer carries, CORS and the preflight."""

import pytest

from smartalarm.headers import finish, preflight
from smartalarm.http import Request, Response
from smartalarm.settings import Settings

LISTED = Settings(cors_origins=("https://app.example", "http://127.0.0.1:5173/"))


def request(**headers: str) -> Request:
    """A GET with these headers, underscores as dashes."""
    return Request("GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_answer_is_neither_cached_nor_sniffed() -> None:
    """Answers are personal; browsers must take the content type at its word."""
    headers = finish(Response(200, b"{}", {"content-type": "application/json"}), request(), LISTED).headers
    assert headers == {
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
        "vary": "Origin",
    }


def test_a_functions_own_caching_rule_stays_and_vary_is_added_to() -> None:
    """A public document may be cached; what it varies by is kept."""
    given = Response(200, b"", {"cache-control": "max-age=60", "vary": "Accept-Language"})
    headers = finish(given, request(), LISTED).headers
    assert headers["cache-control"] == "max-age=60"
    assert headers["vary"] == "Accept-Language, Origin"


def test_finishing_twice_changes_nothing() -> None:
    """A host may finish what preflight has already finished."""
    asked = request(origin="https://app.example", x_request_id="1-abc")
    once = finish(Response(204), asked, LISTED)
    assert finish(once, asked, LISTED) == once


@pytest.mark.parametrize("origin", ["https://app.example", "http://127.0.0.1:5173", "HTTPS://APP.EXAMPLE"])
def test_a_listed_origin_may_read_the_answer_with_credentials(origin: str) -> None:
    """The origin is repeated as it was sent; a slash at the end of the setting does no harm."""
    headers = finish(Response(200), request(origin=origin), LISTED).headers
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-allow-credentials"] == "true"
    assert "etag" in headers["access-control-expose-headers"].split(", ")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null", "*", ""]
)
def test_no_other_origin_hears_of_cors(origin: str) -> None:
    """Neither a look-alike, nor another scheme, nor the opaque origin, whatever the setting says."""
    settings = Settings(cors_origins=("https://app.example", "*", "null"))
    headers = finish(Response(200), request(origin=origin), settings).headers
    assert not [name for name in headers if name.startswith("access-control")]


def test_a_preflight_of_a_listed_origin_is_told_methods_and_headers() -> None:
    """What the browser needs before PATCH with a token and If-Match."""
    asked = Request("OPTIONS", "/", headers={"origin": "https://app.example", "access-control-request-method": "PATCH"})
    answer = preflight(asked, LISTED, ["PATCH", "GET"])
    assert answer.status == 204
    assert answer.headers["allow"] == "GET, OPTIONS, PATCH"
    assert answer.headers["access-control-allow-methods"] == "GET, OPTIONS, PATCH"
    assert "if-match" in answer.headers["access-control-allow-headers"].split(", ")
    assert answer.headers["access-control-max-age"] == "600"


def test_a_preflight_of_a_foreign_origin_gets_allow_alone() -> None:
    """The browser then refuses the real call by itself."""
    asked = Request("OPTIONS", "/", headers={"origin": "https://evil.example", "access-control-request-method": "PATCH"})
    answer = preflight(asked, LISTED, ["PATCH"])
    assert answer.status == 204
    assert answer.headers["allow"] == "OPTIONS, PATCH"
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_requests_id_comes_back_unless_it_could_split_a_line() -> None:
    """People can quote it; nobody can forge a log line or a header with it."""
    assert finish(Response(200), request(x_request_id="abc-1"), LISTED).headers["x-request-id"] == "abc-1"
    for bad in ("a b", "a\r\nset-cookie: x=1", "x" * 129, ""):
        assert "x-request-id" not in finish(Response(200), request(x_request_id=bad), LISTED).headers

"""The refresh cookie: its attributes, and which requests may use it."""

import pytest

from smartalarm.accounts.session_cookie import check_own_site, cleared_cookie
from smartalarm.errors import Forbidden, UnsupportedMedia
from smartalarm.http import Request
from smartalarm.settings import Settings

SETTINGS = Settings(cors_origins=("https://app.example.org",))


def _request(host: str = "alarm.example.com", scheme: str = "https", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", "/api/v1/auth/refresh", headers={"host": host, **named}, scheme=scheme)


@pytest.mark.parametrize(
    ("scheme", "host", "is_secure"),
    [
        ("https", "alarm.example.com", True),
        ("http", "alarm.example.com", True),
        ("http", "192.168.1.20:8080", True),
        ("https", "localhost:8080", True),
        ("http", "localhost:8080", False),
        ("http", "alarm.localhost", False),
        ("http", "127.0.0.1:8080", False),
        ("http", "127.1.2.3", False),
        ("http", "[::1]:8080", False),
        ("http", "localhost.example.com", True),
        ("http", "127.0.0.1.example.com", True),
        ("http", "", True),
        ("http", "[broken", True),
    ],
)
def test_the_cookie_is_secure_but_on_the_machine_itself(scheme: str, host: str, is_secure: bool) -> None:  # noqa: FBT001
    """Plain http is for loopback."""
    cookie = cleared_cookie(_request(host, scheme))["set-cookie"]

    assert cookie == "refresh_token=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Strict" + "; Secure" * is_secure


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content_type": "application/json"},
        {"content_type": "application/json; charset=utf-8", "origin": "https://alarm.example.com"},
        {"origin": "https://ALARM.example.com"},
        {"origin": "https://app.example.org"},
    ],
)
def test_requests_of_our_own_pages_may_use_the_cookie(headers: dict[str, str]) -> None:
    """The same host, or one that is listed; programs send no Origin."""
    check_own_site(_request(**headers), SETTINGS)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "https://alarm.example.com.evil.example",
        "https://app.example.org:444",
        "http://[",
    ],
)
def test_another_origin_may_not_use_the_cookie(origin: str) -> None:
    """A sandboxed page ("null") is another one too."""
    with pytest.raises(Forbidden):
        check_own_site(_request(origin=origin), SETTINGS)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_a_form_can_send_may_not_use_the_cookie(media: str) -> None:
    """Also without a body: browsers before SameSite sent cookies with it."""
    with pytest.raises(UnsupportedMedia):
        check_own_site(_request(content_type=media), SETTINGS)


@pytest.mark.parametrize("origin", ["null", "", "http://", "https://"])
def test_an_origin_never_equals_a_missing_host(origin: str) -> None:
    """Two empty texts are equal, but say nothing."""
    with pytest.raises(Forbidden):
        check_own_site(_request(host="", origin=origin), SETTINGS)


def test_our_address_as_devices_see_it_is_our_own() -> None:
    """Behind a distribution the Host that arrives is another one."""
    settings = Settings(api_base_url="https://alarm.example.org")
    check_own_site(_request(host="abc.execute-api.example.com", origin="https://alarm.example.org"), settings)

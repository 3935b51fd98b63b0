"""Sessions of browsers: the refresh token in a cookie that no script reads."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from smartalarm import ports
from tests.fakes import memory_world
from tests.functions.front_door import HOST, PASSWORD, FrontDoor, cookie_of

Advance = Callable[[float], None]
REFRESH = "/auth/refresh?session=cookie"
BODY = {"email": "ana@example.com", "password": PASSWORD, "time_zone": "Europe/Madrid"}
SIGN_IN = {"email": "ana@example.com", "password": PASSWORD}


@pytest.fixture
def cookie(door: FrontDoor) -> str:
    """The cookie of a new account."""
    return cookie_of(door.send("POST", "/auth/register?session=cookie", BODY))[0]


def test_the_token_is_in_the_cookie_and_not_in_the_body(door: FrontDoor) -> None:
    """With every attribute that keeps it there, for as long as the session."""
    calls: list[tuple[str, Any]] = [("/auth/register", BODY), ("/auth/login", SIGN_IN)]
    for path, body in calls:
        response = door.send("POST", f"{path}?session=cookie", body)
        value, attributes = cookie_of(response)

        assert json.loads(response.body)["refresh_token"] is None
        assert value not in response.body.decode()
        assert attributes == {
            "path": "/api/v1/auth",
            "max-age": str(60 * 86400),
            "httponly": "",
            "samesite": "Strict",
            "secure": "",
        }


def test_on_plain_loopback_the_cookie_is_not_secure() -> None:
    """Some browsers would drop it there."""
    door = FrontDoor(memory_world(), scheme="http", host="127.0.0.1:8080")

    assert "secure" not in cookie_of(door.send("POST", "/auth/register?session=cookie", BODY))[1]


@pytest.mark.parametrize("body", [None, {}, b"{}"])
def test_a_refresh_takes_the_cookie_with_an_empty_body_or_none(door: FrontDoor, cookie: str, body: Any) -> None:
    """And gives the next one."""
    response = door.send("POST", REFRESH, body, cookie=cookie)
    answer = json.loads(response.body)

    assert response.status == 200
    assert answer["refresh_token"] is None
    assert cookie_of(response)[0] != cookie
    assert door.json("GET", "/me", token=answer["access_token"])["email"] == "ana@example.com"


def test_a_first_visit_makes_no_failing_request(door: FrontDoor) -> None:
    """No cookie: there is no session, which is no error."""
    for response in (door.send("POST", REFRESH), door.send("POST", REFRESH, {})):
        assert (response.status, response.body) == (204, b"")
        assert "set-cookie" not in response.headers


def test_a_cookie_that_ended_is_taken_away(door: FrontDoor, cookie: str, advance: Advance) -> None:
    """So that the next visit makes no failing request."""
    successor = cookie_of(door.send("POST", REFRESH, cookie=cookie))[0]
    advance(61)
    response = door.send("POST", REFRESH, cookie=cookie)
    value, attributes = cookie_of(response)

    assert (response.status, value, attributes["max-age"]) == (401, "", "0")
    assert door.send("POST", REFRESH, cookie=successor).status == 401


def test_an_answer_that_was_lost_is_given_again(door: FrontDoor, cookie: str, advance: Advance) -> None:
    """A tab that closed too early does not sign the others out."""
    first = cookie_of(door.send("POST", REFRESH, cookie=cookie))[0]
    advance(59)

    assert first == cookie_of(door.send("POST", REFRESH, cookie=cookie))[0]


def test_a_token_can_move_into_the_cookie(door: FrontDoor) -> None:
    """What the body names counts before the cookie."""
    token = door.register()["refresh_token"]
    response = door.send("POST", REFRESH, {"refresh_token": token}, cookie="old.1.x")

    assert response.status == 200
    assert cookie_of(response)[0].startswith(token.split(".")[0])


@pytest.mark.parametrize("body", [None, {}])
def test_signing_out_ends_the_session_and_clears_the_cookie(door: FrontDoor, cookie: str, body: Any) -> None:
    """Twice is fine: what ended has ended."""
    for _ in range(2):
        response = door.send("POST", "/auth/logout", body, cookie=cookie)
        value, attributes = cookie_of(response)
        assert (response.status, value, attributes["max-age"]) == (204, "", "0")
        assert attributes["path"] == "/api/v1/auth"

    assert door.send("POST", REFRESH, cookie=cookie).status == 401


def test_erasing_the_account_clears_the_cookie(door: FrontDoor, cookie: str) -> None:
    """The cookie does not come along to /me, but can be cleared from there."""
    token = door.json("POST", REFRESH, cookie=cookie)["access_token"]

    assert cookie_of(door.send("DELETE", "/me", token=token))[1]["max-age"] == "0"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/register?session=cookie", BODY),
        ("/auth/login?session=cookie", SIGN_IN),
        (REFRESH, {}),
        (REFRESH, None),
        ("/auth/refresh", {}),
        ("/auth/logout", {}),
        ("/auth/logout", None),
    ],
)
def test_another_site_can_use_none_of_it(door: FrontDoor, cookie: str, path: str, body: Any) -> None:
    """Even if a browser sent the cookie along: the session lives on, and none is given away."""
    for origin in ("https://evil.example", "null"):
        response = door.send("POST", path, body, cookie=cookie, headers={"origin": origin})
        assert response.status == 403
        assert "set-cookie" not in response.headers

    assert door.send("POST", REFRESH, cookie=cookie, headers={"origin": f"https://{HOST}"}).status == 200


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", [REFRESH, "/auth/logout"])
def test_a_form_can_use_none_of_it(door: FrontDoor, cookie: str, path: str, media: str) -> None:
    """With a body or without one."""
    for body in (b"", b"a=b"):
        assert door.send("POST", path, body, cookie=cookie, headers={"content-type": media}).status == 415

    assert door.send("POST", REFRESH, cookie=cookie).status == 200


def test_a_listed_origin_may_use_the_cookie(cookie: str) -> None:
    """CORS_ORIGINS are ours too."""
    assert cookie
    door = FrontDoor(memory_world(cors_origins=("https://app.example.org",)))
    headers = {"origin": "https://app.example.org"}
    value, _ = cookie_of(door.send("POST", "/auth/register?session=cookie", BODY, headers=headers))

    assert door.send("POST", REFRESH, cookie=value, headers=headers).status == 200


def test_a_cookie_that_is_no_token_is_refused_and_taken_away(door: FrontDoor) -> None:
    """Any text may come in."""
    for value in ("x", "a.1.b", '"quoted"', "é" * 300):
        response = door.send("POST", REFRESH, cookie=value)
        assert (response.status, cookie_of(response)[1]["max-age"]) == (401, "0")


def test_sessions_are_kept_as_long_as_the_setting_says() -> None:
    """The cookie with them."""
    door = FrontDoor(memory_world(refresh_token_days=7))
    value, attributes = cookie_of(door.send("POST", "/auth/register?session=cookie", BODY))
    claim = door.world.get(ports.Store).claim(f"refresh:{value.split('.')[0]}", now=door.world.get(ports.Clock).now())

    assert attributes["max-age"] == str(7 * 86400)
    assert claim is not None
    assert claim.expires_at is not None
    assert (claim.expires_at - door.world.get(ports.Clock).now()).days == 7

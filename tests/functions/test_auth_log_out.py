"""POST /auth/logout with tokens."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.front_door import FrontDoor

Advance = Callable[[float], None]


def _can_refresh(door: FrontDoor, token: str) -> bool:
    return door.send("POST", "/auth/refresh", {"refresh_token": token}).status == 200


@pytest.mark.parametrize("body", [None, {}, {"everywhere": False}])
def test_the_access_token_names_the_session(door: FrontDoor, body: Any) -> None:
    """That session ends, the others go on."""
    first, second = door.register(), door.json("POST", "/auth/login", _CREDENTIALS)
    response = door.send("POST", "/auth/logout", body, token=first["access_token"])

    assert (response.status, response.body) == (204, b"")
    assert "set-cookie" not in response.headers
    assert not _can_refresh(door, first["refresh_token"])
    assert _can_refresh(door, second["refresh_token"])


def test_the_refresh_token_names_the_session(door: FrontDoor, advance: Advance) -> None:
    """Also when the access token has expired; and again when it had ended."""
    first = door.register()
    advance(3600)
    for _ in range(2):
        body = {"refresh_token": first["refresh_token"]}
        assert door.send("POST", "/auth/logout", body, token=first["access_token"]).status == 204

    assert not _can_refresh(door, first["refresh_token"])


@pytest.mark.parametrize("by", ["access_token", "refresh_token"])
def test_everywhere_ends_every_session_of_the_user(door: FrontDoor, by: str) -> None:
    """And nobody else's; signing in again works."""
    first, second, bob = door.register(), door.json("POST", "/auth/login", _CREDENTIALS), door.register("bob@example.com")
    body: dict[str, Any] = {"everywhere": True}
    token = None
    if by == "access_token":
        token = first["access_token"]
    else:
        body["refresh_token"] = first["refresh_token"]
    door.json("POST", "/auth/logout", body, token=token, status=204)

    assert not _can_refresh(door, first["refresh_token"])
    assert not _can_refresh(door, second["refresh_token"])
    assert _can_refresh(door, bob["refresh_token"])
    assert door.log_in().status == 200


@pytest.mark.parametrize("body", [None, {}, {"everywhere": True}, {"refresh_token": "x"}])
@pytest.mark.parametrize("token", [None, "a.b.c"])
def test_with_nothing_that_names_a_session_there_is_nothing_to_end(door: FrontDoor, body: Any, token: str | None) -> None:
    """401."""
    door.json("POST", "/auth/logout", body, token=token, status=401)


def test_an_access_token_lives_on_until_it_expires(door: FrontDoor, advance: Advance) -> None:
    """15 minutes at most: it is checked without the store. The documents say so."""
    token = door.register()["access_token"]
    door.json("POST", "/auth/logout", token=token, status=204)
    advance(899)
    assert door.send("GET", "/me", token=token).status == 200
    advance(1)
    assert door.send("GET", "/me", token=token).status == 401


def test_unknown_fields_are_refused(door: FrontDoor) -> None:
    """And nothing ends."""
    first = door.register()
    door.json("POST", "/auth/logout", {"all": True}, token=first["access_token"], status=422)

    assert _can_refresh(door, first["refresh_token"])


_CREDENTIALS = {"email": "ana@example.com", "password": "correct horse battery staple"}

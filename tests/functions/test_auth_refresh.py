"""POST /auth/refresh with tokens in the body."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smartalarm import ports
from tests.functions.front_door import FrontDoor

Advance = Callable[[float], None]


def _refresh(door: FrontDoor, token: Any, status: int = 200) -> Any:
    return door.json("POST", "/auth/refresh", {"refresh_token": token}, status=status)


def test_a_refresh_goes_on_with_the_session(door: FrontDoor, advance: Advance) -> None:
    """A new access token for 15 minutes, and the next refresh token."""
    registered = door.register()
    advance(3600)
    door.json("GET", "/me", token=registered["access_token"], status=401)
    refreshed = _refresh(door, registered["refresh_token"])

    assert {"user", "access_token", "expires_in", "refresh_token"} == set(refreshed)
    assert registered["user"] == refreshed["user"] == door.json("GET", "/me", token=refreshed["access_token"])
    assert registered["refresh_token"] != refreshed["refresh_token"]


def test_a_lost_answer_is_asked_for_again(door: FrontDoor, advance: Advance) -> None:
    """Within a minute the spent token gets the same successor."""
    token = door.register()["refresh_token"]
    first = _refresh(door, token)["refresh_token"]
    advance(30)

    assert first == _refresh(door, token)["refresh_token"]
    _refresh(door, first)


def test_a_replay_after_a_minute_ends_the_session_for_both(door: FrontDoor, advance: Advance) -> None:
    """Thief and owner both have to sign in again; the owner can."""
    token = door.register()["refresh_token"]
    successor = _refresh(door, token)["refresh_token"]
    advance(61)

    assert _refresh(door, token, 401)["code"] == _refresh(door, successor, 401)["code"] == "session_ended"
    assert door.log_in().status == 200


def test_a_replay_after_the_successor_was_used_ends_the_session(door: FrontDoor) -> None:
    """Also within the minute."""
    token = door.register()["refresh_token"]
    newest = _refresh(door, _refresh(door, token)["refresh_token"])["refresh_token"]

    _refresh(door, token, 401)
    _refresh(door, newest, 401)


def test_parallel_refreshes_agree(door: FrontDoor) -> None:
    """Every tab gets the same successor."""
    token = door.register()["refresh_token"]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: _refresh(door, token)["refresh_token"], range(16)))

    assert len(set(answers)) == 1


@pytest.mark.parametrize("token", ["x", "a.1.b", "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f.1." + "A" * 43])
def test_a_token_of_nobody_is_refused(door: FrontDoor, token: str) -> None:
    """In the same words as one that ended."""
    assert _refresh(door, token, 401)["code"] == "session_ended"


@pytest.mark.parametrize("body", [{}, None, {"refresh_token": None}, {"refresh_token": ""}, {"refresh_token": 3}])
def test_without_a_token_the_field_is_named(door: FrontDoor, body: Any) -> None:
    """Nobody asked for the cookie."""
    problem = door.json("POST", "/auth/refresh", body, status=422)

    assert [error["pointer"] for error in problem["errors"]] == ["/refresh_token"]


def test_an_access_token_is_no_refresh_token(door: FrontDoor) -> None:
    """Nor the other way round."""
    registered = door.register()

    _refresh(door, registered["access_token"][:200], 401)
    door.json("GET", "/me", token=registered["refresh_token"], status=401)


def test_an_erased_account_is_not_signed_in_any_more(door: FrontDoor) -> None:
    """Whatever it still holds."""
    registered = door.register()
    door.world.get(ports.Store).erase(registered["user"]["id"])

    _refresh(door, registered["refresh_token"], 401)

"""POST /auth/login."""

import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.adapters.passwords import Argon2Passwords
from tests.fakes import memory_world
from tests.functions.front_door import FrontDoor

Advance = Callable[[float], None]


def test_signing_in_gives_a_session_of_its_own(door: FrontDoor) -> None:
    """The same user, other tokens."""
    registered = door.register()
    response = door.log_in(" ANA@example.com")
    answer = json.loads(response.body)

    assert response.status == 200
    assert registered["user"] == answer["user"]
    assert registered["refresh_token"].split(".")[0] != answer["refresh_token"].split(".")[0]
    assert "set-cookie" not in response.headers


def test_unknown_address_and_wrong_password_get_one_answer(door: FrontDoor) -> None:
    """To the last byte, headers included."""
    door.register()
    answers = [door.log_in(password="wrong password"), door.log_in("nobody@example.com"), door.log_in("no address")]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0].status == 401
    assert answers[0].headers["www-authenticate"] == "Bearer"


def test_unknown_address_and_wrong_password_take_the_same_time() -> None:
    """With real hashing: a ratio of medians of CPU time, taken in turns, so that a busy machine disturbs both alike."""
    door = FrontDoor(memory_world({ports.Passwords: Argon2Passwords}, auth_failures_per_account=99))
    door.register()
    times: dict[str, list[float]] = {"ana@example.com": [], "nobody@example.com": []}
    for _ in range(15):
        for email, taken in times.items():
            started = time.thread_time()
            assert door.log_in(email, "wrong password").status == 401
            taken.append(time.thread_time() - started)
    known, unknown = (statistics.median(taken) for taken in times.values())

    assert 0.7 < unknown / known < 1.4


def test_parallel_guesses_are_all_counted(door: FrontDoor) -> None:
    """Of 40 at once, ten are tried."""
    door.register()
    with ThreadPoolExecutor(16) as threads:
        statuses = list(threads.map(lambda n: door.log_in(password=f"guess {n}").status, range(40)))

    assert (statuses.count(401), statuses.count(429)) == (10, 30)


def test_a_limit_ends_with_its_window(door: FrontDoor, advance: Advance) -> None:
    """Retry-After says when, and it is true."""
    door.register()
    for _ in range(10):
        door.log_in(password="wrong password")
    advance(100)
    refused = door.log_in()

    assert (refused.status, refused.headers["retry-after"]) == (429, "800")
    advance(799)
    assert door.log_in().status == 429
    advance(1)
    assert door.log_in().status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "ana@example.com"},
        {"email": "", "password": "x"},
        {"email": "ana@example.com", "password": ""},
        {"email": "ana@example.com", "password": "x", "remember": True},
        {"email": ["ana@example.com"], "password": "x"},
        [],
    ],
)
def test_a_body_of_another_shape_is_refused(door: FrontDoor, body: Any) -> None:
    """422 with fields, not 401: nothing was tried."""
    assert door.json("POST", "/auth/login", body, status=422)["errors"]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"email=ana@example.com&password=x", "application/x-www-form-urlencoded", 415),
        (b" " * (256 * 1024 + 1), "application/json", 413),
    ],
)
def test_what_is_not_json_is_refused(door: FrontDoor, body: bytes, media: str, status: int) -> None:
    """By what is wrong with it."""
    door.json("POST", "/auth/login", body, status=status, headers={"content-type": media})

"""POST /auth/register."""

from typing import Any

import pytest

from tests.functions.front_door import PASSWORD, FrontDoor

BODY = {"email": "ana@example.com", "password": PASSWORD, "name": "Ana", "time_zone": "Europe/Madrid", "locale": "es"}


def test_a_new_account_is_signed_in(door: FrontDoor) -> None:
    """The answer has exactly what the contract names."""
    answer = door.json("POST", "/auth/register", BODY, status=201)

    assert {"user", "access_token", "expires_in", "refresh_token"} == set(answer)
    assert answer["expires_in"] == 900
    assert answer["user"] == door.json("GET", "/me", token=answer["access_token"])
    assert {
        "id": answer["user"]["id"],
        "email": "ana@example.com",
        "name": "Ana",
        "locale": "es",
        "time_zone": "Europe/Madrid",
        "settings": {
            "theme": "system",
            "language": None,
            "hour_cycle": "auto",
            "first_weekday": "auto",
            "reduced_motion": False,
            "high_contrast": False,
            "larger_text": False,
            "simplified_mode": False,
            "hide_label_on_lock_screen": False,
            "sleep_consent": False,
            "sleep_goal_minutes": 480,
        },
        "version": 1,
        "created_at": "2026-12-01T06:00:00.000Z",
        "updated_at": "2026-12-01T06:00:00.000Z",
    } == answer["user"]


def test_name_and_locale_may_be_left_out(door: FrontDoor) -> None:
    """The zone may not: an alarm clock must not guess it."""
    body = {"email": "Ana.B@example.com", "password": PASSWORD, "time_zone": "UTC"}
    user = door.json("POST", "/auth/register", body, status=201)["user"]

    assert (user["name"], user["locale"]) == ("Ana.B", "en")


def test_a_taken_address_is_a_conflict(door: FrontDoor) -> None:
    """In any spelling."""
    door.register()

    assert door.json("POST", "/auth/register", {**BODY, "email": "ANA@Example.com"}, status=409)["code"] == "email_taken"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "ana"}, "/email"),
        ({"email": None}, "/email"),
        ({"email": "ana@example.com\0"}, "/email"),
        ({"email": "a" * 250 + "@example.com"}, "/email"),
        ({"password": "short12"}, "/password"),
        ({"password": "x" * 129}, "/password"),
        ({"password": "password1"}, "/password"),
        ({"password": "ana@example.com"}, "/password"),
        ({"password": 12345678}, "/password"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": ""}, "/time_zone"),
        ({"locale": "not a locale"}, "/locale"),
        ({"admin": True}, "/admin"),
        ({"id": "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f"}, "/id"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(door: FrontDoor, change: dict[str, Any], pointer: str) -> None:
    """The value is not repeated: it may be a password."""
    problem = door.json("POST", "/auth/register", {**BODY, **change}, status=422)

    assert [pointer] == [error["pointer"] for error in problem["errors"]]
    assert "short12" not in str(problem)
    door.register()


@pytest.mark.parametrize("field", ["email", "password", "time_zone"])
def test_what_is_required_is_named(door: FrontDoor, field: str) -> None:
    """By its pointer."""
    body = {name: value for name, value in BODY.items() if name != field}

    assert [f"/{field}"] == [e["pointer"] for e in door.json("POST", "/auth/register", body, status=422)["errors"]]


def test_too_many_requests_from_one_address_are_told_when_to_come_back(door: FrontDoor) -> None:
    """100 in 15 minutes, registering and signing in together."""
    for n in range(100):
        door.log_in(f"{n}@example.com")
    response = door.send("POST", "/auth/register", BODY)

    assert (response.status, response.headers["retry-after"]) == (429, "900")
    assert door.send("POST", "/auth/register", BODY, address="192.0.2.1").status == 201


def test_the_session_parameter_is_cookie_or_nothing(door: FrontDoor) -> None:
    """A misspelled one is named, not ignored."""
    problem = door.json("POST", "/auth/register?session=cookies", BODY, status=422)

    assert [error["pointer"] for error in problem["errors"]] == ["/session"]

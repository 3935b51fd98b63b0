"""GET, PATCH and DELETE /me, and the export."""

import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from smartalarm import ports
from smartalarm.accounts.access import sign_answer_token
from smartalarm.ports import Connection
from tests.fakes import START
from tests.functions.front_door import FrontDoor


@pytest.fixture
def token(door: FrontDoor) -> str:
    """Ana's access token."""
    access: str = door.register()["access_token"]
    return access


def test_the_answer_carries_its_version_as_etag(door: FrontDoor, token: str) -> None:
    """GET and PATCH alike."""
    assert door.send("GET", "/me", token=token).headers["etag"] == '"1"'
    response = door.send("PATCH", "/me", {"name": "A"}, token=token)

    assert '"2"' == response.headers["etag"] == door.send("GET", "/me", token=token).headers["etag"]
    assert json.loads(response.body)["version"] == 2


def test_a_stale_if_match_is_a_conflict(door: FrontDoor, token: str) -> None:
    """A current one, a weak one and * are not."""
    for tag, status in (('"1"', 200), ('"1"', 409), ('W/"2"', 200), ("*", 200), ('"9"', 409), ("nonsense", 422)):
        assert door.send("PATCH", "/me", {"name": "A"}, token=token, headers={"if-match": tag}).status == status


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"settings": {"theme": "pink"}}, "/settings/theme"),
        ({"settings": {"sleep_goal_minutes": 1.5}}, "/settings/sleep_goal_minutes"),
        ({"settings": {"larger_text": "yes"}}, "/settings/larger_text"),
        ({"settings": {"a/b~c": 1}}, "/settings/a~1b~0c"),
        ({"email": "new@example.com"}, "/email"),
        ({"version": 2}, "/version"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(door: FrontDoor, token: str, body: dict[str, Any], pointer: str) -> None:
    """Read-only fields too."""
    problem = door.json("PATCH", "/me", body, token=token, status=422)

    assert [pointer] == [error["pointer"] for error in problem["errors"]]


def test_a_new_zone_is_there_at_once(door: FrontDoor, token: str) -> None:
    """The alarms follow by a timer that is stored with it."""
    view = door.json("PATCH", "/me", {"time_zone": "Asia/Tokyo"}, token=token)

    assert view["time_zone"] == door.json("GET", "/me", token=token)["time_zone"] == "Asia/Tokyo"
    assert [timer.purpose for timer in door.world.get(ports.Store).timers(view["id"])] == ["recompute"]


def test_erasing_leaves_nothing(door: FrontDoor, token: str) -> None:
    """Not a document, not a session, not a connection; the address is free again, the id is not."""
    user = door.json("GET", "/me", token=token)["id"]
    connections = door.world.get(ports.Connections)
    connections.open(Connection("c1", user, "d1", START))
    connections.saw(user, "d1", at=START)
    response = door.send("DELETE", "/me", token=token)

    assert (response.status, response.body) == (204, b"")
    assert connections.of([user]) == connections.last_seen(user) == {}
    for method, body in (("GET", None), ("PATCH", {"name": "A"})):
        assert door.send(method, "/me", body, token=token).status == 401
    assert door.send("GET", "/me/export", token=token).status == 401
    assert door.log_in().status == 401
    assert door.register()["user"]["id"] != user


def test_erasing_minds_if_match(door: FrontDoor, token: str) -> None:
    """A stale one erases nothing."""
    assert door.send("DELETE", "/me", token=token, headers={"if-match": '"2"'}).status == 409
    assert door.send("DELETE", "/me", token=token, headers={"if-match": '"1"'}).status == 204


def test_the_export_is_one_json_file(door: FrontDoor, token: str) -> None:
    """To be saved, under a name with its date."""
    response = door.send("GET", "/me/export", token=token)
    content = json.loads(response.body)

    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-disposition"] == 'attachment; filename="smartalarm-2026-12-01.json"'
    assert content["exported_at"] == "2026-12-01T06:00:00.000Z"
    assert content["user"] == door.json("GET", "/me", token=token)
    assert {"profile", "settings"} == set(content["documents"])


@pytest.mark.parametrize(("method", "path"), [("GET", "/me"), ("PATCH", "/me"), ("DELETE", "/me"), ("GET", "/me/export")])
def test_only_the_signed_in_user_gets_in(door: FrontDoor, token: str, method: str, path: str) -> None:
    """No token, a forged one, one for another use, one of another service: 401, with what is asked for."""
    user = door.json("GET", "/me", token=token)["id"]
    signer = door.world.get(ports.Signer)
    at = int(START.timestamp())
    claims = {"sub": user, "sid": "s", "use": "access", "iss": "smartalarm", "aud": "smartalarm", "iat": at, "exp": at + 900}
    secret = "a-secret-of-thirty-two-characters"
    assert door.send("GET", "/me", token=jwt.encode(claims, secret)).status == 200
    wrong = [
        None,
        "x",
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "another-secret-of-thirty-two-characters"),
        jwt.encode({**claims, "aud": "others"}, secret),
        jwt.encode({**claims, "iss": "others"}, secret),
        jwt.encode({**claims, "exp": at}, secret),
        jwt.encode({**claims, "use": "ticket"}, secret),
        sign_answer_token(signer, user, "o1", None, now=datetime.fromtimestamp(at, UTC), lifetime_seconds=600),
    ]
    for bad in wrong:
        response = door.send(method, path, {} if method == "PATCH" else None, token=bad)
        assert (response.status, response.headers["www-authenticate"].split()[0]) == (401, "Bearer")

    assert door.json("GET", "/me", token=token)["id"] == user

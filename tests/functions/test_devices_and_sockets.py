"""Devices and sockets through the front door."""

from uuid import uuid4

import pytest

from smartalarm.errors import Forbidden, Gone, Unauthenticated
from smartalarm.ports import Connections
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage(cors_origins=("https://app.example",))
    made.sign_up()
    return made


def test_a_device_keeps_its_id_and_counts_its_versions(stage: Stage) -> None:
    """PUT makes and replaces."""
    device_id = str(uuid4())
    made = stage.call("PUT", f"/devices/{device_id}", {"name": "Phone"})
    assert (made["id"], made["ring"], made["push"], made["version"]) == (device_id, "always", "none", 1)
    changed = stage.call("PUT", f"/devices/{device_id}", {"name": "Old phone", "ring": "backup"}, if_match='"1"')
    assert (changed["name"], changed["ring"], changed["version"]) == ("Old phone", "backup", 2)
    stage.call("PUT", f"/devices/{device_id}", {"name": "Stale"}, status=409, if_match='"1"')
    assert stage.call("GET", f"/devices/{device_id}") == changed
    stage.call("DELETE", f"/devices/{device_id}", status=204)
    stage.call("GET", f"/devices/{device_id}", status=404)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("phone", {"name": "Phone"}, "/device_id"),
        (None, {}, "/name"),
        (None, {"name": "Phone", "ring": "sometimes"}, "/ring"),
        (None, {"name": "Phone", "push_subscription": {"endpoint": "https://x"}}, "/push_subscription/keys"),
        (None, {"name": "Phone", "push": "ok"}, "/push"),
    ],
)
def test_a_wrong_device_is_named(stage: Stage, path: str | None, body: dict[str, object], pointer: str) -> None:
    """422 with the pointer."""
    refused = stage.call("PUT", f"/devices/{path or uuid4()}", body, status=422)
    assert pointer in [error["pointer"] for error in refused["errors"]]


def test_devices_tell_who_is_connected_and_who_was_last_seen(stage: Stage) -> None:
    """A socket that names its device shows there."""
    phone = stage.add_phone()
    socket = stage.open_socket(phone)
    shown = stage.call("GET", "/devices")["items"][0]
    assert (shown["connected"], shown["last_seen_at"]) == (True, "2026-12-01T06:00:00.000Z")
    stage.clock.advance(60)
    stage.socket_event("$disconnect", socket)
    shown = stage.call("GET", "/devices")["items"][0]
    assert (shown["connected"], shown["last_seen_at"]) == (False, "2026-12-01T06:01:00.000Z")


def test_the_first_ping_is_answered_by_hello_and_the_next_by_pong(stage: Stage) -> None:
    """With the server's time."""
    socket = stage.open_socket()
    stage.say(socket, {"action": "ping", "request_id": "7"})
    hello, pong = stage.heard(socket)
    assert (hello["type"], pong["type"], pong["request_id"]) == ("hello", "pong", "7")
    assert hello["server_time"] == "2026-12-01T06:00:00.000Z"


def test_a_ticket_opens_one_socket_within_thirty_seconds(stage: Stage) -> None:
    """Once; later and twice it is refused."""
    ticket = stage.call("POST", "/sync/ticket", {})
    assert ticket["url"] == "ws://alarm.example/ws"
    stage.socket_event("$connect", "one", query={"ticket": ticket["ticket"]})
    with pytest.raises(Unauthenticated):
        stage.socket_event("$connect", "two", query={"ticket": ticket["ticket"]})
    late = stage.call("POST", "/sync/ticket", {})
    stage.clock.advance(30)
    with pytest.raises(Unauthenticated):
        stage.socket_event("$connect", "three", query={"ticket": late["ticket"]})


@pytest.mark.parametrize(
    ("origin", "is_welcome"),
    [
        ("https://alarm.example", True),
        ("http://alarm.example", True),
        ("https://app.example", True),
        ("https://evil.example", False),
        ("https://alarm.example.evil.example", False),
        ("null", False),
    ],
)
def test_only_our_own_pages_open_sockets(stage: Stage, origin: str, is_welcome: bool) -> None:  # noqa: FBT001  a table
    """The Origin is our host, one of CORS_ORIGINS, or absent."""
    ticket = stage.call("POST", "/sync/ticket", {})["ticket"]
    event = {"query": {"ticket": ticket}, "headers": {"origin": origin, "host": "alarm.example"}}
    if is_welcome:
        stage.socket_event("$connect", "one", **event)
        return
    with pytest.raises(Forbidden):
        stage.socket_event("$connect", "one", **event)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("{", 400),
        ("[]", 422),
        ('{"action": "explode"}', 422),
        ('{"action": "dismiss"}', 422),
        ('{"action": "ack", "occurrence_id": "x", "event": "slept"}', 422),
        ('{"action": "dismiss", "occurrence_id": "x"}', 404),
        ('{"action": "ping", "more": 1}', 422),
        ("x" * 20_000, 400),
    ],
)
def test_a_wrong_message_is_answered_by_an_error_and_the_socket_lives(stage: Stage, message: str, status: int) -> None:
    """The problem's members, and nothing of ours."""
    socket = stage.open_socket()
    stage.say(socket, message)
    error = stage.heard(socket)[-1]
    assert (error["type"], error["status"]) == ("error", status)
    stage.say(socket, {"action": "ping"})
    assert stage.heard(socket)[-1]["type"] == "pong"


@pytest.mark.parametrize(
    ("message", "request_id"),
    [
        ('{"action": "snooze", "occurrence_id": "x", "minutes": 0, "request_id": "seven"}', "seven"),
        ('{"action": "explode", "request_id": 7}', 7),
        ('{"action": "ping", "request_id": [7]}', None),
        ('["request_id"]', None),
    ],
)
def test_an_error_names_the_message_it_is_about(stage: Stage, message: str, request_id: object) -> None:
    """Also when the message is wrong in itself, as long as its request_id is right."""
    socket = stage.open_socket()
    stage.say(socket, message)
    assert stage.heard(socket)[-1]["request_id"] == request_id


def test_whoever_connects_while_the_first_push_hangs_hears_the_ring(stage: Stage) -> None:
    """The sending is recorded only when every push service has answered."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(19.5)
    stage.crash()  # claimed; nobody will record it before the watch
    early = stage.open_socket()
    stage.clock.advance(1)
    late = stage.open_socket()
    assert [message["type"] for message in stage.heard(early)] == ["hello"]
    assert [message["type"] for message in stage.heard(late)] == ["hello", "ring"]
    assert stage.heard(late)[1]["occurrence"]["id"] == occurrence_id


def test_a_socket_of_an_erased_account_is_told_to_go(stage: Stage) -> None:
    """The host that holds it closes it at its next word."""
    socket = stage.open_socket()
    stage.call("DELETE", "/me", status=204)
    with pytest.raises(Gone):
        stage.say(socket, {"action": "ping"})


def test_nobody_answers_for_somebody_else_over_a_socket(stage: Stage) -> None:
    """Another user's ring is not found."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.sign_up("eve@example.org")
    socket = stage.open_socket()
    stage.say(socket, {"action": "dismiss", "occurrence_id": occurrence_id})
    assert stage.heard(socket)[-1]["status"] == 404


def test_a_connection_that_is_gone_is_forgotten(stage: Stage) -> None:
    """The next ring does not try it again."""
    user = stage.sign_up("bob@example.org")
    socket = stage.open_socket()
    stage.sockets.gone.add(socket)
    stage.set_alarm(20)
    stage.pass_time(21)
    assert stage.injector.get(Connections).of([user]) == {}

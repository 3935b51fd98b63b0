"""What is really sent to devices is what openapi.json says of it, and so is what they may say."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from smartalarm.openapi import build_document
from smartalarm.ringing.notices import push_body, readiness_body, ring_message, stop_message
from smartalarm.ringing.told import PokeMessage
from smartalarm.sync.messages import MESSAGES
from tests.stage import Stage
from tests.unit.ringing.told import occurrence

ANSWER = {"url": "https://alarm.example/api/v1/occurrences/x", "token": "t"}
RINGING, DISMISSED = occurrence("ringing"), occurrence("dismissed")


@pytest.fixture(scope="module")
def document() -> Any:
    """The document of the messages alone."""
    return build_document([], MESSAGES)


def check(document: Any, name: str, message: Any) -> None:
    """Raise unless the message is one of those that the schema describes."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(message)


def test_every_push_is_one_that_the_document_describes(document: Any) -> None:
    """A ring and a test can be answered; the others tell."""
    for kind, answer in (("ring", ANSWER), ("test", ANSWER), ("stop", None), ("missed", None)):
        body = push_body(kind, RINGING, rung=1, answer=answer)  # type: ignore[arg-type]  # each is a kind
        check(document, "PushMessage", json.loads(body))
    check(document, "PushMessage", json.loads(readiness_body("d", "Phone", "quiet")))
    with pytest.raises(ValueError, match="answer"):
        push_body("ring", RINGING, rung=1, answer=None)


def test_what_is_told_of_rings_and_changes_is_described(document: Any) -> None:
    """ring, stop, poke."""
    for message in (ring_message(RINGING, rung=0), stop_message(DISMISSED, "d"), PokeMessage(cursor="7").to_json()):
        check(document, "ServerMessage", message)


def test_a_whole_conversation_is_described(document: Any) -> None:
    """hello, pong, result and errors, as a real conversation gives them; and what the client said."""
    stage = Stage()
    stage.sign_up()
    socket = stage.open_socket(stage.add_phone())
    unknown = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f:20261201T060000Z"
    said: list[dict[str, Any]] = [
        {"action": "ping", "request_id": 1},
        {"action": "ping", "request_id": "b"},
        {"action": "dismiss", "occurrence_id": unknown},
        {"action": "ack", "occurrence_id": unknown, "event": "shown"},
        {"action": "snooze", "occurrence_id": unknown, "minutes": 5},
    ]
    for words in said:
        check(document, "ClientMessage", words)
    for words in [*said, {"action": "snooze", "occurrence_id": unknown, "minutes": 0}]:
        stage.say(socket, words)
    heard = stage.heard(socket)
    assert {message["type"] for message in heard} >= {"hello", "pong", "error"}
    for message in heard:
        check(document, "ServerMessage", message)

"""Whoever connects or registers while a ring is held ready (up to eight seconds before its instant) hears it as well."""

from uuid import uuid4

import pytest

from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


def kinds(stage: Stage, socket: str) -> list[str]:
    """The types of what a connection was sent."""
    return [message["type"] for message in stage.heard(socket)]


@pytest.mark.parametrize("seconds_before", [7.9, 5, 1, 0.7, 0.1])
def test_a_socket_that_opens_during_the_hold_hears_the_ring_at_its_instant(stage: Stage, seconds_before: float) -> None:
    """A page that reconnects just before must not wait for the next rung of the ladder, and hears it once."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(20 - seconds_before)
    socket = stage.open_socket()
    stage.pass_time(seconds_before + 0.2)
    assert kinds(stage, socket) == ["hello", "ring"]
    assert stage.push_kinds() == ["ring"]
    assert stage.events(occurrence_id).count("sent") == 2


def test_a_device_that_registers_during_the_hold_gets_the_push(stage: Stage) -> None:
    """And the device that was there gets one, not two."""
    stage.add_phone("phone")
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(15)
    stage.add_phone("tablet")
    stage.pass_time(6)
    assert (stage.push_kinds("phone"), stage.push_kinds("tablet")) == (["ring"], ["ring"])
    assert "no_device" not in stage.events(occurrence_id)


def test_a_new_subscription_of_a_known_device_gets_the_push(stage: Stage) -> None:
    """The old one may be dead already."""
    phone = stage.add_phone("old")
    stage.set_alarm(20)
    stage.pass_time(15)
    subscription = {"endpoint": "https://push.example/new", "keys": {"p256dh": "x", "auth": "y"}}
    stage.call("PUT", f"/devices/{phone}", {"name": "phone", "push_subscription": subscription})
    stage.pass_time(6)
    assert stage.push_kinds("new") == ["ring"]


def test_a_backup_device_that_registers_late_stays_quiet(stage: Stage) -> None:
    """Who else is there still counts."""
    stage.add_phone("phone")
    stage.set_alarm(20)
    stage.pass_time(15)
    stage.add_phone("backup", ring="backup")
    stage.add_phone("never", ring="never")
    stage.call("PUT", f"/devices/{uuid4()}", {"name": "without push"})
    stage.pass_time(6)
    assert [stage.push_kinds(name) for name in ("phone", "backup", "never")] == [["ring"], [], []]


def test_the_end_of_a_snooze_is_heard_by_latecomers_too(stage: Stage) -> None:
    """It is held as well."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    stage.pass_time(57)
    socket = stage.open_socket()
    stage.pass_time(5)
    assert kinds(stage, socket) == ["hello", "ring"]


def test_an_answer_during_the_hold_stops_latecomers_like_the_others(stage: Stage) -> None:
    """What went out from memory is stopped everywhere."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(19.5)
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    socket = stage.open_socket()
    stage.pass_time(5)
    assert kinds(stage, socket)[-1] == "stop"

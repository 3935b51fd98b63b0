"""Stop pushes that a push service does not take: tried again, and dead subscriptions found on the way."""

from typing import Literal

import pytest

from smartalarm.ports import PushResult
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user, who has a phone."""
    made = Stage()
    made.sign_up()
    return made


def will_answer(stage: Stage, name: str, *outcomes: Literal["retry", "gone"]) -> None:
    """What the push service says to the next posts for a device."""
    waiting = stage.push.answers.setdefault(f"https://push.example/{name}", [])
    waiting += [PushResult(outcome, 503, stage.clock.now(), f"push.example says {outcome}") for outcome in outcomes]


def ringing(stage: Stage) -> str:
    """An occurrence that rings."""
    occurrence_id: str = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    return occurrence_id


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_stop_that_a_push_service_could_not_take_is_tried_again(stage: Stage, failures: int) -> None:
    """A device that missed it would ring on until its time-out; those that got it get it once."""
    stage.add_phone("phone")
    stage.add_phone("tablet")
    occurrence_id = ringing(stage)
    for _ in range(failures):
        will_answer(stage, "phone", "retry")
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    stage.pass_time(20)
    assert (stage.push_kinds("phone"), stage.push_kinds("tablet")) == (["ring", "stop"], ["ring", "stop"])
    events = stage.events(occurrence_id)
    assert (events.count("failed"), events.count("stop_sent")) == (failures, 2)


def test_the_notice_of_a_miss_is_tried_again(stage: Stage) -> None:
    """It ends the ring on the screen, too."""
    stage.add_phone()
    stage.set_alarm(20, ring={"timeout_minutes": 1})
    stage.pass_time(75)
    will_answer(stage, "phone", "retry")
    stage.pass_time(20)
    assert stage.push_kinds()[-1] == "missed"


def test_a_stop_is_not_tried_again_once_a_newer_one_is_on_its_way(stage: Stage) -> None:
    """Snoozed, not told, then dismissed: one message says how it ended."""
    stage.add_phone()
    occurrence_id = ringing(stage)
    will_answer(stage, "phone", "retry")
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    stage.pass_time(0.2)
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    stage.pass_time(20)
    assert [push.body["occurrence"]["state"] for push in stage.pushes()] == ["ringing", "dismissed"]


@pytest.mark.parametrize("when", ["stop", "test"])
def test_a_subscription_found_dead_by_a_stop_or_a_test_is_dropped(stage: Stage, when: str) -> None:
    """404 and 410 remove it, whatever was sent, and the device shows it."""
    phone = stage.add_phone()
    occurrence_id = ringing(stage)
    will_answer(stage, "phone", "gone")
    if when == "stop":
        stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    else:
        occurrence_id = stage.call("POST", f"/devices/{phone}/test", status=202)["test_id"]
    stage.pass_time(1)
    device = stage.call("GET", f"/devices/{phone}")
    assert (device["push"], device["push_subscription"]) == ("lost", None)
    assert "subscription_lost" in stage.events(occurrence_id)


def test_a_device_that_subscribed_anew_keeps_its_new_subscription(stage: Stage) -> None:
    """The answer was about the old one."""
    phone = stage.add_phone("old")
    stage.set_alarm(20)
    stage.pass_time(15)  # the ring is armed for the old subscription
    subscription = {"endpoint": "https://push.example/new", "keys": {"p256dh": "x", "auth": "y"}}
    stage.call("PUT", f"/devices/{phone}", {"name": "phone", "push_subscription": subscription})
    will_answer(stage, "old", "gone")
    stage.pass_time(6)
    device = stage.call("GET", f"/devices/{phone}")
    assert (device["push"], device["push_subscription"]["endpoint"]) == ("ok", "https://push.example/new")

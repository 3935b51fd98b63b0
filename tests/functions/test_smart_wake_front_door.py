"""Smart wake from the recording device's side: it posts epochs, and the answer says whether that rang an alarm."""

from datetime import timedelta
from typing import Any

import pytest

from smartalarm.instants import instant_to_text
from tests.functions.sleeping import AWAKE, DEEP, sure_stage
from tests.stage import Stage

SESSION = "0198c2f2-6f5a-4cc1-8f3e-0a1b2c3d4e5f"
HOUR = 120
"""Epochs of 30 seconds in an hour."""


@pytest.fixture
def stage() -> Stage:
    """Somebody who sleeps, recorded for an hour, with an alarm in twenty minutes."""
    made = sure_stage()
    made.sign_up()
    made.add_phone()
    made.call("PATCH", "/me", {"settings": {"sleep_consent": True}})
    start = instant_to_text(made.clock.now() - timedelta(hours=1))
    body = {"start": start, "epoch_seconds": 30, "source": "wrist", "time_zone": "Europe/Madrid"}
    made.call("PUT", f"/sleep/sessions/{SESSION}", body)
    return made


def post(stage: Stage, first: int, counts: list[float | None]) -> Any:
    """Some epochs; what the answer says about the alarm."""
    told = stage.call("POST", f"/sleep/sessions/{SESSION}/epochs", {"first": first, "counts": counts})
    assert told["last_epoch"] >= first + len(counts) - 1
    return told["smart_wake"]


def test_the_batch_that_wakes_says_so_and_is_stored(stage: Stage) -> None:
    """Asleep: not yet. Awake: it rings, and a doubled batch rings nothing more."""
    occurrence_id = stage.set_alarm(1200, smart_wake_minutes=30)["next"]["id"]
    asleep = post(stage, 0, [DEEP] * HOUR)
    assert (asleep["rings"], asleep["occurrence_id"]) == (False, occurrence_id)
    stage.pass_time(60)
    woken = post(stage, HOUR, [AWAKE, AWAKE])
    assert (woken["rings"], woken["minutes_early"], woken["stage"]) == (True, 19, "wake")
    assert woken["alarm_id"] == occurrence_id.partition(":")[0]
    assert post(stage, HOUR, [AWAKE, AWAKE]) is None
    stage.pass_time(1)
    assert stage.push_kinds() == ["ring"]
    told = stage.pushes()[0].body["occurrence"]
    assert (told["id"], told["early"]["minutes_early"], told["at"]) == (
        occurrence_id,
        19,
        stage.occurrence(occurrence_id)["at"],
    )


def test_epochs_that_come_late_are_kept_and_wake_nobody(stage: Stage) -> None:
    """The device was offline: what it measured two minutes ago says nothing of now."""
    stage.set_alarm(1200, smart_wake_minutes=30)
    stage.pass_time(120)
    assert post(stage, 0, [AWAKE] * HOUR) is None
    stage.pass_time(60)
    assert stage.push_kinds() == []


def test_without_any_epoch_the_alarm_rings_at_its_time(stage: Stage) -> None:
    """A recording that broke off is no reason to sleep on."""
    stage.set_alarm(1200, smart_wake_minutes=30)
    due_at = stage.clock.now() + timedelta(seconds=1200)
    stage.pass_time(1201)
    assert [push.at for push in stage.pushes()] == [due_at]


def test_somebody_who_was_rung_a_short_while_ago_is_not_rung_early(stage: Stage) -> None:
    """The answer says why; what rings at its own time has no reason to be early."""
    socket = stage.open_socket()
    occurrence_id = stage.set_alarm(1200, smart_wake_minutes=30)["next"]["id"]
    plain = stage.set_alarm(30)["next"]["id"]
    stage.pass_time(31)
    stage.call("POST", f"/occurrences/{plain}/dismiss")
    stage.pass_time(12 * 60)
    post(stage, 0, [DEEP] * HOUR)
    assert post(stage, HOUR, [AWAKE] * 25)["reason"] == "An alarm rang a short while ago."
    assert [item["early"] for item in stage.call("GET", "/occurrences")["items"]] == [None]
    stage.pass_time(8 * 60)
    rung = [message["occurrence"] for message in stage.heard(socket) if message["type"] == "ring"]
    assert {(one["id"], one["early"]) for one in rung} == {(plain, None), (occurrence_id, None)}


def test_sockets_and_history_tell_the_reason_too(stage: Stage) -> None:
    """Beside the alarm's own time."""
    socket = stage.open_socket()
    stage.set_alarm(1200, smart_wake_minutes=30)
    woken = post(stage, 0, [AWAKE] * HOUR)
    stage.pass_time(1)
    reason = {name: woken[name] for name in ("stage", "confidence", "minutes_early")}
    assert stage.heard(socket)[-1]["occurrence"]["early"] == reason
    assert [item["early"] for item in stage.call("GET", "/occurrences")["items"]] == [reason]


def test_what_is_sent_of_a_finished_night_wakes_nobody(stage: Stage) -> None:
    """Whoever ended it is up: no batch that comes after rings, not the first, which opens it again, nor the next."""
    stage.set_alarm(1200, smart_wake_minutes=30)
    due_at = stage.clock.now() + timedelta(seconds=1200)
    post(stage, 0, [DEEP] * (HOUR - 4))
    stage.call("POST", f"/sleep/sessions/{SESSION}/finish")
    assert [post(stage, first, [AWAKE, AWAKE]) for first in (HOUR - 4, HOUR - 2, HOUR - 2)] == [None] * 3
    stage.pass_time(1201)
    assert [push.at for push in stage.pushes()] == [due_at]


def test_a_night_that_goes_on_after_it_was_finished_is_looked_at_again(stage: Stage) -> None:
    """Ended by mistake, or on another device: what is measured later may ring early."""
    stage.set_alarm(1200, smart_wake_minutes=30)
    post(stage, 0, [DEEP] * HOUR)
    stage.call("POST", f"/sleep/sessions/{SESSION}/finish")
    stage.pass_time(120)
    assert post(stage, HOUR, [AWAKE] * 4)["rings"]

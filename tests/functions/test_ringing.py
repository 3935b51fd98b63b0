"""From "set an alarm" to "dismissed everywhere", through the front door, in memory and on a clock that is moved."""

from datetime import timedelta

import pytest

from smartalarm.ports import PushResult, Store
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


def test_an_alarm_rings_on_every_device_at_its_instant_and_not_before(stage: Stage) -> None:
    """Push and sockets get it at the due instant."""
    stage.add_phone("phone")
    stage.add_phone("tablet")
    socket = stage.open_socket()
    stage.set_alarm(60)
    due_at = stage.clock.now() + timedelta(seconds=60)
    stage.pass_time(59.9)
    assert stage.push_kinds("phone") == []
    stage.pass_time(1)
    assert [push.at for push in stage.pushes("phone")] == [due_at]
    assert [push.at for push in stage.pushes("tablet")] == [due_at]
    assert [(moment, message["type"]) for moment, message in stage.sockets.heard[socket]][1:] == [(due_at, "ring")]


def test_the_ring_push_says_what_rings_and_how_to_answer(stage: Stage) -> None:
    """Its body is what the API's design fixes."""
    stage.add_phone()
    alarm = stage.set_alarm(20, label="Medicine")
    stage.pass_time(21)
    push = stage.pushes()[0]
    assert push.body["occurrence"]["id"] == alarm["next"]["id"]
    assert push.body["occurrence"]["state"] == "ringing"
    assert push.body["alarm"]["label"] == "Medicine"
    assert push.body["answer"]["url"].endswith(f"/api/v1/occurrences/{alarm['next']['id']}")
    assert push.ttl_seconds == 600
    assert len(push.topic) <= 32


def test_the_ledger_tells_what_happened_in_order(stage: Stage) -> None:
    """Scheduled, claimed, due, sent, accepted, shown, dismissed."""
    phone = stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/ack", {"event": "shown", "device_id": phone})
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {"device_id": phone})
    stage.pass_time(1)
    expected = ["scheduled", "claimed", "due", "sent", "accepted", "shown", "dismissed", "stop_sent"]
    assert stage.events(occurrence_id) == expected
    moments = [line["at"] for line in stage.occurrence(occurrence_id)["ledger"]]
    assert moments == sorted(moments)


def test_dismissing_on_one_device_stops_all_others(stage: Stage) -> None:
    """Sockets at once, pushes with the same topic right after."""
    phone = stage.add_phone()
    first, second = stage.open_socket(phone), stage.open_socket()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.say(first, {"action": "dismiss", "request_id": "r1", "occurrence_id": occurrence_id})
    for socket in (first, second):
        stops = [message for message in stage.heard(socket) if message["type"] == "stop"]
        assert [(s["occurrence_id"], s["state"], s["by_device"]) for s in stops] == [(occurrence_id, "dismissed", phone)]
    assert stage.heard(first)[-1]["type"] == "result"
    assert stage.heard(first)[-1]["request_id"] == "r1"
    stage.pass_time(1)
    ring, stop = stage.pushes()
    assert (ring.body["type"], stop.body["type"], ring.topic == stop.topic) == ("ring", "stop", True)


def test_a_dismissed_ring_never_comes_back(stage: Stage) -> None:
    """Neither by the ladder nor by a late snooze."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    assert stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})["state"] == "dismissed"
    assert stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")["state"] == "dismissed"
    stage.pass_time(1500)
    assert stage.push_kinds() == ["ring", "stop"]


def test_a_snoozed_ring_comes_again_after_its_minutes(stage: Stage) -> None:
    """Nine by default, counted from the answer."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    snoozed = stage.call("POST", f"/occurrences/{occurrence_id}/snooze")
    assert snoozed["state"] == "snoozed"
    again_at = stage.clock.now() + timedelta(minutes=9)
    stage.pass_time(541)
    rings = [push for push in stage.pushes() if push.body["type"] == "ring"]
    assert [push.at for push in rings][1:] == [again_at]
    assert rings[1].body["occurrence"]["ring_count"] == 2
    assert rings[1].body["occurrence"]["id"] == occurrence_id


def test_of_two_snoozes_of_one_ring_the_earlier_end_wins(stage: Stage) -> None:
    """From two devices, in either order."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    late = stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 20})
    early = stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 5})
    assert early["snoozed_until"] < late["snoozed_until"]
    again = stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 30})
    assert again["snoozed_until"] == early["snoozed_until"]


def test_past_the_snooze_limit_only_dismiss_is_left(stage: Stage) -> None:
    """A clear refusal, and the ring goes on."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20, snooze={"minutes": 1, "limit": 1})["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze")
    stage.pass_time(61)
    refused = stage.call("POST", f"/occurrences/{occurrence_id}/snooze", status=409)
    assert refused["code"] == "snooze_limit"
    assert stage.occurrence(occurrence_id)["state"] == "ringing"


def test_a_ring_nobody_notices_is_sent_again_and_at_last_missed(stage: Stage) -> None:
    """30 s, 2 min, 5 min, and after ten minutes every device is told that it was missed."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    due_at = stage.clock.now() + timedelta(seconds=20)
    stage.pass_time(700)
    rings = [(push.at - due_at).total_seconds() for push in stage.pushes() if push.body["type"] == "ring"]
    assert rings == [0, 30, 120, 300]
    assert stage.push_kinds()[-1] == "missed"
    missed = stage.occurrence(occurrence_id)
    assert (missed["state"], missed["reason"]) == ("missed", "Nobody answered for 10 minutes.")
    assert "no_backup_channel" in stage.events(occurrence_id)


def test_a_ring_that_was_shown_is_not_repeated_after_thirty_seconds(stage: Stage) -> None:
    """But after two minutes it is, whoever saw it."""
    phone = stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/ack", {"event": "shown", "device_id": phone})
    stage.pass_time(60)
    assert stage.push_kinds() == ["ring"]
    stage.pass_time(60)
    assert stage.push_kinds() == ["ring", "ring"]


def test_a_late_dismiss_settles_a_missed_ring_and_the_ledger_says_so(stage: Stage) -> None:
    """Missed < dismissed."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(700)
    assert stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")["state"] == "dismissed"
    assert stage.occurrence(occurrence_id)["ledger"][-1]["detail"] == "after it had been missed"


def test_a_backup_device_rings_only_when_nobody_answers(stage: Stage) -> None:
    """Always at once, backup after two minutes, never not at all."""
    stage.add_phone("phone", ring="always")
    stage.add_phone("backup", ring="backup")
    stage.add_phone("quiet", ring="never")
    stage.set_alarm(20)
    stage.pass_time(21)
    assert (stage.push_kinds("phone"), stage.push_kinds("backup")) == (["ring"], [])
    stage.pass_time(130)
    assert stage.push_kinds("backup") == ["ring"]
    assert "ring" not in stage.push_kinds("quiet")


def test_a_dead_subscription_is_dropped_and_its_owner_told(stage: Stage) -> None:
    """410: the device shows it, the ledger too, and the other device still rings."""
    phone = stage.add_phone("phone")
    stage.add_phone("tablet")
    gone = PushResult("gone", 410, stage.clock.now(), "push.example says that the subscription is gone")
    stage.push.answers["https://push.example/phone"] = [gone]
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    device = stage.call("GET", f"/devices/{phone}")
    assert (device["push"], device["push_subscription"]) == ("lost", None)
    assert "subscription_lost" in stage.events(occurrence_id)
    assert stage.push_kinds("tablet") == ["ring"]


def test_a_busy_push_service_gets_another_try_within_the_ladder(stage: Stage) -> None:
    """429 with Retry-After, then it is taken."""
    stage.add_phone()
    busy = PushResult("retry", 429, stage.clock.now(), "push.example is busy", retry_after_seconds=4.0)
    stage.push.answers["https://push.example/phone"] = [busy]
    stage.set_alarm(20)
    due_at = stage.clock.now() + timedelta(seconds=20)
    stage.pass_time(28)
    assert [(push.at - due_at).total_seconds() for push in stage.pushes()] == [4.0]


def test_an_alarm_that_was_due_while_everything_was_down_rings_late_and_says_so(stage: Stage) -> None:
    """Within the grace of half an hour."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.clock.advance(600)
    stage.pass_time(1)
    assert stage.push_kinds() == ["ring"]
    assert "late" in stage.events(occurrence_id)


def test_after_the_grace_it_is_missed_with_the_reason(stage: Stage) -> None:
    """More than half an hour late: no ring, but a notice."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.clock.advance(3600)
    stage.pass_time(1)
    assert stage.push_kinds() == ["missed"]
    assert "could not run" in stage.occurrence(occurrence_id)["reason"]


def test_a_process_that_dies_between_claim_and_send_rings_when_it_is_back(stage: Stage) -> None:
    """The watch that was written with the claim covers it."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(19.5)
    assert {"claimed", "sent"} & set(stage.events(occurrence_id)) == {"claimed"}
    stage.crash()
    stage.pass_time(12)
    assert stage.push_kinds() == ["ring"]


def test_an_alarm_deleted_in_the_last_second_is_stopped_everywhere(stage: Stage) -> None:
    """It was claimed already: whatever still goes out is followed by a stop."""
    stage.add_phone()
    alarm = stage.set_alarm(20)
    stage.pass_time(19.5)
    stage.call("DELETE", f"/alarms/{alarm['id']}", status=204)
    stage.pass_time(10)
    assert stage.push_kinds()[-1] == "stop"
    assert stage.occurrence(alarm["next"]["id"])["state"] == "dismissed"
    stage.pass_time(700)
    assert stage.push_kinds()[-1] == "stop"


def test_a_skipped_occurrence_stays_silent_and_is_kept_with_its_reason(stage: Stage) -> None:
    """And the next one rings."""
    stage.add_phone()
    start = (stage.clock.now() + timedelta(seconds=60)).replace(tzinfo=None)
    alarm = stage.set_alarm(0, schedule={"start": start.isoformat(), "rrule": "FREQ=DAILY"})
    first = alarm["next"]["id"]
    skipped = stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": first})
    assert (skipped["status"], skipped["reason"]) == ("skipped", "You skipped this one.")
    assert stage.call("GET", f"/alarms/{alarm['id']}")["next"]["id"] != first
    stage.pass_time(120)
    assert stage.push_kinds() == []
    assert stage.occurrence(first)["state"] == "skipped"
    stage.clock.advance(86400 - 130)
    stage.pass_time(80)
    assert stage.push_kinds() == ["ring"]


def test_a_skip_taken_back_rings_again(stage: Stage) -> None:
    """Also seconds before."""
    stage.add_phone()
    alarm = stage.set_alarm(60)
    named = {"occurrence_id": alarm["next"]["id"]}
    stage.call("POST", f"/alarms/{alarm['id']}/skip", named)
    stage.pass_time(57)
    stage.call("POST", f"/alarms/{alarm['id']}/unskip", named)
    stage.pass_time(5)
    assert stage.push_kinds() == ["ring"]


def test_a_new_label_does_not_silence_an_overdue_ring(stage: Stage) -> None:
    """Editing after an outage keeps what is still to ring."""
    stage.add_phone()
    alarm = stage.set_alarm(20)
    stage.clock.advance(60)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"label": "Other"})
    stage.pass_time(1)
    assert [push.body["alarm"]["label"] for push in stage.pushes()] == ["Other"]


def test_travelling_moves_alarms_that_follow_the_user(stage: Stage) -> None:
    """07:00 in Madrid becomes 07:00 in New York."""
    stage.add_phone()
    alarm = stage.call(
        "POST", "/alarms", {"label": "Here", "schedule": {"start": "2026-12-02T07:00:00", "rrule": "FREQ=DAILY"}}, status=201
    )
    assert alarm["next"]["local"] == "2026-12-02T07:00:00+01:00"
    stage.call("PATCH", "/me", {"time_zone": "America/New_York"})
    stage.pass_time(5)
    assert stage.call("GET", f"/alarms/{alarm['id']}")["next"]["local"] == "2026-12-02T07:00:00-05:00"
    stage.clock.advance(24 * 3600)
    stage.pass_time(1)
    assert stage.push_kinds() == []
    stage.clock.advance(6 * 3600 - 60)
    stage.pass_time(60)
    assert stage.push_kinds() == ["ring"]


def test_the_answer_token_of_a_push_answers_that_occurrence_alone(stage: Stage) -> None:
    """Without a session."""
    stage.add_phone()
    first, second = stage.set_alarm(20), stage.set_alarm(20)
    stage.pass_time(21)
    tokens = {push.body["occurrence"]["id"]: push.body["answer"]["token"] for push in stage.pushes()}
    stage.use_token(tokens[first["next"]["id"]])
    assert stage.send("POST", f"/occurrences/{second['next']['id']}/dismiss").status == 403
    assert stage.send("GET", "/alarms").status == 401
    assert stage.call("POST", f"/occurrences/{first['next']['id']}/dismiss")["state"] == "dismissed"


def test_two_alarms_at_one_second_both_ring(stage: Stage) -> None:
    """Each under its own id."""
    stage.add_phone()
    ids = {stage.set_alarm(20)["next"]["id"] for _ in range(2)}
    stage.pass_time(21)
    assert {push.body["occurrence"]["id"] for push in stage.pushes()} == ids


def test_a_test_push_goes_the_way_of_a_ring_and_has_a_ledger(stage: Stage) -> None:
    """202 with an id whose ledger shows it arrive."""
    phone = stage.add_phone()
    test_id = stage.call("POST", f"/devices/{phone}/test", status=202)["test_id"]
    stage.pass_time(1)
    assert stage.push_kinds() == ["test"]
    assert stage.events(test_id) == ["scheduled", "sent", "accepted"]
    stage.call("POST", f"/occurrences/{test_id}/ack", {"event": "shown", "device_id": phone})
    assert stage.events(test_id)[-1] == "shown"
    assert stage.call("GET", "/occurrences")["items"] == []


def test_without_any_reachable_device_the_ledger_says_so(stage: Stage) -> None:
    """Silence always has a reason."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    assert "no_device" in stage.events(occurrence_id)


def test_whoever_connects_while_it_rings_hears_it(stage: Stage) -> None:
    """After hello comes the ring."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    socket = stage.open_socket()
    assert [message["type"] for message in stage.heard(socket)] == ["hello", "ring"]
    assert stage.heard(socket)[1]["occurrence"]["id"] == occurrence_id


def test_nothing_is_left_in_the_due_index_after_it_is_over(stage: Stage) -> None:
    """A one-off that was dismissed leaves no timer."""
    user = stage.sign_up("bob@example.org")
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    stage.pass_time(2)
    assert stage.injector.get(Store).timers(user) == []

"""Answers at the wrong time, to what never rang, and under any spelling of an id."""

from datetime import timedelta

import pytest

from tests.stage import Stage

YEARS_AGO = {"start": "2020-01-01T03:00:00", "rrule": "FREQ=DAILY"}


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


@pytest.mark.parametrize(("verb", "body"), [("ack", {"event": "shown"}), ("snooze", {"minutes": 1}), ("dismiss", {})])
def test_long_before_its_instant_an_occurrence_takes_no_answer(stage: Stage, verb: str, body: dict[str, object]) -> None:
    """Not even a report that it was shown: nothing is written, so the other answers are refused afterwards as well."""
    occurrence_id = stage.set_alarm(3600)["next"]["id"]
    for _ in range(2):
        assert stage.call("POST", f"/occurrences/{occurrence_id}/{verb}", body, status=409)["code"] == "not_ringing"
    assert stage.call("GET", "/occurrences")["items"] == []


def test_a_device_whose_clock_runs_ahead_may_report_and_answer_a_little_early(stage: Stage) -> None:
    """Up to five minutes."""
    occurrence_id = stage.set_alarm(240)["next"]["id"]
    assert stage.call("POST", f"/occurrences/{occurrence_id}/ack", {"event": "heard"})["state"] == "pending"
    assert stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")["state"] == "dismissed"


def test_what_was_never_due_is_not_found_and_cannot_be_made_to_ring(stage: Stage) -> None:
    """A rule that began years ago names instants from before the alarm was made."""
    stage.add_phone()
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": YEARS_AGO}, status=201)
    for past in ("20210101T020000Z", f"{stage.clock.now() - timedelta(days=1):%Y%m%d}T020000Z"):
        path = f"/occurrences/{alarm['id']}:{past}"
        stage.call("GET", path, status=404)
        for verb, body in (("ack", {"event": "shown"}), ("snooze", {"minutes": 1}), ("dismiss", {})):
            stage.call("POST", f"{path}/{verb}", body, status=404)
        for verb in ("skip", "unskip"):
            named = {"occurrence_id": f"{alarm['id']}:{past}"}
            assert stage.call("POST", f"/alarms/{alarm['id']}/{verb}", named, status=409)["code"] == "already_rang"
    stage.pass_time(120)
    assert stage.push_kinds() == []


def test_why_a_switched_off_alarm_did_not_ring_can_be_asked_afterwards(stage: Stage) -> None:
    """There is no record, but the reason is plain; what lies before the alarm's making stays unknown."""
    alarm = stage.set_alarm(60)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    stage.pass_time(90)
    assert stage.occurrence(alarm["next"]["id"])["reason"] == "The alarm is off."
    old = stage.call("POST", "/alarms", {"label": "Old", "enabled": False, "schedule": YEARS_AGO}, status=201)
    stage.call("GET", f"/occurrences/{old['id']}:20210101T020000Z", status=404)


def test_an_overdue_ring_that_the_server_has_not_come_to_yet_can_be_answered(stage: Stage) -> None:
    """A device rang by itself while we were away; its answer may come before our own ring."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(60)["next"]["id"]
    stage.clock.advance(90)
    assert stage.call("GET", f"/occurrences/{occurrence_id}")["state"] == "pending"
    assert stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")["state"] == "dismissed"
    stage.pass_time(5)
    assert stage.push_kinds() == []


def test_an_overdue_ring_can_still_be_skipped(stage: Stage) -> None:
    """As long as the server has not come to it."""
    stage.add_phone()
    alarm = stage.set_alarm(60)
    stage.clock.advance(90)
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    stage.pass_time(5)
    assert (stage.push_kinds(), stage.occurrence(alarm["next"]["id"])["state"]) == ([], "skipped")


def test_a_test_push_cannot_be_snoozed_into_a_ring(stage: Stage) -> None:
    """It can only be dismissed, and its message says so."""
    phone = stage.add_phone()
    test_id = stage.call("POST", f"/devices/{phone}/test", status=202)["test_id"]
    stage.pass_time(1)
    assert stage.pushes()[0].body["alarm"]["snoozes_left"] == 0
    assert stage.call("POST", f"/occurrences/{test_id}/snooze", status=409)["code"] == "snooze_limit"
    stage.pass_time(1200)
    assert stage.push_kinds() == ["test"]


def test_an_id_may_be_written_in_capitals(stage: Stage) -> None:
    """RFC 9562 reads UUIDs in any case; the answer token of a push knows its occurrence under either spelling."""
    stage.add_phone()
    alarm = stage.set_alarm(20)
    occurrence_id = alarm["next"]["id"]
    spelt = occurrence_id.upper()
    assert stage.call("GET", f"/occurrences/{spelt}")["id"] == occurrence_id
    skipped = stage.call("POST", f"/alarms/{alarm['id'].upper()}/skip", {"occurrence_id": spelt})
    assert skipped["status"] == "skipped"
    assert stage.call("POST", f"/alarms/{alarm['id']}/unskip", {"occurrence_id": spelt})["status"] == "will_ring"
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{spelt}/ack", {"event": "shown"})
    stage.use_token(stage.pushes()[0].body["answer"]["token"])
    assert stage.call("POST", f"/occurrences/{spelt}/snooze")["state"] == "snoozed"
    assert stage.call("POST", f"/occurrences/{spelt}/dismiss")["id"] == occurrence_id

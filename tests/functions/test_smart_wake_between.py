"""Between an early ring and the alarm's own time: what is skipped stays silent, what is overdue is told as missed."""

from typing import Any

import pytest

from smartalarm.ports import Commit, Put, Store
from tests.functions.pushing import clock_at, mutation, push, told
from tests.functions.sleeping import AWAKE, Sleeper, in_minutes, sure_stage


@pytest.fixture
def sleeper() -> Sleeper:
    """Somebody asleep."""
    return Sleeper(sure_stage())


def rung(sleeper: Sleeper, **fields: Any) -> str:
    """A daily alarm that rang twenty minutes early a moment ago; the occurrence's id."""
    start = in_minutes(sleeper.stage, 30).replace(tzinfo=None).isoformat()
    schedule = {"start": start, "rrule": "FREQ=DAILY"}
    occurrence_id = sleeper.set_alarm(schedule=schedule, ring={"timeout_minutes": 3}, **fields)
    sleeper.stage.pass_time(600)
    sleeper.send(AWAKE)
    sleeper.stage.pass_time(5)
    assert sleeper.rings()
    return occurrence_id


@pytest.mark.parametrize("way", ["request", "sync"])
@pytest.mark.parametrize("event", ["nothing", "snooze"])
def test_what_rests_or_is_snoozed_before_its_time_may_be_skipped(sleeper: Sleeper, way: str, event: str) -> None:
    """Nobody answered the early ring, or it was snoozed; skipped then, it is silent at its time and rings tomorrow."""
    stage = sleeper.stage
    occurrence_id = rung(sleeper)
    if event == "snooze":
        stage.call("POST", f"/occurrences/{occurrence_id}/snooze")
    else:
        stage.pass_time(4 * 60)
    assert stage.occurrence(occurrence_id)["state"] == "snoozed"
    before = len(sleeper.rings())
    if way == "request":
        stage.call("POST", f"/alarms/{occurrence_id.partition(':')[0]}/skip", {"occurrence_id": occurrence_id})
    else:
        assert told(push(stage, mutation("skip", occurrence_id, clock_at(stage.clock.now()), skipped=True))) == ["applied"]
    stage.pass_time(40 * 60)
    assert len(sleeper.rings()) == before
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    assert stage.push_kinds()[-1] == "stop"
    stage.pass_time(24 * 3600)
    assert len(sleeper.rings()) > before


def test_a_skip_whose_process_died_before_it_could_stop_what_rests_holds_all_the_same(sleeper: Sleeper) -> None:
    """The skip is stored, the end of the ring is not: at its time it is looked at once more."""
    stage = sleeper.stage
    occurrence_id = rung(sleeper)
    stage.pass_time(4 * 60)
    before = len(sleeper.rings())
    wall = stage.occurrence(occurrence_id)["local"][:19]
    skip = Put("skip", occurrence_id, {"skipped": True, "wall": wall}, expected=0)
    stage.injector.get(Store).commit(Commit(sleeper.user, stage.clock.now(), writes=(skip,)))
    stage.pass_time(40 * 60)
    assert len(sleeper.rings()) == before
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    assert stage.occurrence(occurrence_id)["reason"] == "You skipped this one."


def test_an_outage_from_the_early_ring_to_hours_after_its_time_ends_in_a_miss(sleeper: Sleeper) -> None:
    """The grace counts from the alarm's own time: nobody is rung three hours late."""
    stage = sleeper.stage
    occurrence_id = rung(sleeper)
    before = len(sleeper.rings())
    stage.crash()
    stage.clock.advance(3 * 3600)
    stage.pass_time(60)
    assert len(sleeper.rings()) == before
    assert stage.occurrence(occurrence_id)["state"] == "missed"


def test_a_skipped_occurrence_in_its_window_is_no_decision(sleeper: Sleeper) -> None:
    """There is nothing that it could be not sure enough of."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.call("POST", f"/alarms/{occurrence_id.partition(':')[0]}/skip", {"occurrence_id": occurrence_id})
    stage.pass_time(600)
    assert sleeper.send(AWAKE) is None
    assert stage.injector.get(Store).timers(sleeper.user)[0].purpose == "ring"


def test_what_was_answered_early_is_not_shown_as_still_to_ring(sleeper: Sleeper) -> None:
    """The alarm's next ring is tomorrow's, and looking ahead says why not today's; a new label changes nothing of that."""
    stage = sleeper.stage
    occurrence_id = rung(sleeper)
    path = f"/alarms/{occurrence_id.partition(':')[0]}"
    assert stage.call("GET", path)["next"]["id"] == occurrence_id  # it rings again then, unless somebody answers
    sleeper.dismiss(occurrence_id)
    shown = [stage.call("GET", path), stage.call("GET", "/alarms")["items"][0], stage.call("PATCH", path, {"label": "New"})]
    assert [one["next"]["at"][:16] for one in shown] == ["2026-12-02T06:30"] * 3
    items = stage.call("GET", f"{path}/occurrences")["items"][:2]
    assert [(one["status"], one["reason"]) for one in items] == [
        ("skipped", "It was answered before its time."),
        ("will_ring", None),
    ]
    before = len(sleeper.rings())
    stage.pass_time(40 * 60)
    assert len(sleeper.rings()) == before
    stage.pass_time(24 * 3600)
    assert len(sleeper.rings()) > before

"""The user's zone changes around the instant of a ring: no instant passes without a trace, whoever was faster."""

from typing import Any

from smartalarm.alarms.plan import timer_id
from tests.stage import Stage
from tests.unit.ringing.queue_stage import QueueStage

RULE = {"start": "2026-12-01T06:01:00", "rrule": "FREQ=DAILY;BYHOUR=6,7,9;BYMINUTE=1"}
"""At 06:01 UTC it is 7:01 in Madrid and 6:01 in Lisbon; the next one is at 08:01 UTC in Madrid, at 07:01 UTC in Lisbon."""
ALIKE, OTHER = "Europe/Lisbon", "America/Sao_Paulo"
REASON = "The time zone changed before this one could ring."


def follow(stage: Stage, **fields: Any) -> dict[str, Any]:
    """An alarm that follows the user's zone, which is Madrid at first."""
    return stage.set_alarm(60, **{"time_zone": None, "schedule": RULE, **fields})


def overdue(seconds: float = 80, **fields: Any) -> tuple[Stage, dict[str, Any]]:
    """A stage on which nobody rings, so late after 06:00 UTC."""
    stage = Stage()
    stage.sign_up()
    alarm = follow(stage, **fields)
    stage.clock.advance(seconds)
    return stage, alarm


def move(stage: Stage, zone_name: str) -> None:
    """Travel."""
    stage.call("PATCH", "/me", {"time_zone": zone_name})


def states(stage: Stage) -> dict[str, str]:
    """What the history says, by the time of the day."""
    return {item["at"][11:16]: item["state"] for item in stage.call("GET", "/occurrences?limit=100")["items"]}


def test_an_overdue_ring_that_is_not_due_there_is_told_as_missed() -> None:
    """The new zone has nothing at its instant; the history says what became of it."""
    stage, alarm = overdue()
    move(stage, OTHER)
    stage.pass_time(5)
    known = stage.occurrence(alarm["next"]["id"])
    assert (known["state"], known["reason"]) == ("missed", REASON)
    assert stage.call("GET", f"/alarms/{alarm['id']}")["next"]["at"] == "2026-12-01T09:01:00.000Z"
    assert states(stage) == {"06:01": "missed"}


def test_an_overdue_ring_that_is_due_there_too_rings_late() -> None:
    """A journey silences nothing that is still right."""
    stage, alarm = overdue()
    move(stage, ALIKE)
    stage.pass_time(5)
    assert stage.occurrence(alarm["next"]["id"])["state"] == "ringing"
    assert states(stage) == {"06:01": "ringing"}


def test_of_several_overdue_rings_none_is_lost_and_none_is_made_up() -> None:
    """What only the new zone would have had before the journey was never due."""
    rule = {"start": "2026-12-01T06:01:00", "rrule": "FREQ=DAILY;BYHOUR=7;BYMINUTE=1,2,4", "rdates": ["2026-12-01T06:03:00"]}
    stage, _ = overdue(60 * 4 + 20, schedule=rule, ring={"timeout_minutes": 1})
    move(stage, ALIKE)
    stage.pass_time(5)
    assert states(stage) == {"06:01": "missed", "06:02": "missed", "06:04": "missed"}


def test_two_journeys_tell_it_once() -> None:
    """The second one begins before the first one is seen to."""
    stage, _ = overdue()
    move(stage, ALIKE)
    stage.clock.advance(5)
    move(stage, OTHER)
    stage.pass_time(5)
    assert states(stage) == {"06:01": "missed"}


def test_overdue_rings_of_many_alarms_are_all_told() -> None:
    """More than one commit holds."""
    stage, alarm = overdue(0)
    others = [follow(stage) for _ in range(44)]
    stage.clock.advance(80)
    move(stage, OTHER)
    assert {stage.occurrence(one["next"]["id"])["reason"] for one in [alarm, *others]} == {REASON}


def test_an_alarm_with_a_zone_of_its_own_does_not_travel() -> None:
    """Its overdue ring still rings."""
    stage, alarm = overdue(time_zone="Europe/Madrid")
    move(stage, OTHER)
    stage.pass_time(5)
    assert stage.occurrence(alarm["next"]["id"])["state"] == "ringing"


def test_the_next_ring_is_planned_by_the_new_zone_though_this_one_was_prepared_in_the_old_one() -> None:
    """Its instant is the same in both zones, so it rings; what follows it was worked out before the journey."""
    stage = QueueStage()
    alarm = follow(stage)
    stage.clock.advance(50)
    prepared = stage.start(*stage.sweep())
    stage.clock.wait_until(next(prepared))
    stage.kept.sent.clear()
    move(stage, ALIKE)
    stage.ring(*stage.kept.sent, for_seconds=0)
    for instant in prepared:
        if instant.minute > 1 or instant.second > 5:
            break
        stage.clock.wait_until(instant)
    stage.ring(stage.kept.sent[-1])
    assert stage.occurrence(alarm["next"]["id"])["state"] == "ringing"
    (standing,) = [timer for timer in stage.timers() if timer.id == timer_id(alarm["id"])]
    assert (standing.due_at.hour, standing.due_at.minute) == (7, 1)

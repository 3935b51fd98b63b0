"""An alarm is changed while one of its rings is overdue: the instant does not pass without a trace."""

from datetime import timedelta
from typing import Any

import pytest

from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A user with an alarm due in a minute, and nobody who rings: the ring step is away."""
    made = Stage()
    made.sign_up()
    return made


def overdue(stage: Stage, seconds: float = 20, **fields: Any) -> dict[str, Any]:
    """An alarm whose instant passed so many seconds ago, unnoticed."""
    alarm = stage.set_alarm(60, **fields)
    stage.clock.advance(60 + seconds)
    return alarm


def test_switching_it_off_leaves_a_missed_ring_and_says_why(stage: Stage) -> None:
    """Nobody may wonder later whether it rang."""
    alarm = overdue(stage)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    known = stage.occurrence(alarm["next"]["id"])
    assert (known["state"], known["reason"]) == ("missed", "The alarm was switched off before this one could ring.")
    assert [line["event"] for line in known["ledger"]] == ["scheduled", "missed"]
    stage.pass_time(60)
    assert stage.occurrence(alarm["next"]["id"])["state"] == "missed"


def test_moving_it_leaves_a_missed_ring_and_rings_at_the_new_time(stage: Stage) -> None:
    """The change is kept, and so is what it overtook."""
    alarm = overdue(stage)
    start = (stage.clock.now() + timedelta(minutes=1)).replace(tzinfo=None, microsecond=0)
    changed = stage.call("PATCH", f"/alarms/{alarm['id']}", {"schedule": {"start": start.isoformat()}})
    assert stage.occurrence(alarm["next"]["id"])["reason"] == "The alarm was changed before this one could ring."
    stage.pass_time(61)
    assert stage.occurrence(changed["next"]["id"])["state"] == "ringing"


def test_deleting_it_leaves_a_missed_ring(stage: Stage) -> None:
    """The history outlives the alarm."""
    alarm = overdue(stage)
    stage.call("DELETE", f"/alarms/{alarm['id']}", status=204)
    known = stage.occurrence(alarm["next"]["id"])
    assert (known["state"], known["reason"]) == ("missed", "The alarm was deleted before this one could ring.")


def test_every_overdue_ring_of_a_close_rule_is_told(stage: Stage) -> None:
    """All that lie between the first that did not ring and the change; those skipped are called skipped."""
    rule = {"start": "2026-12-01T06:01:00", "rrule": "FREQ=DAILY;BYHOUR=6;BYMINUTE=1,2,3,4,5"}
    alarm = overdue(stage, seconds=150, schedule=rule)
    skipped = f"{alarm['id']}:20261201T060200Z"
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": skipped})
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    states = {item["id"][-16:]: item["state"] for item in stage.call("GET", "/occurrences")["items"]}
    assert states == {"20261201T060100Z": "missed", "20261201T060200Z": "skipped", "20261201T060300Z": "missed"}


def test_a_change_that_leaves_its_times_alone_leaves_the_overdue_ring_to_ring_late(stage: Stage) -> None:
    """A new label silences nothing."""
    alarm = overdue(stage)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"label": "Later"})
    stage.pass_time(1)
    assert stage.occurrence(alarm["next"]["id"])["state"] == "ringing"


def test_what_was_answered_early_is_not_missed(stage: Stage) -> None:
    """A device's clock ran ahead; the answer is what happened."""
    alarm = stage.set_alarm(60)
    stage.call("POST", f"/occurrences/{alarm['next']['id']}/dismiss", {})
    stage.clock.advance(80)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    assert stage.occurrence(alarm["next"]["id"])["state"] == "dismissed"

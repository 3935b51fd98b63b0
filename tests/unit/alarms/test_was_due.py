"""What an alarm took back: noted while devices may still hold it, and no longer."""

from datetime import datetime, timedelta
from typing import Any

from smartalarm.alarms.alarm import Alarm, NewAlarm
from smartalarm.alarms.former_zones import former_zones, with_former_zone
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.was_due import MOST, TOO_MANY, was_due
from tests.fakes import START

MADRID, TOKYO = "Europe/Madrid", "Asia/Tokyo"


def alarm(start: str, rrule: str | None = "FREQ=DAILY", **fields: Any) -> Alarm:
    """An alarm that follows its user."""
    schedule = Schedule(start=datetime.fromisoformat(start), rrule=rrule)
    return NewAlarm(label="A", schedule=schedule, **fields).to_alarm("a", START)


AT_EIGHT, AT_NINE = alarm("2026-11-30T08:00:00"), alarm("2026-11-30T09:00:00")
NOTED = ["20261201T070000Z", "20261202T070000Z"]


def test_a_moved_alarm_notes_its_former_instants() -> None:
    """Those of the next two days; a label moves nothing."""
    assert was_due([], AT_EIGHT, AT_NINE, [MADRID], START) == NOTED
    assert was_due([], AT_EIGHT, AT_EIGHT.model_copy(update={"label": "B"}), [MADRID], START) == []


def test_a_deleted_or_silenced_alarm_notes_all_and_a_new_one_nothing() -> None:
    """Off is as good as gone."""
    off = AT_EIGHT.model_copy(update={"enabled": False})
    assert was_due([], AT_EIGHT, None, [MADRID], START) == was_due([], AT_EIGHT, off, [MADRID], START)
    assert was_due([], None, AT_EIGHT, [MADRID], START) == []


def test_what_is_due_again_or_past_is_noted_no_more() -> None:
    """The note stays as short as it can be."""
    assert was_due(NOTED, AT_NINE, AT_EIGHT, [MADRID], START) == [f"2026120{day}T080000Z" for day in (1, 2)]
    assert was_due(NOTED, None, None, [MADRID], START + timedelta(days=1, hours=2)) == []


def test_zones_that_were_left_lately_count_as_well() -> None:
    """A device may hold what was due there; an alarm with a zone of its own never was."""
    noted = was_due([], AT_EIGHT, None, [MADRID, TOKYO], START)
    assert "20261201T230000Z" in noted
    fixed = AT_EIGHT.model_copy(update={"time_zone": MADRID})
    assert was_due([], fixed, None, [MADRID, TOKYO], START) == was_due([], AT_EIGHT, None, [MADRID], START)


def test_more_than_anybody_takes_back_is_only_counted_as_many() -> None:
    """Until all of it is past; clients begin anew meanwhile."""
    every_minute = alarm(
        "2026-11-30T00:00:00", "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=" + ",".join(map(str, range(60)))
    )
    (noted,) = was_due([], every_minute, None, [MADRID], START)
    assert noted == f"{TOO_MANY}20261203T070000Z"
    assert was_due([noted], None, AT_EIGHT, [MADRID], START) == [noted]
    assert was_due([noted], None, None, [MADRID], START + timedelta(days=3)) == []
    assert MOST < 600


def test_a_left_zone_is_remembered_for_two_days() -> None:
    """The current one is not among them, also when somebody comes back."""
    profile: dict[str, Any] = {"time_zone": MADRID}
    moved = {"time_zone": TOKYO, "former_zones": with_former_zone(profile, START)}
    assert former_zones(moved, START) == (MADRID,)
    back = {"time_zone": MADRID, "former_zones": with_former_zone(moved, START + timedelta(hours=1))}
    assert former_zones(back, START + timedelta(hours=1)) == (TOKYO,)
    assert former_zones(back, START + timedelta(hours=51)) == ()

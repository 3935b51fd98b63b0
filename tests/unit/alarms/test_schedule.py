"""The schedule's JSON: strict on the way in, the same on the way out."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from smartalarm.alarms.rule import parse_rule
from smartalarm.alarms.schedule import Schedule

WEEKDAYS = {
    "start": "2026-12-01T07:00:00",
    "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "exdates": ["2026-12-25T07:00:00"],
    "rdates": ["2026-12-26T09:30:00"],
}


@pytest.mark.parametrize("given", [WEEKDAYS, {"start": "1970-01-01T00:00:00", "rrule": None, "exdates": [], "rdates": []}])
def test_what_goes_in_comes_out(given: dict[str, object]) -> None:
    """Strict JSON in, the same JSON out, by both ways of writing it."""
    schedule = Schedule.model_validate_json(json.dumps(given), strict=True)
    assert given == json.loads(schedule.model_dump_json())
    assert given == schedule.model_dump(mode="json")
    assert schedule == Schedule.model_validate(schedule.model_dump(mode="json"))


def test_only_start_is_required() -> None:
    """Without the rest it is a one-off."""
    expected: dict[str, object] = {"start": "2026-12-01T07:00:00", "rrule": None, "exdates": [], "rdates": []}
    assert expected == Schedule.model_validate({"start": "2026-12-01T07:00:00"}).model_dump(mode="json")


def test_a_rule_is_kept_in_upper_case_and_can_be_asked_for() -> None:
    """Order and everything else stay as given."""
    schedule = Schedule.model_validate({**WEEKDAYS, "rrule": "byday=sa;freq=weekly"})
    assert schedule.rrule == "BYDAY=SA;FREQ=WEEKLY"
    assert schedule.rule == parse_rule("BYDAY=SA;FREQ=WEEKLY")
    assert Schedule.model_validate({"start": "2026-12-01T07:00:00"}).rule is None


def test_a_schedule_cannot_be_changed_and_may_be_a_key() -> None:
    """It is a value."""
    schedule = Schedule.model_validate(WEEKDAYS)
    with pytest.raises(ValidationError, match="frozen"):
        schedule.rrule = None  # type: ignore[misc]
    assert {schedule: 1}[Schedule.model_validate(WEEKDAYS)] == 1


def test_500_dates_are_the_limit_of_each_list() -> None:
    """Exactly 500 pass, of both kinds at once."""
    dates = ["2026-12-25T07:00:00"] * 500
    schedule = Schedule.model_validate({**WEEKDAYS, "exdates": dates, "rdates": dates})
    assert len(schedule.exdates) == len(schedule.rdates) == 500
    for name in ("exdates", "rdates"):
        with pytest.raises(ValidationError, match="at most 500 items"):
            Schedule.model_validate({**WEEKDAYS, name: [*dates, "2026-12-25T07:00:00"]})


def test_an_error_tells_which_of_the_dates_is_wrong() -> None:
    """By its place in the list."""
    with pytest.raises(ValidationError) as caught:
        Schedule.model_validate({**WEEKDAYS, "exdates": ["2026-12-25T07:00:00", "2026-12-26"]})
    (found,) = caught.value.errors()
    assert found["loc"] == ("exdates", 1)
    assert found["msg"] == 'Value error, must be a local time such as "2026-12-01T07:00:00", without zone or fraction'


def test_code_may_give_datetimes_if_they_are_wall_times_in_whole_seconds() -> None:
    """The same bounds as for JSON."""
    wall = datetime.fromisoformat("2026-12-01T07:00:00")
    assert Schedule(start=wall) == Schedule.model_validate({"start": "2026-12-01T07:00:00"})
    for wrong in (wall.replace(microsecond=1), wall.replace(tzinfo=UTC), wall.replace(year=2201)):
        with pytest.raises(ValidationError):
            Schedule(start=wrong)


def test_the_json_schema_says_what_a_local_time_looks_like() -> None:
    """OpenAPI's date-time would promise an offset."""
    start = Schedule.model_json_schema()["properties"]["start"]
    assert start["type"] == "string"
    assert "format" not in start
    assert start["pattern"].startswith("^")

"""What every endpoint says to a request that is not as it should be, asked of some of them through the front door."""

import json

import pytest

from tests.stage import Stage

ALARM = {"label": "Work", "schedule": {"start": "2026-12-01T08:00:00"}}


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("body", ['{"label": "Work", "smart_wake_minutes": %s}', '{"unknown": [%s]}', "%s"])
def test_numbers_that_json_does_not_have_make_a_body_malformed(stage: Stage, body: str, text: str) -> None:
    """RFC 8259 has no NaN and no Infinity, wherever they stand."""
    assert stage.send("POST", "/alarms", raw=(body % text).encode()).status == 400


def test_a_number_beyond_all_bounds_is_well_formed_but_wrong(stage: Stage) -> None:
    """1e999 is JSON."""
    assert stage.send("POST", "/alarms", raw=b'{"label": "Work", "smart_wake_minutes": 1e999}').status == 422


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ('Application/JSON ; v=1; Charset="UTF-8"', 201),
        ("application/json; charset=utf-16", 415),
        ("application/json; v=1; charset=latin1", 415),
        ("application/json, text/plain", 415),
        ("application/jsonx", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_read_wherever_the_charset_stands(stage: Stage, content_type: str, status: int) -> None:
    """A charset after another parameter counts, too."""
    assert stage.send("POST", "/alarms", raw=json.dumps(ALARM).encode(), content_type=content_type).status == status


@pytest.mark.parametrize("text", ["%205", "5%20", "%2B5", "5.0", "1_0", "1e1", "%D9%A5", "0", "201", "-1", ""])
@pytest.mark.parametrize("path", ["/alarms", "/devices", "/occurrences"])
def test_a_limit_is_a_whole_number_in_plain_digits(stage: Stage, path: str, text: str) -> None:
    """Nothing is guessed or clamped."""
    assert stage.send("GET", f"{path}?limit={text}").status == 422
    assert stage.send("GET", f"{path}?limit=5").status == 200


def test_a_query_parameter_has_one_name(stage: Stage) -> None:
    """The name that the code uses for `from` is no second one."""
    assert stage.send("GET", "/occurrences?from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z").status == 200
    assert stage.send("GET", "/occurrences?from_at=2026-12-01T00:00:00Z").status == 422
    assert stage.send("GET", "/occurrences?to_at=2026-12-01T00:00:00Z").status == 422


@pytest.mark.parametrize("year", ["0001", "0999", "9999"])
def test_the_ends_of_the_calendar_are_instants_like_any_other(stage: Stage, year: str) -> None:
    """Looking ahead, looking back and naming an occurrence work with years that no alarm has."""
    alarm = stage.call("POST", "/alarms", ALARM, status=201)
    instant = f"{year}-12-31T23:59:59Z" if year == "9999" else f"{year}-01-01T00:00:00Z"
    expected = [] if year == "9999" else [alarm["next"]]
    assert stage.call("GET", f"/alarms/{alarm['id']}/occurrences?from={instant}")["items"] == expected
    assert len(stage.call("POST", "/alarms/preview", {"alarm": ALARM, "from": instant})["items"]) == len(expected)
    skip = {"occurrence_id": f"{alarm['id']}:{year}0101T000000Z"}
    assert stage.call("POST", f"/alarms/{alarm['id']}/skip", skip, status=422)["code"] == "invalid"
    stage.call("GET", f"/occurrences/{skip['occurrence_id']}", status=404)


def test_a_skip_is_seen_from_the_first_millennium_too(stage: Stage) -> None:
    """Years below 1000 sort before ours."""
    alarm = stage.call("POST", "/alarms", ALARM, status=201)
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    preview = stage.call("GET", f"/alarms/{alarm['id']}/occurrences?from=0999-01-01T00:00:00Z")
    assert [item["status"] for item in preview["items"]] == ["skipped"]


def test_history_begins_and_ends_exactly_where_it_is_told_to(stage: Stage) -> None:
    """Both ends are inclusive, to the millisecond, in every year."""
    alarm = stage.set_alarm(10)
    stage.pass_time(20)
    at = alarm["next"]["at"]
    for query, count in (
        (f"from={at}&to={at}", 1),
        (f"from={at.replace('.000Z', '.001Z')}", 0),
        (f"to={at.replace('.000Z', '.999Z')}", 1),
        ("from=0999-01-01T00:00:00Z", 1),
        ("to=0999-01-01T00:00:00Z", 0),
    ):
        assert (query, len(stage.call("GET", f"/occurrences?{query}")["items"])) == (query, count)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/me", None),
        ("GET", "/me/export", None),
        ("GET", "/alarms", None),
        ("POST", "/alarms", {"label": "Work", "time_zone": "UTC", "schedule": {"start": "2026-12-02T07:00:00"}}),
        ("GET", "/occurrences", None),
        ("GET", "/devices", None),
        ("PUT", "/devices/0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f", {"name": "Phone"}),
        ("POST", "/sync/ticket", {}),
    ],
)
def test_an_access_token_that_outlives_its_account_signs_nobody_in(
    stage: Stage, method: str, path: str, body: dict[str, object] | None
) -> None:
    """An empty list or a ticket would say that there is still somebody."""
    stage.call("DELETE", "/me", status=204)
    assert stage.send(method, path, body).status == 401

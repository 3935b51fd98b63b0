"""Alarms through the front door: what can be set, changed, seen and refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from smartalarm.ports import Commit, Put, Store
from tests.stage import Stage

WEEKDAYS = {"start": "2026-12-01T08:00:00", "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"}


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


def test_a_new_alarm_has_every_default_and_its_next_ring(stage: Stage) -> None:
    """Only label and schedule are needed."""
    answer = stage.send("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS})
    alarm = json.loads(answer.body)
    assert (answer.status, answer.headers["etag"]) == (201, '"1"')
    assert alarm["enabled"] is True
    assert alarm["time_zone"] is None
    assert alarm["smart_wake_minutes"] == 0
    assert alarm["snooze"] == {"minutes": 9, "limit": 3}
    assert alarm["ring"]["timeout_minutes"] == 10
    assert alarm["schedule"] == {**WEEKDAYS, "exdates": [], "rdates": []}
    assert alarm["next"]["at"] == "2026-12-01T07:00:00.000Z"
    assert alarm["next"]["local"] == "2026-12-01T08:00:00+01:00"
    assert alarm["next"]["id"] == f"{alarm['id']}:20261201T070000Z"


def test_what_was_created_is_what_get_and_list_show(stage: Stage) -> None:
    """The same JSON everywhere."""
    created = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS, "tags": ["a", "b"]}, status=201)
    assert stage.call("GET", f"/alarms/{created['id']}") == created
    assert stage.call("GET", "/alarms")["items"] == [created]


def test_a_patch_replaces_whole_top_level_fields_and_nothing_else(stage: Stage) -> None:
    """`snooze` is replaced, not merged."""
    created = stage.call(
        "POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS, "snooze": {"minutes": 5, "limit": 1}}, status=201
    )
    changed = stage.call("PATCH", f"/alarms/{created['id']}", {"snooze": {"minutes": 7}})
    assert changed["snooze"] == {"minutes": 7, "limit": 3}
    assert {**changed, "snooze": 0, "version": 0, "updated_at": 0} == {**created, "snooze": 0, "version": 0, "updated_at": 0}
    assert changed["version"] == 2


def test_a_zone_can_be_taken_back_by_null_but_a_label_cannot(stage: Stage) -> None:
    """Null is a value for `time_zone` alone."""
    created = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS, "time_zone": "Asia/Tokyo"}, status=201)
    assert stage.call("PATCH", f"/alarms/{created['id']}", {"time_zone": None})["time_zone"] is None
    refused = stage.call("PATCH", f"/alarms/{created['id']}", {"label": None}, status=422)
    assert refused["errors"][0]["pointer"] == "/label"


def test_a_stale_if_match_changes_nothing(stage: Stage) -> None:
    """409, for PATCH and DELETE."""
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"label": "New"}, if_match='"1"')
    assert (
        stage.call("PATCH", f"/alarms/{alarm['id']}", {"label": "Old"}, status=409, if_match='"1"')["code"]
        == "stale_version"
    )
    stage.call("DELETE", f"/alarms/{alarm['id']}", status=409, if_match='"1"')
    assert stage.call("GET", f"/alarms/{alarm['id']}")["label"] == "New"
    stage.call("DELETE", f"/alarms/{alarm['id']}", status=204, if_match='"2"')
    stage.call("GET", f"/alarms/{alarm['id']}", status=404)
    stage.call("DELETE", f"/alarms/{alarm['id']}", status=404)


def test_an_idempotency_key_makes_one_alarm_of_two_requests(stage: Stage) -> None:
    """The same answer; another body under the key is refused."""
    body = {"label": "Work", "schedule": WEEKDAYS}
    first = stage.call("POST", "/alarms", body, status=201, idempotency_key="k1")
    assert stage.call("POST", "/alarms", body, status=201, idempotency_key="k1") == first
    refused = stage.call("POST", "/alarms", {**body, "label": "Other"}, status=409, idempotency_key="k1")
    assert refused["code"] == "idempotency_key_reused"
    assert len(stage.call("GET", "/alarms")["items"]) == 1


def test_an_id_chosen_by_the_client_is_kept_once(stage: Stage) -> None:
    """A UUID, lower case; taken is 409, anything else 422."""
    chosen = str(uuid4())
    body = {"label": "Work", "schedule": WEEKDAYS}
    assert stage.call("POST", "/alarms", {**body, "id": chosen.upper()}, status=201)["id"] == chosen
    assert stage.call("POST", "/alarms", {**body, "id": chosen}, status=409)["code"] == "id_taken"
    assert stage.call("POST", "/alarms", {**body, "id": "mine"}, status=422)["errors"][0]["pointer"] == "/id"


def test_somebody_elses_alarm_does_not_exist(stage: Stage) -> None:
    """404 for every call, as for an id that nobody has."""
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    stage.sign_up("bob@example.org")
    path, named = f"/alarms/{alarm['id']}", {"occurrence_id": alarm["next"]["id"]}
    theirs = [
        stage.send("GET", path),
        stage.send("PATCH", path, {"label": "Mine"}),
        stage.send("DELETE", path),
        stage.send("GET", f"{path}/occurrences"),
        stage.send("POST", f"{path}/skip", named),
        stage.send("POST", f"{path}/unskip", named),
        stage.send("GET", f"/occurrences/{alarm['next']['id']}"),
        stage.send("POST", f"/occurrences/{alarm['next']['id']}/dismiss"),
    ]
    assert {answer.status for answer in theirs} == {404}
    nobodys = stage.send("GET", f"/alarms/{uuid4()}")
    assert nobodys.body == theirs[0].body


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"label": ""}, "/label"),
        ({"label": "x" * 201}, "/label"),
        ({"label": "a\u0000b"}, "/label"),
        ({"label": 7}, "/label"),
        ({"enabled": "yes"}, "/enabled"),
        ({"colour": "red"}, "/colour"),
        ({"version": 1}, "/version"),
        ({"next": None}, "/next"),
        ({"created_at": "2026-01-01T00:00:00Z"}, "/created_at"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"instructions": "x" * 4001}, "/instructions"),
        ({"tags": ["x"] * 21}, "/tags"),
        ({"tags": ["x" * 51]}, "/tags/0"),
        ({"smart_wake_minutes": -1}, "/smart_wake_minutes"),
        ({"snooze": {"minutes": 0}}, "/snooze/minutes"),
        ({"snooze": {"minutes": 5, "count": 3}}, "/snooze/count"),
        ({"ring": {"timeout_minutes": 1.5}}, "/ring/timeout_minutes"),
        ({"schedule": None}, "/schedule"),
        ({"schedule": {"start": "2026-12-01T07:00:00Z"}}, "/schedule/start"),
        ({"schedule": {"start": "tomorrow"}}, "/schedule/start"),
        ({"schedule": {**WEEKDAYS, "rrule": "FREQ=SECONDLY"}}, "/schedule/rrule"),
        ({"schedule": {**WEEKDAYS, "rrule": "FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z"}}, "/schedule/rrule"),
        ({"schedule": {**WEEKDAYS, "rrule": "FREQ=DAILY;INTERVAL=1000"}}, "/schedule/rrule"),
        ({"schedule": {**WEEKDAYS, "exdates": ["2026-12-01T07:00:00"] * 501}}, "/schedule/exdates"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(stage: Stage, fields: dict[str, Any], pointer: str) -> None:
    """422 with the pointer of the field, for POST and PATCH alike."""
    refused = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS, **fields}, status=422)
    assert pointer in [error["pointer"] for error in refused["errors"]]
    assert stage.call("GET", "/alarms")["items"] == []
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    refused = stage.call("PATCH", f"/alarms/{alarm['id']}", fields, status=422)
    assert pointer in [error["pointer"] for error in refused["errors"]]
    assert stage.call("GET", f"/alarms/{alarm['id']}") == alarm


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 415),
        (b"{", 400),
        (b'{"label": "\xff"}', 400),
        (b'{"label": "\\ud800"}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"NaN", 400),
        (b" " * (256 * 1024 + 1), 413),
        (b"[" * 100_000, 400),
    ],
)
def test_what_is_no_json_object_is_refused_with_the_right_status(stage: Stage, raw: bytes, status: int) -> None:
    """Malformed, too large, or simply not an object."""
    headers = {"content_type": "application/json"} if raw else {"content_type": ""}
    assert stage.send("POST", "/alarms", raw=raw, **headers).status == status


def test_lists_go_on_where_the_page_before_ended(stage: Stage) -> None:
    """Every alarm once, and wrong cursors and limits are named, never clamped."""
    made = {stage.call("POST", "/alarms", {"label": str(n), "schedule": WEEKDAYS}, status=201)["id"] for n in range(5)}
    seen, after = [], ""
    for _ in range(5):
        page = stage.call("GET", f"/alarms?limit=2{after}")
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(made)
    for query in ("limit=0", "limit=201", "limit=x", "after=%00", "after=bm9wZQ", "limit=1&limit=2"):
        assert stage.send("GET", f"/alarms?{query}").status == 422


def test_five_hundred_alarms_are_the_most(stage: Stage) -> None:
    """The next one is refused with words."""
    for number in range(500):
        stage.call("POST", "/alarms", {"label": str(number), "schedule": WEEKDAYS}, status=201)
    assert (
        stage.call("POST", "/alarms", {"label": "one more", "schedule": WEEKDAYS}, status=409)["code"] == "too_many_alarms"
    )


def test_a_thousand_skipped_dates_are_the_most(stage: Stage) -> None:
    """Every ring reads them; taking one back stays possible."""
    schedule = {"start": "2026-12-02T00:00:00", "rrule": "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16"}
    alarm = stage.call("POST", "/alarms", {"label": "Work", "time_zone": "UTC", "schedule": schedule}, status=201)
    first = datetime(2026, 12, 2, tzinfo=UTC)
    ids = [f"{alarm['id']}:{first + timedelta(days=n // 17, hours=n % 17):%Y%m%dT%H%M%SZ}" for n in range(1001)]
    user, now = stage.call("GET", "/me")["id"], stage.clock.now()
    store = stage.injector.get(Store)
    for start in range(0, 1000, 20):
        puts = (
            Put("skip", skipped, {"skipped": True, "wall": "2026-12-02T00:00:00"}) for skipped in ids[start : start + 20]
        )
        store.commit(Commit(user, now, writes=tuple(puts)))
    refused = stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": ids[1000]}, status=409)
    assert refused["code"] == "too_many_skips"
    stage.call("POST", f"/alarms/{alarm['id']}/unskip", {"occurrence_id": ids[0]})


def test_a_preview_shows_skipped_ones_with_the_reason(stage: Stage) -> None:
    """Status and reason as the contract says."""
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    items = stage.call("GET", f"/alarms/{alarm['id']}/occurrences?count=3")["items"]
    assert [(item["status"], item["reason"]) for item in items] == [
        ("skipped", "You skipped this one."),
        ("will_ring", None),
        ("will_ring", None),
    ]
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    off = stage.call("GET", f"/alarms/{alarm['id']}/occurrences?count=1")["items"][0]
    assert (off["status"], off["reason"]) == ("skipped", "The alarm is off.")


def test_an_unsaved_alarm_can_be_previewed_without_a_trace(stage: Stage) -> None:
    """The same answer as for a saved one; nothing is stored."""
    user = stage.sign_up("bob@example.org")
    seq = stage.injector.get(Store).seq(user)
    body = {"alarm": {"label": "Work", "schedule": WEEKDAYS, "time_zone": "UTC"}, "from": "2026-12-01T00:00:00Z", "count": 2}
    items = stage.call("POST", "/alarms/preview", body)["items"]
    assert [item["at"] for item in items] == ["2026-12-01T08:00:00.000Z", "2026-12-02T08:00:00.000Z"]
    assert stage.injector.get(Store).seq(user) == seq
    for wrong in ({**body, "count": 101}, {**body, "count": 0}, {**body, "from": "soon"}, {**body, "more": 1}):
        stage.call("POST", "/alarms/preview", wrong, status=422)


def test_only_a_coming_occurrence_of_this_alarm_can_be_skipped(stage: Stage) -> None:
    """Anything else names the field."""
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    for wrong in ("x", f"{uuid4()}:20261202T060000Z", f"{alarm['id']}:20261201T070001Z"):
        refused = stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": wrong}, status=422)
        assert refused["errors"][0]["pointer"] == "/occurrence_id"


def test_a_coming_occurrence_can_be_looked_at_before_it_rings(stage: Stage) -> None:
    """pending, with a ledger that begins; answering it long before is refused with a hint."""
    alarm = stage.call("POST", "/alarms", {"label": "Work", "schedule": WEEKDAYS}, status=201)
    occurrence = stage.occurrence(alarm["next"]["id"])
    assert (occurrence["state"], [line["event"] for line in occurrence["ledger"]]) == ("pending", ["scheduled"])
    refused = stage.call("POST", f"/occurrences/{alarm['next']['id']}/dismiss", status=409)
    assert refused["code"] == "not_ringing"


def test_history_filters_by_alarm_state_and_time(stage: Stage) -> None:
    """Newest first."""
    first, second = stage.set_alarm(20), stage.set_alarm(40)
    stage.pass_time(60)
    stage.call("POST", f"/occurrences/{first['next']['id']}/dismiss")
    ids = [item["id"] for item in stage.call("GET", "/occurrences")["items"]]
    assert ids == [second["next"]["id"], first["next"]["id"]]
    one = stage.call("GET", f"/occurrences?alarm_id={first['id']}")["items"]
    assert [item["state"] for item in one] == ["dismissed"]
    assert [item["id"] for item in stage.call("GET", "/occurrences?state=ringing")["items"]] == [second["next"]["id"]]
    early = stage.call("GET", f"/occurrences?to={first['next']['at']}")["items"]
    assert [item["id"] for item in early] == [first["next"]["id"]]
    late = stage.call("GET", f"/occurrences?from={second['next']['at']}")["items"]
    assert [item["id"] for item in late] == [second["next"]["id"]]
    for query in ("state=asleep", "alarm_id=x", "from=yesterday"):
        assert stage.send("GET", f"/occurrences?{query}").status == 422

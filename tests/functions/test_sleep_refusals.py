"""What a recording refuses: clear words at the right field, and nothing stored."""

from typing import Any

import pytest

from smartalarm.adapters.poking_store import SYNCED
from smartalarm.ports import Cursor, Store
from smartalarm.sleep.recorded import FEEDBACK, RECORDING, SUMMARY
from tests.functions.recording import begin, finish, night_of, send, session_id, show, sleeper, whole_night
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """Somebody who agreed to be recorded."""
    return sleeper()


def seq(stage: Stage) -> int:
    """How many commits their data have seen."""
    user = stage.call("GET", "/me")["id"]
    assert isinstance(user, str)
    return stage.injector.get(Store).seq(user)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"start": "2026-12-01T06:02:01Z"}, "/start"),
        ({"start": "2026-09-02T06:00:00Z"}, "/start"),
        ({"start": "2026-12-01T05:00:00"}, "/start"),
        ({"start": None}, "/start"),
        ({"epoch_seconds": 60}, "/epoch_seconds"),
        ({"source": "ring"}, "/source"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"device_id": "phone"}, "/device_id"),
        ({"device_id": session_id(7)}, "/device_id"),
        ({"state": "finished"}, "/state"),
    ],
)
def test_a_wrong_session_is_named(stage: Stage, fields: dict[str, Any], pointer: str) -> None:
    """Also one that is still to come, older than anything that is kept, or of a device that is none of theirs."""
    before = seq(stage)
    refused = begin(stage, status=422, **fields)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert seq(stage) == before
    show(stage, status=404)


@pytest.mark.parametrize(
    ("batch", "pointer"),
    [
        ({"first": 0, "counts": [1.0] * 3000}, "/counts"),
        ({"first": 0, "counts": [1.0] * 2881}, "/counts"),
        ({"first": 2879, "counts": [1.0, 1.0]}, "/counts"),
        ({"first": 2880, "counts": [1.0]}, "/first"),
        ({"first": -1, "counts": [1.0]}, "/first"),
        ({"first": 0.5, "counts": [1.0]}, "/first"),
        ({"first": 0, "counts": [1.0, -0.01]}, "/counts/1"),
        ({"first": 0, "counts": [100_000.01]}, "/counts/0"),
        ({"first": 0, "counts": ["1"]}, "/counts/0"),
        ({"first": 0, "counts": [True]}, "/counts/0"),
        ({"first": 0, "counts": []}, "/counts"),
        ({"first": 0, "counts": [1.0], "heart_rate": [700]}, "/heart_rate/0"),
        ({"first": 0, "counts": [1.0], "heart_rate": [24.9]}, "/heart_rate/0"),
        ({"first": 0, "counts": [1.0, 2.0], "heart_rate": [60]}, "/heart_rate"),
        ({"first": 0, "counts": [1.0], "heart_rate": [60, 60]}, "/heart_rate"),
        ({"first": 0, "heart_rate": [60], "stages": ["wake"], "source": "apple_health"}, "/heart_rate"),
        ({"first": 0}, "/stages"),
        ({"first": 0, "counts": [1.0], "stages": ["wake"], "source": "apple_health"}, "/stages"),
        ({"first": 0, "stages": ["asleep"], "source": "apple_health"}, "/stages/0"),
        ({"first": 2000, "stages": ["wake"] * 881, "source": "apple_health"}, "/stages"),
        ({"first": 0, "stages": ["wake"]}, "/source"),
        ({"first": 0, "counts": [1.0], "source": "apple_health"}, "/source"),
        ({"first": 0, "stages": ["wake"], "source": "Apple Health"}, "/source"),
        ({"first": 0, "counts": [1.0], "more": 1}, "/more"),
    ],
)
def test_a_wrong_batch_is_named_and_nothing_is_stored(stage: Stage, batch: dict[str, Any], pointer: str) -> None:
    """25 hours, negative counts, a heart rate of 700, wrong lengths, both kinds at once."""
    begin(stage, 25)
    before = seq(stage)
    refused = send(stage, batch, status=422)
    assert pointer in [error["pointer"] for error in refused["errors"]]
    assert seq(stage) == before
    assert show(stage)["received_epochs"] == 0


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_no_json(stage: Stage, number: bytes) -> None:
    """JSON has no such words."""
    begin(stage)
    path = f"/sleep/sessions/{session_id()}/epochs"
    assert stage.send("POST", path, raw=b'{"first": 0, "counts": [' + number + b"]}").status == 400
    assert show(stage)["received_epochs"] == 0


def test_epochs_cannot_have_been_before_they_ended(stage: Stage) -> None:
    """Two minutes are left for clocks that differ."""
    begin(stage, 1)
    assert send(stage, night_of(124))["last_epoch"] == 123
    refused = send(stage, night_of(1, 124), status=422)
    assert [error["pointer"] for error in refused["errors"]] == ["/counts"]
    assert show(stage)["last_epoch"] == 123
    begin(stage, 5, 2)
    stages = {"first": 0, "stages": ["light"] * 2000, "source": "apple_health"}
    assert [error["pointer"] for error in send(stage, stages, 2, status=422)["errors"]] == ["/stages"]


def test_nights_never_overlap(stage: Stage) -> None:
    """The refusal names the other one, and nothing of the second is stored."""
    whole_night(stage, 30)  # until 22 hours ago
    before = seq(stage)
    for hours_ago in (30, 29, 22.01, 30.005):
        refused = begin(stage, hours_ago, 2, status=409)
        assert refused["code"] == "overlapping_session"
        assert session_id(1) in refused["detail"]
        assert "2026-11-30T00:00:00.000Z" in refused["detail"]
        show(stage, 2, status=404)
    assert seq(stage) == before
    begin(stage, 22, 2)
    begin(stage, 31, 3)
    send(stage, night_of(120), 3)
    before = seq(stage)
    refused = send(stage, night_of(1, 120), 3, status=409)
    assert (refused["code"], session_id(1) in refused["detail"]) == ("overlapping_session", True)
    assert send(stage, night_of(1, 960), 1, status=409)["code"] == "overlapping_session"
    assert seq(stage) == before
    assert show(stage, 3)["last_epoch"] == 119


def test_a_deleted_night_makes_room(stage: Stage) -> None:
    """For the one before it, too."""
    whole_night(stage, 20)
    begin(stage, 21, 2)
    send(stage, night_of(121), 2, status=409)
    stage.call("DELETE", f"/sleep/sessions/{session_id(1)}", status=204)
    assert send(stage, night_of(400), 2)["last_epoch"] == 399
    begin(stage, 12, 3)


def test_two_devices_cannot_record_one_night(stage: Stage) -> None:
    """The first goes on; when it has been silent for three hours, another may begin where it ended."""
    begin(stage, 5)
    send(stage, night_of(300))  # until two and a half hours ago
    refused = begin(stage, 0, 2, status=409)
    assert (refused["code"], "is still being recorded" in refused["detail"]) == ("overlapping_session", True)
    stage.clock.advance(1800)
    assert begin(stage, 2, 2)["state"] == "recording"
    send(stage, night_of(60, 300), 1)
    assert send(stage, night_of(200, 300), 1, status=409)["code"] == "overlapping_session"


def test_a_finished_night_blocks_only_its_own_time(stage: Stage) -> None:
    """Whoever gets up at night and lies down again records another one."""
    begin(stage, 5)
    send(stage, night_of(590))
    assert begin(stage, 0, 2, status=409)["code"] == "overlapping_session"
    finish(stage)
    assert begin(stage, 0, 2)["state"] == "recording"


def test_there_is_a_limit_of_nights(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reached by mistake rather than by sleep."""
    monkeypatch.setattr("smartalarm.sleep.beginning.FEWEST_SESSIONS", 3)
    monkeypatch.setattr("smartalarm.sleep.beginning.SESSIONS_A_DAY", 0)
    for number in range(3):
        whole_night(stage, 10 * (number + 1), number, length=20)
    assert begin(stage, 1, 3, status=409)["code"] == "too_many_sessions"
    stage.call("DELETE", f"/sleep/sessions/{session_id(0)}", status=204)
    begin(stage, 1, 3)


def test_there_is_a_limit_of_batches(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night has no more epochs than a day; what changes nothing is not counted."""
    monkeypatch.setattr("smartalarm.sleep.recorder.MAX_BATCHES", 2)
    begin(stage)
    for first in (0, 0, 1, 1):
        send(stage, night_of(1, first))
    assert send(stage, night_of(1, 2), status=409)["code"] == "too_many_batches"


def test_nothing_of_a_night_is_synced_or_told_to_sockets(stage: Stage) -> None:
    """Devices have no copy of it; a pull goes past it."""
    assert not SYNCED & {RECORDING, SUMMARY, FEEDBACK}
    cursor = stage.call("GET", "/sync/pull")["cursor"]
    whole_night(stage)
    pulled = stage.call("GET", f"/sync/pull?cursor={cursor}")
    assert (pulled["changes"], pulled["more"]) == ([], False)
    user = stage.call("GET", "/me")["id"]
    kinds = {document.kind for document in stage.injector.get(Store).changes(user, Cursor(), 100).items}
    assert {RECORDING, SUMMARY} <= kinds

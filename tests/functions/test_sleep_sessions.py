"""Recorded nights through the front door: they begin, epochs come as they may, they end, they are shown and erased."""

import gzip
import json
from collections.abc import Sequence
from datetime import datetime

import pytest

from smartalarm.ringing.smart_wake import RunningSession, SmartWake
from smartalarm.sleep.analysis import Analysis
from tests.functions.recording import (
    agree,
    begin,
    finish,
    listed,
    night_of,
    send,
    session_id,
    show,
    sleeper,
    whole_night,
)
from tests.stage import Stage


class FailingWake:
    """Hears of epochs, and breaks."""

    def __init__(self) -> None:
        self.heard: list[tuple[int | None, Sequence[float | None], datetime]] = []

    def consider(self, user: str, session: RunningSession, now: datetime) -> None:  # noqa: ARG002  the same call
        """Raise what nobody foresaw."""
        self.heard.append((session.last_epoch, session.readings()[0], now))
        raise RuntimeError("no model")


@pytest.fixture
def stage() -> Stage:
    """Somebody who agreed to be recorded."""
    return sleeper()


def test_a_night_is_recorded_finished_and_shown(stage: Stage) -> None:
    """With its figures, its epochs and, when asked for, its signal as it was sent."""
    begun = begin(stage)
    assert (begun["state"], begun["received_epochs"], begun["last_epoch"], begun["epochs"]) == ("recording", 0, None, None)
    batch = night_of(960)
    assert send(stage, batch) == {"received_epochs": 960, "last_epoch": 959, "smart_wake": None}
    analysis = finish(stage)
    Analysis.model_validate(analysis)
    assert len(analysis["epochs"]) == 960
    shown = show(stage, query="?signal=true")
    assert (shown["state"], shown["analysis_source"]) == ("finished", "model")
    assert (shown["model"], shown["version"]) == (analysis["model"], analysis["version"])
    assert (shown["metrics"], shown["quality"]) == (analysis["metrics"], analysis["quality"])
    assert (shown["start"], shown["end"]) == ("2026-11-30T22:00:00.000Z", "2026-12-01T06:00:00.000Z")
    assert [one["stage"] for one in shown["epochs"]] == [one["stage"] for one in analysis["epochs"]]
    confidences = [
        (one["confidence"], other["confidence"]) for one, other in zip(shown["epochs"], analysis["epochs"], strict=True)
    ]
    assert all(kept == pytest.approx(told, abs=0.005) for kept, told in confidences)
    assert (shown["counts"], shown["heart_rate"]) == (batch["counts"], batch["heart_rate"])
    assert (show(stage)["counts"], show(stage)["heart_rate"]) == (None, None)


def test_epochs_come_in_any_order_more_than_once_and_packed(stage: Stage) -> None:
    """The night is the same as if they had come at once; what is there stays, and what was missing is filled in."""
    begin(stage)
    last, first = night_of(100, 200), night_of(100)
    assert send(stage, last) == {"received_epochs": 100, "last_epoch": 299, "smart_wake": None}
    assert send(stage, first)["received_epochs"] == 200
    assert send(stage, first) == {"received_epochs": 200, "last_epoch": 299, "smart_wake": None}
    path = f"/sleep/sessions/{session_id()}/epochs"
    packed = gzip.compress(json.dumps(night_of(100, 100)).encode())
    answer = stage.send("POST", path, raw=packed, content_encoding="gzip")
    assert (answer.status, json.loads(answer.body)["received_epochs"]) == (200, 300)
    send(stage, {"first": 0, "counts": [9999] * 5, "heart_rate": [200] * 5})
    send(stage, {"first": 299, "counts": [night_of(300)["counts"][-1], None]})
    send(stage, {"first": 300, "counts": [7.5]})
    shown = show(stage, query="?signal=true")
    assert shown["counts"] == [*night_of(300)["counts"], 7.5]
    assert shown["heart_rate"] == [*night_of(300)["heart_rate"], None]
    assert shown["received_epochs"] == 301


def test_a_gap_is_told_from_an_epoch_without_a_reading(stage: Stage) -> None:
    """Both are null in the signal, but only one was received."""
    begin(stage)
    send(stage, {"first": 0, "counts": [1, None, 3]})
    assert send(stage, {"first": 5, "counts": [4]}) == {"received_epochs": 4, "last_epoch": 5, "smart_wake": None}
    assert show(stage, query="?signal=true")["counts"] == [1, None, 3, None, None, 4]


def test_to_begin_again_changes_nothing_but_zone_and_device(stage: Stage) -> None:
    """The same body gives the same answer; another start or source is refused."""
    begun = begin(stage)
    send(stage, night_of(30))
    assert begin(stage) == show(stage)
    assert (show(stage)["start"], show(stage)["revision"]) == (begun["start"], 2)
    phone = stage.add_phone()
    corrected = begin(stage, time_zone="Asia/Tokyo", device_id=phone)
    assert (corrected["time_zone"], corrected["device_id"], corrected["received_epochs"]) == ("Asia/Tokyo", phone, 30)
    assert stage.call("GET", "/sleep/sessions")["items"][0]["time_zone"] == "Asia/Tokyo"
    assert begin(stage, hours_ago=7, status=409)["code"] == "session_exists"
    assert begin(stage, source="mattress", status=409)["code"] == "session_exists"


def test_a_start_is_cut_to_the_second(stage: Stage) -> None:
    """So that the same body with its fraction is still the same."""
    begun = begin(stage, start="2026-11-30T23:00:00.750+01:00")
    assert begun["start"] == "2026-11-30T22:00:00.000Z"
    assert begin(stage, start="2026-11-30T23:00:00.750+01:00") == begun


def test_late_epochs_open_a_finished_night_until_it_is_finished_again(stage: Stage) -> None:
    """A phone may have been offline; to finish twice is to finish once."""
    begin(stage)
    send(stage, night_of(480))
    early = finish(stage)
    assert finish(stage) == early
    seq = stage.call("GET", "/me/export")["documents"]["sleep_session"][0]["version"]
    finish(stage)
    assert stage.call("GET", "/me/export")["documents"]["sleep_session"][0]["version"] == seq
    send(stage, night_of(480, 480))
    shown = show(stage)
    assert (shown["state"], shown["received_epochs"], shown["epochs"]) == ("recording", 960, None)
    assert len(finish(stage)["epochs"]) == 960
    assert show(stage)["state"] == "finished"
    send(stage, night_of(480, 480))
    assert show(stage)["state"] == "finished"  # nothing new came


@pytest.mark.parametrize("length", [0, 1, 19])
def test_less_than_ten_minutes_end_without_figures(stage: Stage, length: int) -> None:
    """It says so, and no model is asked."""
    begin(stage)
    if length:
        send(stage, night_of(length))
    analysis = finish(stage)
    assert (analysis["metrics"], analysis["quality"]["note"]) == (None, "too_little_signal")
    shown = show(stage)
    assert (shown["state"], shown["model"], len(shown["epochs"])) == ("finished", None, length)


def test_a_device_may_bring_its_own_stages(stage: Stage) -> None:
    """They are not analysed again; the figures follow from them."""
    begin(stage)
    stages = ["wake"] * 20 + ["light", "deep", "rem", None] * 10 + ["light"] * 900
    assert send(stage, {"first": 0, "stages": stages, "source": "apple_health"})["received_epochs"] == 960
    analysis = finish(stage)
    assert (analysis["model"], analysis["metrics"]["stage_minutes"]["deep"]) == ("apple_health", 5.0)
    shown = show(stage)
    assert (shown["analysis_source"], shown["stages_source"], shown["model"]) == ("vendor", "apple_health", None)
    assert [one["stage"] for one in shown["epochs"]] == stages
    assert {one["confidence"] for one in shown["epochs"]} == {None}
    assert send(stage, night_of(10), status=409)["code"] == "mixed_session"
    other = {"first": 0, "stages": ["wake"], "source": "other_watch"}
    assert send(stage, other, status=409)["code"] == "mixed_session"


def test_counts_and_a_devices_stages_never_mix(stage: Stage) -> None:
    """Whichever came first."""
    begin(stage)
    send(stage, night_of(10))
    refused = send(stage, {"first": 10, "stages": ["wake"], "source": "apple_health"}, status=409)
    assert refused["code"] == "mixed_session"
    assert show(stage)["stages_source"] is None


def test_lists_are_by_start_the_newest_first_and_paged(stage: Stage) -> None:
    """Between two instants, without epochs, with what came so far of one that goes on."""
    for number, hours_ago in [(1, 60), (2, 36), (3, 12)]:
        whole_night(stage, hours_ago, number, length=60)
    begin(stage, 1, 4)
    send(stage, night_of(7), 4)
    assert listed(stage) == [session_id(number) for number in (4, 3, 2, 1)]
    items = stage.call("GET", "/sleep/sessions")["items"]
    assert "epochs" not in items[0]
    assert (items[0]["received_epochs"], items[0]["state"], items[1]["state"]) == (7, "recording", "finished")
    page = stage.call("GET", "/sleep/sessions?limit=3")
    assert listed(stage, f"?limit=3&after={page['next']}") == [session_id(1)]
    bounds = "?from=2026-11-29T18:00:00Z&to=2026-11-30T18:00:00Z"
    assert listed(stage, bounds) == [session_id(3), session_id(2)]
    assert listed(stage, "?from=2026-11-29T18:00:01Z") == [session_id(4), session_id(3)]


def test_a_night_that_nobody_records_any_more_says_so_until_it_is_finished(stage: Stage) -> None:
    """Three hours after its last epoch: whoever sees it then may finish it."""
    begin(stage, 8)
    send(stage, night_of(600))  # until three hours ago
    stage.clock.advance(-1)
    assert [show(stage)["abandoned"], stage.call("GET", "/sleep/sessions")["items"][0]["abandoned"]] == [False, False]
    stage.clock.advance(1)
    assert [show(stage)["abandoned"], stage.call("GET", "/sleep/sessions")["items"][0]["abandoned"]] == [True, True]
    finish(stage)
    item = stage.call("GET", "/sleep/sessions")["items"][0]
    assert (item["state"], item["abandoned"], item["metrics"]["time_in_bed_minutes"]) == ("finished", False, 300.0)


def test_changes_are_counted_and_a_stale_one_is_refused(stage: Stage) -> None:
    """The ETag is the revision, as everywhere."""
    path = f"/sleep/sessions/{session_id()}"
    begin(stage)
    send(stage, night_of(10))
    answer = stage.send("GET", path)
    assert (answer.headers["etag"], json.loads(answer.body)["revision"]) == ('"2"', 2)
    body = {"start": "2026-11-30T22:00:00Z", "source": "wrist", "time_zone": "Asia/Tokyo"}
    assert stage.call("PUT", path, body, status=409, if_match='"1"')["code"] == "stale_version"
    assert stage.send("PUT", path, body, if_match='"2"').headers["etag"] == '"3"'
    assert stage.call("DELETE", path, status=409, if_match='"2"')["code"] == "stale_version"
    stage.call("DELETE", path, status=204, if_match='"3"')


def test_others_nights_are_not_found(stage: Stage) -> None:
    """By no call."""
    whole_night(stage)
    stage.sign_up("eve@example.org")
    agree(stage)
    show(stage, status=404)
    send(stage, night_of(1), status=404)
    finish(stage, status=404)
    stage.call("DELETE", f"/sleep/sessions/{session_id()}", status=404)
    assert listed(stage) == []
    assert stage.call("GET", "/sleep/export")["items"] == []
    begin(stage)  # the same id is theirs, too


def test_smart_wake_hears_of_counts_and_its_failure_loses_nothing() -> None:
    """The epochs are stored before, and the answer says nothing of the alarm."""
    waking = FailingWake()
    stage = sleeper({SmartWake: lambda: waking})
    begin(stage)
    assert send(stage, {"first": 0, "counts": [1, 2]})["smart_wake"] is None
    assert waking.heard == [(1, (1, 2), stage.clock.now())]
    assert show(stage)["received_epochs"] == 2
    assert stage.telemetry.problems == ["smart_wake_failed"]
    begin(stage, 20, 2)
    send(stage, {"first": 0, "stages": ["wake"], "source": "apple_health"}, 2)
    assert len(waking.heard) == 1

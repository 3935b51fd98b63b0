"""POST /sleep/analyze through the front door: what it makes of a night, and what it refuses."""

import gzip
import json
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.adapters.onnx import OnnxStager
from smartalarm.errors import Unavailable
from tests.stage import Stage

ANALYZE = "/sleep/analyze"
AWAKE, REM, LIGHT, DEEP = 500, 50, 5, 0
"""Counts that the stager in memory knows stages by."""
NIGHT = [AWAKE] * 40 + [LIGHT] * 300 + [DEEP] * 200 + [AWAKE] * 20 + [REM] * 200 + [LIGHT] * 200


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user."""
    made = Stage()
    made.sign_up()
    return made


def recording(counts: Any = NIGHT, **fields: Any) -> dict[str, Any]:
    """A body, with a pulse unless another is given."""
    beats = [60.0] * len(counts or ())
    start = {"start": "2026-11-30T22:00:00Z", "epoch_seconds": 30, "mode": "night", "source": "wrist"}
    return {**start, "counts": counts, "heart_rate": beats, "time_zone": "Europe/Madrid", **fields}


def test_a_night_comes_back_as_stages_figures_and_how_far_to_trust_them(stage: Stage) -> None:
    """One epoch for each count, in order."""
    told = stage.call("POST", ANALYZE, recording())
    assert (told["model"], told["version"]) == ("memory-night", "1")
    assert [epoch["stage"] for epoch in told["epochs"]] == (
        ["wake"] * 40 + ["light"] * 300 + ["deep"] * 200 + ["wake"] * 20 + ["rem"] * 200 + ["light"] * 200
    )
    for epoch in told["epochs"]:
        assert epoch["confidence"] == epoch["p"][epoch["stage"]] == max(epoch["p"].values())
        assert sum(epoch["p"].values()) == pytest.approx(1)
    metrics = told["metrics"]
    assert metrics["time_in_bed_minutes"] == 480
    assert metrics["sleep_onset_latency_minutes"] == 20
    assert metrics["total_sleep_time_minutes"] == 450
    assert metrics["waso_minutes"] == 10
    assert metrics["sleep_efficiency"] == 0.9375
    assert metrics["stage_minutes"] == {"wake": 30, "light": 250, "deep": 100, "rem": 100}
    assert metrics["rem_latency_minutes"] == 260
    assert metrics["awakenings"] == 1
    quality = told["quality"]
    assert (quality["source"], quality["signal_share"], quality["heart_rate_share"], quality["note"]) == (
        "wrist",
        1,
        1,
        None,
    )
    assert set(quality["uncertainty"]) == {"total_sleep_time_minutes", "waso_minutes", "deep_minutes", "rem_minutes"}
    assert all(each["low"] <= each["bias"] <= each["high"] for each in quality["uncertainty"].values())


def test_a_recording_may_come_packed(stage: Stage) -> None:
    """Half a day of counts is a few bytes then."""
    packed = gzip.compress(json.dumps(recording()).encode())
    answer = stage.send("POST", ANALYZE, raw=packed, content_encoding="gzip")
    assert (answer.status, json.loads(answer.body)) == (200, stage.call("POST", ANALYZE, recording()))


def test_nothing_is_stored_and_nobody_is_asked_to_agree(stage: Stage) -> None:
    """The user's seq stays, consent or not, and the export knows of nothing."""
    before = stage.call("GET", "/me/export")
    seq = stage.injector.get(ports.Store).seq(before["user"]["id"])
    assert before["user"]["settings"]["sleep_consent"] is False
    stage.call("POST", ANALYZE, recording())
    assert stage.injector.get(ports.Store).seq(before["user"]["id"]) == seq
    after = stage.call("GET", "/me/export")
    assert {**after, "exported_at": ""} == {**before, "exported_at": ""}


@pytest.mark.parametrize("count", [20, 2880])
def test_ten_minutes_are_enough_and_a_day_is_not_too_much(stage: Stage, count: int) -> None:
    """Both ends are inclusive."""
    assert len(stage.call("POST", ANALYZE, recording([LIGHT] * count))["epochs"]) == count


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"counts": [0] * 19, "heart_rate": None}, ["/counts"]),
        ({"counts": [0] * 3000, "heart_rate": None}, ["/counts"]),
        ({"counts": [], "heart_rate": []}, ["/counts", "/heart_rate"]),
        ({"counts": None, "heart_rate": None}, ["/counts"]),
        ({"counts": [*NIGHT[1:], -1]}, ["/counts/959"]),
        ({"counts": [*NIGHT[1:], 100_001]}, ["/counts/959"]),
        ({"counts": [True, *NIGHT[1:]]}, ["/counts/0"]),
        ({"counts": ["5", *NIGHT[1:]]}, ["/counts/0"]),
        ({"heart_rate": [700.0, *[60] * 959]}, ["/heart_rate/0"]),
        ({"heart_rate": [24.9, *[60] * 958, 250.1]}, ["/heart_rate/0", "/heart_rate/959"]),
        ({"heart_rate": [60.0] * 959}, ["/heart_rate"]),
        ({"heart_rate": [60.0] * 961}, ["/heart_rate"]),
        ({"epoch_seconds": 15}, ["/epoch_seconds"]),
        ({"epoch_seconds": "30"}, ["/epoch_seconds"]),
        ({"mode": "day"}, ["/mode"]),
        ({"source": "ring"}, ["/source"]),
        ({"time_zone": "Mars/Olympus"}, ["/time_zone"]),
        ({"start": "yesterday"}, ["/start"]),
        ({"start": "2026-11-30T22:00:00"}, ["/start"]),
        ({"colour": "red"}, ["/colour"]),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_named_by_its_pointer(stage: Stage, fields: dict[str, Any], pointers: list[str]) -> None:
    """Every field of it, and no value is repeated."""
    told = stage.call("POST", ANALYZE, recording(**fields), status=422)
    assert [error["pointer"] for error in told["errors"]] == pointers


@pytest.mark.parametrize("name", ["start", "epoch_seconds", "counts", "mode", "source"])
def test_what_has_no_default_must_be_there(stage: Stage, name: str) -> None:
    """Heart rate and zone may be left out."""
    body = recording()
    del body[name]
    assert [error["pointer"] for error in stage.call("POST", ANALYZE, body, status=422)["errors"]] == [f"/{name}"]
    short = {key: value for key, value in recording().items() if key not in {"heart_rate", "time_zone"}}
    assert stage.call("POST", ANALYZE, short)["quality"]["heart_rate_share"] == 0


@pytest.mark.parametrize(("number", "status"), [("NaN", 400), ("Infinity", 400), ("-Infinity", 400), ("1e999", 422)])
@pytest.mark.parametrize("name", ["counts", "heart_rate"])
def test_a_number_that_is_none_is_refused(stage: Stage, name: str, number: str, status: int) -> None:
    """Three of them are not even JSON (RFC 8259)."""
    raw = json.dumps(recording(**{name: ["?", *[60] * 959]})).replace('"?"', number).encode()
    assert stage.send("POST", ANALYZE, raw=raw).status == status


@pytest.mark.parametrize(
    ("counts", "heart_rate"),
    [
        ([None] * 960, [60.0] * 960),
        ([None] * 500 + [LIGHT] * 460, [60.0] * 960),
        ([LIGHT] * 9 + [None] * 11, None),
        ([None] * 960, None),
    ],
    ids=["pulse alone", "less than half", "half of the shortest", "nothing"],
)
def test_too_little_signal_is_said_and_not_guessed_around(
    stage: Stage, counts: list[float | None], heart_rate: list[float] | None
) -> None:
    """No stage and no figure; how much there was stands beside."""
    told = stage.call("POST", ANALYZE, recording(counts, heart_rate=heart_rate))
    assert (told["metrics"], told["quality"]["note"]) == (None, "too_little_signal")
    assert told["epochs"] == [{"stage": None, "confidence": None, "p": None}] * len(counts)
    assert told["quality"]["signal_share"] < 0.5


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"source": "mattress"}, "mattress"),
        ({"source": "unknown"}, "unknown_source"),
        ({"heart_rate": None}, "counts_only"),
        ({"heart_rate": [60.0] * 400 + [None] * 560}, "counts_only"),
        ({"heart_rate": [60.0] * 500 + [None] * 460}, None),
        ({"counts": [None] * 100 + NIGHT[100:]}, "gaps"),
        ({"counts": [None] * 100 + NIGHT[100:], "heart_rate": None, "source": "mattress"}, "mattress"),
    ],
    ids=lambda value: str(value) if not isinstance(value, dict) else "",
)
def test_what_weighs_most_on_the_result_is_said(stage: Stage, fields: dict[str, Any], note: str | None) -> None:
    """A mattress is not a wrist, nor is nobody knows what."""
    told = stage.call("POST", ANALYZE, recording(**fields))
    assert told["quality"]["note"] == note
    assert told["metrics"] is not None


def test_what_was_not_measured_has_no_stage_and_adds_to_no_figure(stage: Stage) -> None:
    """It is time in bed all the same."""
    told = stage.call("POST", ANALYZE, recording([LIGHT] * 100 + [None] * 50 + [LIGHT] * 50))
    unknown = [index for index, epoch in enumerate(told["epochs"]) if epoch["stage"] is None]
    assert unknown == list(range(102, 150))
    assert all(told["epochs"][index] == {"stage": None, "confidence": None, "p": None} for index in unknown)
    assert (told["metrics"]["time_in_bed_minutes"], told["metrics"]["total_sleep_time_minutes"]) == (100, 76)


@pytest.mark.parametrize("mode", ["night", "live"])
def test_the_real_model_stages_a_made_night_and_owns_up_to_its_gaps(mode: str) -> None:
    """Awake while it moves, asleep while it is still; an hour without signal is known only near its ends."""
    stage = Stage({ports.SleepStager: OnnxStager})
    stage.sign_up()
    counts = [90.0, 0, 140, 30] * 20 + [0.0] * 400 + [None] * 120 + [0.0] * 280 + [160.0, 60, 90, 220] * 20
    told = stage.call("POST", ANALYZE, recording(counts, heart_rate=None, mode=mode))
    stages = [epoch["stage"] for epoch in told["epochs"]]
    assert told["model"] == f"sleep-{mode}"
    assert stages[20:60].count("wake") > 30
    assert stages[300:480].count("wake") < 18
    assert stages[-40:].count("wake") > 30
    unknown = [index for index, each in enumerate(stages) if each is None]
    assert unknown == list(range(490, 590 if mode == "night" else 600))
    metrics = told["metrics"]
    assert metrics["time_in_bed_minutes"] == 480
    assert sum(metrics["stage_minutes"].values()) == (960 - len(unknown)) / 2
    quality = told["quality"]
    assert (quality["note"], quality["signal_share"], quality["heart_rate_share"]) == ("gaps", 0.875, 0)
    assert quality["uncertainty"]["total_sleep_time_minutes"]["low"] < 0


def test_who_is_not_signed_in_is_asked_to(stage: Stage) -> None:
    """Inference costs something."""
    stage.use_token(None)
    stage.call("POST", ANALYZE, recording(), status=401)


def test_where_inference_is_switched_off_there_is_nothing_at_this_address() -> None:
    """ML_ENABLED=false: 404, and the model is not asked."""

    class Nobody:
        def stage(self, *_: Any) -> None:
            raise AssertionError

    stage = Stage({ports.SleepStager: Nobody}, ml_enabled=False)
    stage.sign_up()
    assert stage.call("POST", ANALYZE, recording(), status=404)["code"] == "ml_disabled"
    assert stage.telemetry.problems == []


def test_a_model_that_cannot_be_used_is_a_503_that_is_logged() -> None:
    """Trying again later is right."""

    class Broken:
        def stage(self, *_: Any) -> None:
            raise Unavailable("There is no model.", code="model_unavailable")

    stage = Stage({ports.SleepStager: Broken})
    stage.sign_up()
    answer = stage.send("POST", ANALYZE, recording())
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert stage.telemetry.problems == ["endpoint_refused"]

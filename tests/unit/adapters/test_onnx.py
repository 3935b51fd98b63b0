"""The adapter that infers: the committed models, opened once and only if they fit their cards; nothing is loaded early."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime.capi import onnxruntime_pybind11_state as driver

from smartalarm.adapters import onnx
from smartalarm.adapters.onnx import OnnxStager
from smartalarm.errors import Unavailable
from smartalarm.ports import STAGES, StagingMode

MODES: tuple[StagingMode, ...] = get_args(StagingMode)
REPO = Path(__file__).resolve().parents[3]
MODELS = REPO / "models"


def made_night(epochs: int = 960, seed: int = 7) -> tuple[list[float | None], list[float | None]]:
    """Counts and heart rates of nobody: mostly still, now and then not, with gaps."""
    chance = random.Random(seed)  # noqa: S311  tests repeat
    counts = [None if chance.random() < 0.02 else max(0.0, chance.gauss(-40, 60)) for _ in range(epochs)]
    beats = [None if chance.random() < 0.1 else chance.gauss(58, 4) for _ in range(epochs)]
    return list(counts), list(beats)


SHARED = OnnxStager()


@pytest.fixture(scope="module")
def stager() -> OnnxStager:
    """The committed models."""
    return SHARED


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the models, to be spoilt."""
    for path in MODELS.glob("sleep-*.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def rewrite(folder: Path, name: str, **changed: Any) -> None:
    """Another card."""
    path = folder / f"sleep-{name}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


@pytest.mark.parametrize("mode", MODES)
def test_the_committed_models_stage_a_night(stager: OnnxStager, mode: StagingMode) -> None:
    """One entry for each epoch; the chances of each make one, and the stage is the likeliest."""
    counts, beats = made_night()
    told = stager.stage(counts, beats, mode)
    assert (told.model, len(told.stages), len(told.probabilities)) == (f"sleep-{mode}", 960, 960)
    for stage, chances in zip(told.stages, told.probabilities, strict=True):
        assert stage is not None
        assert chances is not None
        assert sum(chances) == pytest.approx(1, abs=1e-3)
        assert chances[STAGES.index(stage)] == max(chances)
    assert set(told.agreement) == {"total_sleep_time_minutes", "waso_minutes", "deep_minutes", "rem_minutes"}
    assert told == stager.stage(counts, beats, mode)


def test_what_live_says_of_a_beginning_stays_when_more_comes(stager: OnnxStager) -> None:
    """So a ring that it decides on is decided on what was known then."""
    counts, beats = made_night(400)
    whole = stager.stage(counts, beats, "live")
    for length in (20, 33, 64, 200, 399):
        part = stager.stage(counts[:length], beats[:length], "live")
        assert part.stages == whole.stages[:length]
        for ours, theirs in zip(part.probabilities, whole.probabilities[:length], strict=True):
            assert ours == pytest.approx(theirs, abs=2e-4)


@pytest.mark.parametrize("mode", MODES)
def test_a_night_without_any_signal_has_no_stage(stager: OnnxStager, mode: StagingMode) -> None:
    """Whatever a model would say of nothing."""
    told = stager.stage([None] * 100, None, mode)
    assert (set(told.stages), set(told.probabilities)) == ({None}, {None})


COUNTS = st.none() | st.floats(0, 100_000) | st.sampled_from([0.0, 100_000.0])
BEATS = st.none() | st.floats(25, 250) | st.sampled_from([25.0, 250.0])


@given(epochs=st.lists(st.tuples(COUNTS, BEATS), min_size=20, max_size=120), mode=st.sampled_from(MODES))
@settings(deadline=None, max_examples=60)
def test_whatever_may_be_sent_is_staged(epochs: list[tuple[float | None, float | None]], mode: StagingMode) -> None:
    """At the ends of what is allowed, too: each epoch has a stage with chances that make one, or neither."""
    told = SHARED.stage([count for count, _ in epochs], [beat for _, beat in epochs], mode)
    assert len(told.stages) == len(told.probabilities) == len(epochs)
    for stage, chances in zip(told.stages, told.probabilities, strict=True):
        assert (stage is None) == (chances is None)
        assert chances is None or (sum(chances) == pytest.approx(1, abs=1e-3) and min(chances) >= 0)


def test_nothing_heavy_is_loaded_before_a_model_is_asked() -> None:
    """Every function of the product, with all that it can reach: one that rings never waits for numpy."""
    program = """
import sys
from smartalarm.adapters.onnx import OnnxStager
from smartalarm.catalog import load_functions
from smartalarm.settings import Settings
from smartalarm.wiring import cloud_injector
OnnxStager()
print(len(load_functions()) > 40, {"numpy", "onnxruntime", "smartalarm.sleep.features"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, cwd=REPO)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True set()\n", "")


def test_a_model_is_opened_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads, two models, two sessions."""
    made: list[threading.Thread] = []
    real = onnxruntime.InferenceSession

    def counted(*arguments: Any, **how: Any) -> Any:
        made.append(threading.current_thread())
        return real(*arguments, **how)

    monkeypatch.setattr(onnxruntime, "InferenceSession", counted)
    stager = OnnxStager()
    counts, beats = made_night(100)
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda n: stager.stage(counts, beats, MODES[n % 2]), range(16)))
    assert len(made) == 2
    assert all(each == told[n % 2] for n, each in enumerate(told))


def no_card(folder: Path) -> None:
    """It was not deployed."""
    (folder / "sleep-night.json").unlink()


def no_graph(folder: Path) -> None:
    """Nor was it."""
    (folder / "sleep-night.onnx").unlink()


def other_graph(folder: Path) -> None:
    """A file that was changed, or mixed up."""
    shutil.copy(folder / "sleep-live.onnx", folder / "sleep-night.onnx")


def other_features(folder: Path) -> None:
    """The same ones in another order."""
    names = json.loads((folder / "sleep-night.json").read_text())["features"]
    rewrite(folder, "night", features=[names[1], names[0], *names[2:]])


def other_stages(folder: Path) -> None:
    """What it calls deep would be called REM."""
    rewrite(folder, "night", stages=["wake", "light", "rem", "deep"])


def other_mode(folder: Path) -> None:
    """One that sees what is to come must not decide about now."""
    rewrite(folder, "night", mode="live")


def no_card_at_all(folder: Path) -> None:
    """Half a file."""
    (folder / "sleep-night.json").write_text('{"name": ')


def no_graph_at_all(folder: Path) -> None:
    """A card that knows of it, so that onnxruntime itself has to refuse it."""
    (folder / "sleep-night.onnx").write_bytes(b"nothing")
    rewrite(folder, "night", sha256=hashlib.sha256(b"nothing").hexdigest())


@pytest.mark.parametrize(
    "spoil",
    [no_card, no_graph, other_graph, other_features, other_stages, other_mode, no_card_at_all, no_graph_at_all],
    ids=lambda spoil: spoil.__name__,
)
def test_a_model_that_does_not_fit_is_not_used(copied: Path, spoil: Any) -> None:
    """The caller hears that there is none now; the cause, for the log, is kept. The other model works on."""
    spoil(copied)
    stager = OnnxStager(copied)
    counts, beats = made_night(50)
    with pytest.raises(Unavailable) as refused:
        stager.stage(counts, beats, "night")
    assert refused.value.code == "model_unavailable"
    assert str(copied) not in refused.value.detail
    assert refused.value.__cause__ is not None
    assert stager.stage(counts, beats, "live").model == "sleep-live"


def test_a_model_that_comes_back_is_used(copied: Path) -> None:
    """A failure is not kept."""
    kept = (copied / "sleep-live.onnx").read_bytes()
    (copied / "sleep-live.onnx").unlink()
    stager = OnnxStager(copied)
    with pytest.raises(Unavailable):
        stager.stage([0.0] * 20, None, "live")
    (copied / "sleep-live.onnx").write_bytes(kept)
    assert stager.stage([0.0] * 20, None, "live").model == "sleep-live"


def _drivers_errors() -> list[type[Exception]]:
    found = [value for value in vars(driver).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(found) > 10
    return found


@pytest.mark.parametrize("error", [*_drivers_errors(), ImportError, OSError, ValueError, KeyError, RuntimeError])
def test_no_error_of_the_driver_comes_through(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that onnxruntime has."""

    def fail(*_: Any) -> None:
        raise error("inside")

    monkeypatch.setattr(onnx, "_open", fail)
    with pytest.raises(Unavailable):
        OnnxStager().stage([0.0] * 20, None, "live")


def test_a_mistake_of_ours_is_not_taken_for_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has to be found."""

    def fail(*_: Any) -> None:
        raise AttributeError("a typing error")

    monkeypatch.setattr(onnx, "_open", fail)
    with pytest.raises(AttributeError):
        OnnxStager().stage([0.0] * 20, None, "live")

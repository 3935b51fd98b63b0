"""The committed models: unharmed, made for these features, causal when live, sane on a made night, fast."""

import hashlib
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from smartalarm.ports import STAGES, StagingMode
from smartalarm.sleep.card import Card, read_card
from smartalarm.sleep.features import FEATURES, features
from smartalarm.sleep.staging import UnknownFeatures, signal, stage, stage_signal

MODELS = Path(__file__).resolve().parents[3] / "models"
MODES: tuple[StagingMode, StagingMode] = ("night", "live")
Signal = NDArray[np.float32]


class Model:
    """A committed model, run as the adapter runs it: on one thread."""

    def __init__(self, mode: StagingMode) -> None:
        onnxruntime = pytest.importorskip("onnxruntime")
        self.card: Card = read_card(MODELS / f"sleep-{mode}.json")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(MODELS / self.card.onnx, options, providers=["CPUExecutionProvider"])

    def infer(self, rows: Signal) -> Signal:
        """Features [1, n, F] to chances [n, 4]."""
        chances: Signal = self._session.run(None, {"features": rows})[0]
        return chances


@cache
def model(mode: StagingMode) -> Model:
    """Each is loaded once."""
    return Model(mode)


def a_made_night() -> tuple[list[float | None], list[float | None], list[str]]:
    """Twenty minutes awake, then sleep cycles whose heart and movement are as textbooks draw them, and ten minutes awake."""
    random = np.random.default_rng(11)
    plan = [("wake", 40)]
    for deep, rem in ((90, 20), (70, 30), (30, 50), (0, 60), (0, 70)):
        plan += [("light", 40), ("deep", deep), ("light", 30), ("rem", rem)]
    plan += [("light", 20), ("wake", 20)]
    counts: list[float | None] = []
    heart_rate: list[float | None] = []
    stages: list[str] = []
    looks = {"wake": (0.5, 70, 4.0), "light": (0.05, 58, 2.0), "deep": (0.005, 57, 0.8), "rem": (0.06, 63, 3.5)}
    for name, epochs in plan:
        moves, rate, spread = looks[name]
        for _ in range(epochs):
            counts.append(float(random.gamma(1.5, 60)) if random.random() < moves else 0.0)
            heart_rate.append(float(np.round(random.normal(rate, spread))))
            stages.append(name)
    return counts, heart_rate, stages


def kappa(one: list[str], other: list[str]) -> float:
    """Cohen's kappa."""
    table = np.zeros((4, 4))
    for first, second in zip(one, other, strict=True):
        table[STAGES.index(first), STAGES.index(second)] += 1
    total = table.sum()
    agreed, chance = np.trace(table) / total, float(table.sum(0) @ table.sum(1)) / total**2
    return float((agreed - chance) / (1 - chance))


@pytest.mark.parametrize("mode", MODES)
def test_the_model_is_the_one_that_its_card_describes(mode: StagingMode) -> None:
    """The hash of the file, the order of features and of stages."""
    card = read_card(MODELS / f"sleep-{mode}.json")
    data = (MODELS / card.onnx).read_bytes()
    assert hashlib.sha256(data).hexdigest() == card.sha256
    assert card.features == FEATURES[mode]
    assert card.stages == STAGES
    assert len(data) < 2_000_000
    assert card.sha256 in (MODELS / f"sleep-{mode}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("mode", "least", "counts_only"), [("night", 0.5, 0.2), ("live", 0.4, 0.15)])
def test_a_made_night_is_staged_about_as_it_was_made(mode: StagingMode, least: float, counts_only: float) -> None:
    """A model that was exchanged for a broken one fails here, without the training data."""
    counts, heart_rate, stages = a_made_night()
    whole = stage(counts, heart_rate, mode, model(mode).infer, model(mode).card)
    alone = stage(counts, None, mode, model(mode).infer, model(mode).card)
    assert kappa(stages, [each or "" for each in whole.stages]) >= least
    assert kappa(stages, [each or "" for each in alone.stages]) >= counts_only


def test_live_stages_of_a_prefix_are_the_prefix_of_the_live_stages() -> None:
    """From features over the graph to smoothing, the model has no look ahead."""
    counts, heart_rate, _ = a_made_night()
    moved, heart = signal(counts), signal(heart_rate)
    live = model("live")
    _, whole = stage_signal(moved, heart, "live", live.infer, live.card)
    for end in (1, 17, 30, 57, 64, 137, 200, 507, 555):
        _, part = stage_signal(moved[:end], heart[:end], "live", live.infer, live.card)
        np.testing.assert_array_equal(part, whole[:end])


@pytest.mark.parametrize("mode", MODES)
def test_probabilities_are_rounded_shares_of_one_in_the_order_of_stages(mode: StagingMode) -> None:
    """The stage is the likeliest, and the agreement of the card comes along."""
    counts, heart_rate, _ = a_made_night()
    staging = stage(counts, heart_rate, mode, model(mode).infer, model(mode).card)
    assert (staging.model, staging.version) == (f"sleep-{mode}", model(mode).card.version)
    for name, chances in zip(staging.stages, staging.probabilities, strict=True):
        assert chances is not None
        assert sum(chances) == pytest.approx(1, abs=3e-4)
        assert chances[STAGES.index(name or "wake")] == max(chances)
    assert set(staging.agreement) == {"total_sleep_time_minutes", "waso_minutes", "deep_minutes", "rem_minutes"}


def test_without_heart_rate_the_wider_limits_are_told() -> None:
    """What is known of counts alone is another agreement than that of counts and heart rate."""
    counts, heart_rate, _ = a_made_night()
    night = model("night")
    alone, whole = (
        stage(counts, None, "night", night.infer, night.card),
        stage(counts, heart_rate, "night", night.infer, night.card),
    )
    assert alone.agreement["rem_minutes"].bias == night.card.agreement_counts_only["rem_minutes"].bias
    assert whole.agreement["rem_minutes"].bias == night.card.agreement["rem_minutes"].bias


@pytest.mark.parametrize(("mode", "known"), [("night", 20), ("live", 10)])
def test_an_epoch_without_signal_near_has_no_stage(mode: StagingMode, known: int) -> None:
    """Five minutes beside a signal are guessed, more is not; live, only those after it."""
    counts: list[float | None] = [None] * 100
    counts[50] = 3.0
    staging = stage(counts, None, mode, model(mode).infer, model(mode).card)
    assert sum(each is not None for each in staging.stages) == known + 1
    assert [each is None for each in staging.stages] == [each is None for each in staging.probabilities]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("epochs", [0, 1, 1280, 1281, 2880])
def test_a_recording_of_any_length_has_a_stage_for_every_epoch(mode: StagingMode, epochs: int) -> None:
    """None at all, one, and the longest that may be sent."""
    staging = stage([0.0] * epochs, None, mode, model(mode).infer, model(mode).card)
    assert len(staging.stages) == len(staging.probabilities) == epochs


def test_a_card_of_other_features_is_refused() -> None:
    """A model fed with columns in another order would give nonsense without a word."""
    card = model("night").card
    other = card.model_copy(update={"features": card.features[::-1]})
    with pytest.raises(UnknownFeatures, match="other features"):
        stage([0.0] * 30, None, "night", model("night").infer, other)
    with pytest.raises(UnknownFeatures, match="other features"):
        stage([0.0] * 30, None, "live", model("night").infer, card)


@pytest.mark.alone
def test_a_night_of_960_epochs_is_staged_in_time() -> None:
    """Features, model and smoothing on one thread: half of the tries within ten milliseconds, doubled for a busy machine."""
    random = np.random.default_rng(2)
    moved = np.where(random.random(960) < 0.07, 90, 0).astype(np.float32)
    heart = random.normal(60, 4, 960).astype(np.float32)
    night, tries = model("night"), []
    for _ in range(31):
        before = time.perf_counter()
        stage_signal(moved, heart, "night", night.infer, night.card)
        tries.append(time.perf_counter() - before)
    assert sorted(tries)[15] < 0.020
    assert features(moved, heart, "night").shape[0] == 960

"""What the models see of a night: golden values, missing signal, other devices, and no look ahead in live mode."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from smartalarm.sleep.features import FEATURES, Mode, features

Signal = NDArray[np.float32]
MODES: tuple[Mode, Mode] = ("night", "live")


def a_night(epochs: int = 240, seed: int = 1) -> tuple[Signal, Signal]:
    """Mostly still, with bursts of movement, and a heart that slows down."""
    random = np.random.default_rng(seed)
    counts = np.where(random.random(epochs) < 0.1, random.gamma(1.0, 60.0, epochs), 0.0)
    heart_rate = 62 - 6 * np.sin(np.arange(epochs) / 40) + random.normal(0, 2, epochs)
    return counts.astype(np.float32), heart_rate.round().astype(np.float32)


def column(rows: Signal, mode: Mode, name: str) -> Signal:
    """One feature by its name."""
    return rows[:, FEATURES[mode].index(name)]


def test_a_made_signal_gives_the_values_worked_out_by_hand() -> None:
    """Four epochs: means over centred windows for the night, over the past for live."""
    counts, heart_rate = np.array([0, 99, 0, 0], dtype=np.float32), np.array([60, 62, 64, 66], dtype=np.float32)
    night, live = features(counts, heart_rate, "night"), features(counts, heart_rate, "live")
    moved = np.log(100)
    np.testing.assert_allclose(column(night, "night", "counts_3"), [moved / 2, moved / 3, moved / 3, 0], rtol=1e-6)
    np.testing.assert_allclose(column(live, "live", "counts_3"), [0, moved / 2, moved / 3, moved / 3], rtol=1e-6)
    np.testing.assert_allclose(column(night, "night", "hours"), [0, 1 / 120, 2 / 120, 3 / 120], rtol=1e-6)
    since = np.log1p([120, 0, 1, 2]) / np.log1p(120)
    np.testing.assert_allclose(column(night, "night", "since_moved"), since, rtol=1e-6)
    np.testing.assert_allclose(
        column(night, "night", "heart_rank_5"), [-0.375, 0, 0, 0.375], rtol=1e-6
    )  # two windows are the same
    # The first heart rate of a live night is its own middle; the second is 1 above the mean of both.
    assert column(live, "live", "heart_1")[0] == 0
    assert column(live, "live", "heart_1")[1] == pytest.approx(1 / np.sqrt((2 * 1 + 30 * 36) / 32), rel=1e-5)


@pytest.mark.parametrize("mode", MODES)
def test_rows_are_finite_and_as_many_as_epochs_whatever_is_missing(mode: Mode) -> None:
    """All, none, only one signal, one epoch and none at all."""
    counts, heart_rate = a_night()
    nothing = np.full_like(counts, np.nan)
    holes = np.where(np.arange(240) % 3 == 0, np.nan, heart_rate).astype(np.float32)
    for moved, heart in (
        (counts, heart_rate), (counts, nothing), (nothing, heart_rate), (nothing, nothing),
        (counts, holes), (counts[:1], heart_rate[:1]), (counts[:0], heart_rate[:0]),
    ):  # fmt: skip
        rows = features(moved, heart, mode)
        assert rows.shape == (len(moved), len(FEATURES[mode]))
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()


@pytest.mark.parametrize("mode", MODES)
def test_missing_heart_rate_is_told_and_moves_no_other_heart_feature(mode: Mode) -> None:
    """Without heart rate its columns stand at what is usual, but for those that say it is missing."""
    counts, _ = a_night()
    rows = features(counts, np.full_like(counts, np.nan), mode)
    for name in FEATURES[mode]:
        if name.startswith("heart_"):
            assert set(column(rows, mode, name)) == {1.0 if name.startswith("heart_missing") else 0.0}, name


@given(st.integers(0, 10_000), st.integers(1, 239), st.integers(0, 239))
@settings(max_examples=60, deadline=None)
def test_live_rows_of_a_prefix_are_the_prefix_of_the_live_rows(seed: int, end: int, gap: int) -> None:
    """Bit for bit, with gaps in both signals: nothing of later epochs is in a row."""
    counts, heart_rate = a_night(seed=seed)
    heart_rate[gap : gap + 25] = np.nan
    counts[gap // 2 : gap // 2 + 5] = np.nan
    np.testing.assert_array_equal(
        features(counts[:end], heart_rate[:end], "live"), features(counts, heart_rate, "live")[:end]
    )


@given(st.floats(0.2, 20))
@settings(max_examples=30, deadline=None)
def test_movement_relative_to_the_device_hardly_changes_with_its_scale(factor: float) -> None:
    """Counts of another unit: what is told in the device's own scale stays within what its first movements are believed."""
    counts, heart_rate = a_night(960)
    usual, other = features(counts, heart_rate, "night"), features((counts * factor).astype(np.float32), heart_rate, "night")
    np.testing.assert_array_equal(column(other, "night", "since_moved") == 0, column(usual, "night", "since_moved") == 0)
    assert np.abs(column(other, "night", "own_counts_9") - column(usual, "night", "own_counts_9")).max() < 0.3


def test_a_resting_heart_twenty_beats_faster_looks_the_same() -> None:
    """Heart rate is told relative to the sleeper's own night."""
    counts, heart_rate = a_night(960)
    usual, faster = features(counts, heart_rate, "night"), features(counts, heart_rate + 20, "night")
    np.testing.assert_allclose(faster, usual, atol=0.005)  # a rank of near ties may turn

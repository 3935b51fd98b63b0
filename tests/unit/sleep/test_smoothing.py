"""The course of stages: the same as the textbook's recursion, and no look ahead in live mode."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from smartalarm.sleep.card import CardCalibration, CardSmoothing
from smartalarm.sleep.smoothing import course, smooth

Floats = NDArray[np.float64]
STICKY = CardSmoothing(
    transitions=((0.9, 0.1, 0.0, 0.0), (0.02, 0.93, 0.03, 0.02), (0.0, 0.1, 0.9, 0.0), (0.03, 0.07, 0.0, 0.9)),
    start=(0.97, 0.01, 0.01, 0.01),
    priors=(0.1, 0.55, 0.15, 0.2),
    sharpness=0.8,
    tilt=0.4,
)
PLAIN = CardCalibration(temperature=1.0, bias=(0.0, 0.0, 0.0, 0.0))


def chances_of(n: int, seed: int = 0) -> Floats:
    """Chances as a model may give them."""
    return np.random.default_rng(seed).dirichlet([1.0, 1.0, 1.0, 1.0], n)


def by_the_book(own: Floats) -> tuple[Floats, Floats]:
    """Rabiner's forward and forward-backward recursion, one epoch after the other."""
    evidence, moves = own**STICKY.sharpness / np.array(STICKY.priors) ** STICKY.tilt, np.array(STICKY.transitions)
    before, after = np.zeros_like(own), np.ones_like(own)
    before[0] = np.array(STICKY.start) * evidence[0]
    before[0] /= before[0].sum()
    for epoch in range(1, len(own)):
        before[epoch] = (before[epoch - 1] @ moves) * evidence[epoch]
        before[epoch] /= before[epoch].sum()
    for epoch in range(len(own) - 2, -1, -1):
        after[epoch] = moves @ (evidence[epoch + 1] * after[epoch + 1])
        after[epoch] /= after[epoch].sum()
    both = before * after
    return before, both / both.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 200])
def test_block_by_block_gives_what_the_recursion_gives(n: int) -> None:
    """At and around the ends of blocks, too."""
    own = chances_of(n)
    live, night = by_the_book(own)
    np.testing.assert_allclose(course(own, STICKY, "live"), live, atol=1e-12)
    np.testing.assert_allclose(course(own, STICKY, "night"), night, atol=1e-12)


@given(st.integers(0, 1000), st.integers(1, 150))
@settings(max_examples=40, deadline=None)
def test_live_chances_of_a_prefix_are_the_prefix_of_the_live_chances(seed: int, end: int) -> None:
    """Bit for bit: later epochs change nothing of earlier ones."""
    own = chances_of(151, seed)
    np.testing.assert_array_equal(course(own[:end], STICKY, "live"), course(own, STICKY, "live")[:end])


def test_one_stray_epoch_is_smoothed_over_and_a_long_stretch_is_kept() -> None:
    """A single epoch of wake amid sleep is doubted, twenty are believed."""
    own = np.tile([0.05, 0.85, 0.05, 0.05], (100, 1))
    own[30] = own[60:80] = [0.6, 0.3, 0.05, 0.05]
    stages, _ = smooth(own, STICKY, PLAIN, "night")
    assert stages[30] == 1
    assert (stages[62:78] == 0).all()


def test_a_temperature_lowers_confidence_and_the_epochs_own_chances_have_their_say() -> None:
    """Calibrated chances sum to 1, and the stage is the likeliest."""
    own = chances_of(50)
    _, sure = smooth(own, STICKY, PLAIN, "night")
    stages, honest = smooth(own, STICKY, CardCalibration(temperature=4, own=0.3, bias=(0.0, 0.0, 0.0, 0.0)), "night")
    np.testing.assert_allclose(honest.sum(axis=1), 1)
    assert honest.max(axis=1).mean() < sure.max(axis=1).mean()
    np.testing.assert_array_equal(stages, honest.argmax(axis=1))


def test_no_epochs_have_no_stages() -> None:
    """An empty recording is no error."""
    stages, chances = smooth(np.zeros((0, 4)), STICKY, PLAIN, "night")
    assert stages.shape == (0,)
    assert chances.shape == (0, 4)


def test_chances_of_zero_and_one_break_nothing() -> None:
    """A model may be certain; the course stays finite."""
    own = np.eye(4)[np.random.default_rng(3).integers(0, 4, 300)]
    assert np.isfinite(course(own, STICKY, "night")).all()

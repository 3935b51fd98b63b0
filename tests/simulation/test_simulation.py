"""A week of 20,000 rings under every fault: nothing lost, nothing early, nothing twice, nothing revived or stuck."""

import pytest

from tests.simulation.broken import NoRetaking, NoTimerGuard, NoVersionGuard, NoWatch
from tests.simulation.simulate import simulate
from tests.simulation.unreliable import SimulatedStore
from tests.simulation.world import MODES, Mode, Plan

WORLDS: tuple[tuple[Mode, int], ...] = (*((mode, seed) for mode in MODES for seed in (1, 2, 3)), ("lease", 4))
SLEEPY: tuple[tuple[Mode, int], ...] = (("queue", 11), ("lease", 12), ("lease-two", 10))
OCCURRENCES = 2030
AT_LEAST = 2000
EARLY_AT_LEAST = 50


@pytest.mark.parametrize(("mode", "seed"), WORLDS)
def test_no_ring_is_lost_early_doubled_revived_or_stuck(mode: Mode, seed: int) -> None:
    """With lost, doubled, late and reordered messages, failing stores and push services, and deaths at any call.

    Ten worlds of at least 2,000 rings each.
    """
    world = simulate(Plan(seed, mode, OCCURRENCES))
    assert world.witness.violations == []
    assert len(world.witness.lives) >= AT_LEAST
    assert world.faults.counts["death"] > 0


@pytest.mark.parametrize(("mode", "seed"), SLEEPY)
def test_nobody_who_is_woken_early_oversleeps_or_is_woken_twice(mode: Mode, seed: int) -> None:
    """Epochs arrive doubled, late and in every storm: what rang early and was not answered rings at its own time."""
    world = simulate(Plan(seed, mode, 700, sleepers=0.8))
    assert world.witness.violations == []
    assert sum(life.early_ring > 0 for life in world.witness.lives.values()) > EARLY_AT_LEAST


def test_a_seed_replays_exactly() -> None:
    """Two worlds of one plan do the same, call by call."""
    first, second = (simulate(Plan(7, "queue", 200)) for _ in range(2))
    assert first.witness.trace_hash == second.witness.trace_hash
    assert simulate(Plan(8, "queue", 200)).witness.trace_hash != first.witness.trace_hash


@pytest.mark.parametrize("broken", [NoTimerGuard, NoVersionGuard, NoWatch, NoRetaking])
def test_a_broken_guard_is_seen(broken: type[SimulatedStore]) -> None:
    """The same worlds with one guard taken out are found wrong, mostly the first of them already."""
    plans = (Plan(seed, "lease-two", 1000, store=broken, is_over_when_wrong=True) for seed in (1, 2, 3))
    assert any(simulate(plan).witness.violations for plan in plans)

"""Nights as they were recorded, and changed as other devices, gaps and habits would change them: what models learn from."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.training.nights import LabelledNight
from smartalarm.sleep.features import Mode, features

Floats = NDArray[np.float64]
CHANGES = 2  # changed views of each night
SEED = 5


@dataclass(frozen=True)
class View:
    """A night's features and scored stages."""

    rows: Floats
    stages: NDArray[np.int8]
    changed: bool = False


def views_of(night: LabelledNight, mode: Mode) -> list[View]:
    """The night itself, and `CHANGES` changed ones; the same each time, for each night alone."""
    random = np.random.default_rng([SEED, *night.subject.encode()])
    changed = [_changed(night, random, other_device=number % 2 == 1) for number in range(CHANGES)]
    return [_view(night, mode, changed=False), *(_view(each, mode, changed=True) for each in changed)]


def _view(night: LabelledNight, mode: Mode, *, changed: bool) -> View:
    return View(features(night.counts, night.heart_rate, mode).astype(float), night.stages, changed)


def _changed(night: LabelledNight, random: np.random.Generator, *, other_device: bool) -> LabelledNight:
    """Later start, earlier end, another scale of counts, heart rate and counts lost in stretches, noise."""
    n = len(night.counts)
    first, end = int(random.integers(0, 80)), n - int(random.integers(0, n // 3) if random.random() < 0.5 else 0)
    counts, heart_rate, stages = night.counts[first:end], night.heart_rate[first:end], night.stages[first:end]
    counts = counts * np.exp(random.normal(0, 0.8))
    n = len(counts)
    if other_device:
        power = random.uniform(0.4, 1)
        counts = counts**power * 20 ** (1 - power)
        if random.random() < 0.6:
            counts = counts + random.uniform(0, 10) + random.uniform(0, random.uniform(0, 5), n)
    heart_rate = np.where(_stretches(random, n, random.uniform(0, 0.6)), np.nan, heart_rate + random.normal(0, 1, n))
    if random.random() < 0.3:
        heart_rate = np.where(random.random(n) < random.uniform(0, 0.6), np.nan, heart_rate)
    if random.random() < 0.3:
        counts = np.where(_stretches(random, n, 0.1), np.nan, counts)
    return replace(night, counts=counts.astype(np.float32), heart_rate=heart_rate.astype(np.float32), stages=stages)


def _stretches(random: np.random.Generator, n: int, share: float) -> NDArray[np.bool_]:
    """Stretches of 2 minutes to an hour that together make up `share` of n epochs."""
    lost = np.zeros(n, dtype=bool)
    while lost.mean() < share:
        first = int(random.integers(n))
        lost[first : first + int(random.integers(5, 120))] = True
    return lost

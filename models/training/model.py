"""The model of one mode: members that see heart rate and movement, members that see movement alone, and who is asked when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.export import Graph
from models.training.families import Floats, Member, fit_linear, softmax
from smartalarm.sleep.features import FEATURES, Mode

LEAST = 1e-6
GATE = "heart_missing_9"  # the share of a few minutes without heart rate: so much is the movement part believed
STRENGTH = 0.003  # of the regression: the inverse of its shrinkage

Rows = Sequence[Floats]
Labels = Sequence[NDArray[np.int8]]
Fit = Callable[[Rows, Labels, int], list[Member]]


@dataclass(frozen=True)
class StageModel:
    """Gives the chances of each epoch's stage from a night's features."""

    mode: Mode
    whole: tuple[Member, ...]
    counts: tuple[Member, ...]

    def predict(self, rows: Floats) -> Floats:
        """[n, F] to [n, 4], as the exported graph does."""
        missing = rows[:, [FEATURES[self.mode].index(GATE)]]
        alone = _average(self.counts, rows[:, counts_columns(self.mode)])
        return (1 - missing) * _average(self.whole, rows) + missing * alone

    def export(self) -> bytes:
        """The ONNX file."""
        graph = Graph()
        rows = graph.add("Squeeze", "features", graph.constant([0], np.int64))
        missing = graph.add("Gather", rows, graph.constant([FEATURES[self.mode].index(GATE)], np.int64), axis=1)
        movement = graph.add("Gather", rows, graph.constant(counts_columns(self.mode), np.int64), axis=1)
        whole, counts = _export(graph, self.whole, rows), _export(graph, self.counts, movement)
        there = graph.add("Sub", graph.constant([1.0]), missing)
        both = graph.add("Add", graph.add("Mul", there, whole), graph.add("Mul", missing, counts))
        return graph.finish(both, len(FEATURES[self.mode]))


def fit_model(rows: Rows, stages: Labels, mode: Mode, seed: int) -> StageModel:
    """A model of these nights; `rows` are their features as they are."""
    movement = [night[:, counts_columns(mode)] for night in rows]
    return StageModel(mode, _fit(rows, stages, seed), _fit(movement, stages, seed))


def counts_columns(mode: Mode) -> list[int]:
    """Where the features stand that need no heart rate."""
    return [place for place, name in enumerate(FEATURES[mode]) if not name.startswith("heart_")]


def _fit(rows: Rows, stages: Labels, seed: int) -> tuple[Member, ...]:
    del seed
    known = np.concatenate([night[scored >= 0] for night, scored in zip(rows, stages, strict=True)])
    labels = np.concatenate([scored[scored >= 0] for scored in stages])
    return (fit_linear(known, labels, STRENGTH),)


def _average(members: Sequence[Member], rows: Floats) -> Floats:
    """The geometric mean of the members' chances."""
    logs = [np.log(np.maximum(member.predict(rows), LEAST)) for member in members]
    return softmax(np.mean(logs, axis=0))


def _export(graph: Graph, members: Sequence[Member], rows: str) -> str:
    logs = [graph.add("Log", graph.add("Max", member.export(graph, rows), graph.constant([LEAST]))) for member in members]
    return graph.add("Softmax", graph.add("Mean", *logs), axis=-1)

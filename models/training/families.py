"""The families of models that are averaged: each learns from rows of features and gives the chances of the four stages."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.training.export import Graph
from models.training.views import View

Floats = NDArray[np.float64]
CLIP = 5.0
STRENGTH = 0.003  # of the regression: the inverse of its shrinkage
CHANGED_WEIGHT, CHANGED_STEP = 0.45, 3  # changed views: every third epoch, each weighing so much


class Member(Protocol):
    """A trained part of a model."""

    def predict(self, rows: Floats) -> Floats:
        """The chances [n, 4] of a night's rows [n, F]."""
        ...

    def export(self, graph: Graph, rows: str) -> str:
        """The same as nodes of a graph: the name of the chances."""
        ...


@dataclass(frozen=True)
class Linear:
    """Multinomial logistic regression on standardised rows: weights [F, 4] and an offset [4]."""

    mean: Floats
    spread: Floats
    weights: Floats
    offset: Floats

    def predict(self, rows: Floats) -> Floats:
        """The chances [n, 4] of a night's rows [n, F]."""
        return softmax(np.clip((rows - self.mean) / self.spread, -CLIP, CLIP) @ self.weights + self.offset)

    def export(self, graph: Graph, rows: str) -> str:
        """The same as nodes of a graph: the name of the chances."""
        scaled = graph.add("Div", graph.add("Sub", rows, graph.constant(self.mean)), graph.constant(self.spread))
        ready = graph.add("Clip", scaled, graph.constant(-CLIP), graph.constant(CLIP))
        scores = graph.add("Gemm", ready, graph.constant(self.weights), graph.constant(self.offset))
        return graph.add("Softmax", scores, axis=-1)


def fit_linear(views: list[View], strength: float = STRENGTH) -> Linear:
    """A regression on all scored epochs as recorded, and on a part of those of changed nights."""
    taken = [np.flatnonzero(view.stages >= 0)[:: CHANGED_STEP if view.changed else 1] for view in views]
    rows = np.concatenate([view.rows[epochs] for view, epochs in zip(views, taken, strict=True)])
    stages = np.concatenate([view.stages[epochs] for view, epochs in zip(views, taken, strict=True)])
    weight = np.concatenate(
        [np.full(len(epochs), CHANGED_WEIGHT if view.changed else 1.0) for view, epochs in zip(views, taken, strict=True)]
    )
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    ready = np.clip((rows - mean) / spread, -CLIP, CLIP)
    model = LogisticRegression(C=strength, max_iter=40, tol=1e-3).fit(ready, stages, sample_weight=weight)
    return Linear(mean, spread, model.coef_.T, model.intercept_)


def softmax(scores: Floats) -> Floats:
    """Scores to chances along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return chances

"""The families of models that are averaged: each learns from rows of features and gives the chances of the four stages."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.training.export import Graph

Floats = NDArray[np.float64]


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
    """Multinomial logistic regression: weights [F, 4] and an offset [4], on rows as they are."""

    weights: Floats
    offset: Floats

    def predict(self, rows: Floats) -> Floats:
        return softmax(rows @ self.weights + self.offset)

    def export(self, graph: Graph, rows: str) -> str:
        scores = graph.add("Gemm", rows, graph.constant(self.weights), graph.constant(self.offset))
        return graph.add("Softmax", scores, axis=-1)


def fit_linear(rows: Floats, stages: NDArray[np.int8], strength: float) -> Linear:
    """A regression on standardised rows; the standardisation is folded into its weights."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    model = LogisticRegression(C=strength, max_iter=200).fit((rows - mean) / spread, stages)
    weights = model.coef_.T / spread[:, None]
    return Linear(weights, model.intercept_ - mean @ weights)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

"""The model of one mode: members that see heart rate and movement, one that sees movement alone, and who is asked when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from models.training.export import Graph
from models.training.families import Floats, Member, fit_linear, softmax
from models.training.network import fit_network
from models.training.views import View
from smartalarm.sleep.features import FEATURES, Mode

LEAST = 1e-6
GATE = "heart_missing_81"  # the share of 40 minutes without heart rate: past three quarters, movement alone is asked
LINEAR_SHARE = 0.4  # of what tells light, deep and REM sleep apart; wake is the regression's alone, which knows it better
NETWORKS = 2  # averaged in each model


@dataclass(frozen=True)
class StageModel:
    """Gives the chances of each epoch's stage from a night's features."""

    mode: Mode
    linear: Member
    networks: tuple[Member, ...]
    counts: Member

    def predict(self, rows: Floats) -> Floats:
        """[n, F] to [n, 4], as the exported graph does."""
        missing = np.clip(4 * rows[:, [FEATURES[self.mode].index(GATE)]] - 3, 0, 1)
        wake = self.linear.predict(rows)[:, :1]
        logs = [share * np.log(np.maximum(member.predict(rows)[:, 1:], LEAST)) for share, member in self._shares()]
        whole = np.concatenate([wake, (1 - wake) * softmax(np.sum(logs, axis=0))], axis=1)
        alone = self.counts.predict(rows[:, counts_columns(self.mode)])
        chances: Floats = (1 - missing) * whole + missing * alone
        return chances

    def export(self) -> bytes:
        """The ONNX file."""
        graph = Graph()
        rows = graph.add("Squeeze", "features", graph.constant([0], np.int64))
        share = graph.add("Gather", rows, graph.constant([FEATURES[self.mode].index(GATE)], np.int64), axis=1)
        beyond = graph.add("Sub", graph.add("Mul", share, graph.constant(4.0)), graph.constant(3.0))
        missing = graph.add("Clip", beyond, graph.constant(0.0), graph.constant(1.0))
        movement = graph.add("Gather", rows, graph.constant(counts_columns(self.mode), np.int64), axis=1)
        one, asleep = graph.constant(1.0), graph.constant([1, 2, 3], np.int64)
        exported = [(weight, member.export(graph, rows)) for weight, member in self._shares()]
        wake = graph.add("Gather", exported[0][1], graph.constant([0], np.int64), axis=1)
        logs = []
        for weight, chances in exported:
            known = graph.add("Max", graph.add("Gather", chances, asleep, axis=1), graph.constant(LEAST))
            logs.append(graph.add("Mul", graph.add("Log", known), graph.constant(weight)))
        stages = graph.add("Mul", graph.add("Sub", one, wake), graph.add("Softmax", graph.add("Sum", *logs), axis=-1))
        whole = graph.add("Concat", wake, stages, axis=1)
        alone = self.counts.export(graph, movement)
        both = graph.add("Add", graph.add("Mul", graph.add("Sub", one, missing), whole), graph.add("Mul", missing, alone))
        return graph.finish(both, len(FEATURES[self.mode]))

    def _shares(self) -> list[tuple[float, Member]]:
        each = (1 - LINEAR_SHARE) / len(self.networks)
        return [(LINEAR_SHARE, self.linear), *((each, network) for network in self.networks)]


def fit_models(nights: Sequence[list[View]], mode: Mode, seeds: Sequence[int], networks: int = NETWORKS) -> list[StageModel]:
    """A model of these nights for each seed; only the networks are others."""
    views = list(chain.from_iterable(nights))
    movement = [replace(view, rows=view.rows[:, counts_columns(mode)]) for view in views]
    linear, counts = fit_linear(views), fit_linear(movement)

    def trained(seed: int) -> tuple[Member, ...]:
        return tuple(fit_network(views, 100 * seed + number, causal=mode == "live") for number in range(networks))

    return [StageModel(mode, linear, trained(seed), counts) for seed in seeds]


def averaged(models: Sequence[StageModel]) -> StageModel:
    """One model with the networks of all."""
    return replace(models[0], networks=tuple(chain.from_iterable(model.networks for model in models)))


def counts_columns(mode: Mode) -> list[int]:
    """Where the features stand that need no heart rate."""
    return [place for place, name in enumerate(FEATURES[mode]) if not name.startswith("heart_")]

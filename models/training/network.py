"""A small temporal convolution network (Bai et al. 2018), trained with JAX: what half an hour around tells together."""

import os
from dataclasses import dataclass
from functools import partial
from typing import Any

# One thread, or sums of floats would come in another order from run to run.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from models.training.export import Graph
from models.training.views import View

Floats = NDArray[np.float64]
Weights = dict[str, Any]

CHANNELS, DILATIONS = 20, (1, 2, 4, 8, 16)
STEPS, BATCH, CROP = 160, 8, 288
RATE, DECAY, DROPOUT = 5e-3, 0.05, 0.15
ROOM = 1024  # epochs that a night is padded to while training
MANY = 96  # views that are padded to, so that every fold is one compiled shape
CLIP = 5.0


@dataclass(frozen=True)
class Network:
    """Rows are standardised, mixed to channels, and passed through residual convolutions of growing reach."""

    mean: Floats
    spread: Floats
    weights: dict[str, NDArray[np.float32]]
    causal: bool

    def predict(self, rows: Floats) -> Floats:
        """The chances [n, 4] of a night's rows [n, F]."""
        ready = np.clip((rows - self.mean) / self.spread, -CLIP, CLIP).astype(np.float32)
        n = len(ready)
        padded = np.zeros((-(-n // ROOM) * ROOM, ready.shape[1]), dtype=np.float32)
        padded[:n] = ready
        known = (np.arange(len(padded)) < n).astype(np.float32)
        return np.asarray(_chances(self.weights, padded[None], known[None], self.causal))[0, :n].astype(float)

    def export(self, graph: Graph, rows: str) -> str:
        """The same as nodes of a graph: the name of the chances."""
        scaled = graph.add("Div", graph.add("Sub", rows, graph.constant(self.mean)), graph.constant(self.spread))
        ready = graph.add("Clip", scaled, graph.constant(-CLIP), graph.constant(CLIP))
        weights = self.weights
        mixed = graph.add(
            "Relu", graph.add("Gemm", ready, graph.constant(weights["in"]), graph.constant(weights["in_offset"]))
        )
        night = graph.add("Unsqueeze", graph.add("Transpose", mixed, perm=[1, 0]), graph.constant([0], np.int64))
        for dilation in DILATIONS:
            kernel = graph.constant(weights[f"layer_{dilation}"].transpose(2, 1, 0))
            pads = [2 * dilation, 0] if self.causal else [dilation, dilation]
            seen = graph.add(
                "Conv",
                night,
                kernel,
                graph.constant(weights[f"offset_{dilation}"]),
                dilations=[dilation],
                pads=pads,
                kernel_shape=[3],
            )
            night = graph.add("Add", night, graph.add("Relu", seen))
        back = graph.add("Transpose", graph.add("Squeeze", night, graph.constant([0], np.int64)), perm=[1, 0])
        scores = graph.add("Gemm", back, graph.constant(weights["out"]), graph.constant(weights["out_offset"]))
        return graph.add("Softmax", scores, axis=-1)


def fit_network(views: list[View], seed: int, *, causal: bool) -> Network:
    """A network trained on random stretches of nights, half of them as they were recorded and half changed."""
    rows = np.concatenate([view.rows for view in views])
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    inputs = np.zeros((MANY, ROOM, rows.shape[1]), dtype=np.float32)
    labels = np.full((MANY, ROOM), -1, dtype=np.int32)
    lengths = np.zeros(MANY, dtype=int)
    for place, view in enumerate(views):
        lengths[place] = min(len(view.rows), ROOM)
        inputs[place, : lengths[place]] = np.clip((view.rows[:ROOM] - mean) / spread, -CLIP, CLIP)
        labels[place, : lengths[place]] = view.stages[:ROOM]
    random = np.random.default_rng(seed)
    plain = np.flatnonzero([not view.changed for view in views])
    changed = np.flatnonzero([view.changed for view in views])
    from_plain, from_changed = random.choice(plain, (STEPS, BATCH)), random.choice(changed, (STEPS, BATCH))
    chosen = np.where(random.random((STEPS, BATCH)) < 0.5, from_plain, from_changed)
    starts = (random.random((STEPS, BATCH)) * np.maximum(lengths[chosen] - CROP, 1)).astype(np.int32)
    key = jax.random.PRNGKey(seed)
    weights = _train(_start(key, rows.shape[1]), inputs, labels, chosen.astype(np.int32), starts, key, causal)
    return Network(mean, spread, {name: np.asarray(each) for name, each in weights.items()}, causal)


def _start(key: Array, features: int) -> Weights:
    keys = jax.random.split(key, len(DILATIONS) + 2)
    weights: Weights = {
        "in": jax.random.normal(keys[0], (features, CHANNELS)) / features**0.5,
        "in_offset": jnp.zeros(CHANNELS),
        "out": jax.random.normal(keys[1], (CHANNELS, 4)) * (0.01 / CHANNELS) ** 0.5,
        "out_offset": jnp.zeros(4),
    }
    for each, dilation in zip(keys[2:], DILATIONS, strict=True):
        weights[f"layer_{dilation}"] = jax.random.normal(each, (3, CHANNELS, CHANNELS)) / (3 * CHANNELS) ** 0.5
        weights[f"offset_{dilation}"] = jnp.zeros(CHANNELS)
    return weights


def _scores(weights: Weights, rows: Array, known: Array, *, causal: bool, key: Array | None = None) -> Array:
    """[nights, n, F] to [nights, n, 4]; what lies past a night's end stays 0, as the exported graph pads it."""

    def dropped(values: Array, place: int) -> Array:
        if key is None:
            return values
        kept = jax.random.bernoulli(jax.random.fold_in(key, place), 1 - DROPOUT, values.shape)
        return values * kept / (1 - DROPOUT)

    mask = known[..., None]
    values = jax.nn.relu(dropped(rows, 0) @ weights["in"] + weights["in_offset"]) * mask
    for place, dilation in enumerate(DILATIONS):
        # Three shifted copies and a product: XLA's own dilated convolution is ten times slower to train on a CPU.
        before, after = (2 * dilation, 0) if causal else (dilation, dilation)
        padded = jnp.pad(values, ((0, 0), (before, after), (0, 0)))
        shifted = [
            jax.lax.slice_in_dim(padded, tap * dilation, tap * dilation + values.shape[1], axis=1) for tap in range(3)
        ]
        seen = jnp.concatenate(shifted, axis=-1) @ weights[f"layer_{dilation}"].reshape(3 * CHANNELS, CHANNELS)
        values = (values + dropped(jax.nn.relu(seen + weights[f"offset_{dilation}"]), place + 1)) * mask
    return values @ weights["out"] + weights["out_offset"]


@partial(jax.jit, static_argnums=3)
def _chances(weights: Weights, rows: Array, known: Array, causal: bool) -> Array:  # noqa: FBT001 - jit takes it by place
    return jax.nn.softmax(_scores(weights, rows, known, causal=causal))


@partial(jax.jit, static_argnums=6)
def _train(
    weights: Weights,
    inputs: Array,
    labels: Array,
    chosen: Array,
    starts: Array,
    key: Array,
    causal: bool,  # noqa: FBT001 - as above
) -> Weights:
    """Adam with a falling rate over all steps."""

    def loss(weights: Weights, rows: Array, known: Array, key: Array) -> Array:
        logs = jax.nn.log_softmax(_scores(weights, rows, jnp.ones_like(known, dtype=rows.dtype), causal=causal, key=key))
        right = jnp.take_along_axis(logs, jnp.maximum(known, 0)[..., None], -1)[..., 0]
        return -(right * (known >= 0)).sum() / jnp.maximum((known >= 0).sum(), 1)

    def step(state: tuple[Weights, Weights, Weights], given: tuple[Array, Array, Array]) -> tuple[Any, None]:
        weights, first, second = state
        number, nights, begins = given
        rows = jax.vmap(lambda night, begin: jax.lax.dynamic_slice_in_dim(inputs[night], begin, CROP))(nights, begins)
        known = jax.vmap(lambda night, begin: jax.lax.dynamic_slice_in_dim(labels[night], begin, CROP))(nights, begins)
        slope = jax.grad(loss)(weights, rows, known, jax.random.fold_in(key, number))
        count = number + 1.0
        rate = RATE * 0.5 * (1 + jnp.cos(jnp.pi * number / STEPS))
        first = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, first, slope)
        second = jax.tree.map(lambda old, new: 0.99 * old + 0.01 * new * new, second, slope)

        def moved(weight: Array, one: Array, two: Array) -> Array:
            towards = (one / (1 - 0.9**count)) / (jnp.sqrt(two / (1 - 0.99**count)) + 1e-8)
            return weight * (1 - rate * DECAY) - rate * towards

        return (jax.tree.map(moved, weights, first, second), first, second), None

    nothing = jax.tree.map(jnp.zeros_like, weights)
    trained: Weights
    (trained, _, _), _ = jax.lax.scan(step, (weights, nothing, nothing), (jnp.arange(STEPS), chosen, starts))
    return trained

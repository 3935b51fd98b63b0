"""From what the model thinks of each epoch alone to the likely course of the night: a hidden Markov model over stages.

`night` weighs what came before and after (forward-backward, Rabiner 1989), `live` what came before (forward).
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smartalarm.sleep.card import CardCalibration, CardSmoothing

Floats = NDArray[np.float64]
Stages = NDArray[np.int8]

LEAST = 1e-6
BLOCK = 32  # epochs that are multiplied side by side with other blocks: numpy is slow for one small step at a time


def smooth(
    probabilities: ArrayLike, smoothing: CardSmoothing, calibration: CardCalibration, mode: Literal["night", "live"]
) -> tuple[Stages, Floats]:
    """The stage of each epoch (an index, the likeliest) and its calibrated chances [n, 4]."""
    chances = calibrate(course(probabilities, smoothing, mode), probabilities, calibration)
    return chances.argmax(axis=1).astype(np.int8), chances


def course(probabilities: ArrayLike, smoothing: CardSmoothing, mode: Literal["night", "live"]) -> Floats:
    """The chances [n, 4] of each epoch's stage, given the epochs around (`night`) or up to it (`live`)."""
    own = np.maximum(np.asarray(probabilities, dtype=float), LEAST)
    if len(own) == 0:
        return np.zeros((0, len(smoothing.priors)))
    evidence = own**smoothing.sharpness / np.asarray(smoothing.priors) ** smoothing.tilt
    evidence /= evidence.max(axis=1, keepdims=True)
    transitions = np.asarray(smoothing.transitions)
    steps = transitions[None, :, :] * evidence[:, None, :]
    steps[0] = np.asarray(smoothing.start)[None, :] * evidence[0][None, :]
    before = _chain(steps)
    if mode == "live":
        return before
    back = (transitions[None, :, :] * evidence[:, None, :]).transpose(0, 2, 1)[::-1]
    after = np.ones_like(before)
    after[:-1] = _chain(back[:-1])[::-1]
    return _even(before * after)


def calibrate(chances: Floats, probabilities: ArrayLike, calibration: CardCalibration) -> Floats:
    """The course's chances and the epochs' own, bent to how often they come true."""
    bent = np.maximum(chances, LEAST) ** (1 / calibration.temperature) * np.exp(np.asarray(calibration.bias))
    return _even(bent * np.maximum(np.asarray(probabilities, dtype=float), LEAST) ** calibration.own)


def _chain(steps: Floats) -> Floats:
    """An even start taken through each of the matrices [n, k, k] in turn, as chances [n, k] after each.

    Blocks start at fixed places, so that what comes later changes nothing of what came before.
    """
    n, k = steps.shape[:2]
    blocks = -(-n // BLOCK)
    padded = np.empty((blocks * BLOCK, k, k))
    padded[:n], padded[n:] = steps, np.eye(k)
    products = padded.reshape(blocks, BLOCK, k, k)
    for place in range(1, BLOCK):
        product = products[:, place - 1] @ products[:, place]
        products[:, place] = product / product.sum(axis=(1, 2), keepdims=True)
    starts = np.empty((blocks, k))
    at = np.ones(k)
    for block in range(blocks):
        starts[block] = at
        at = at @ products[block, -1]
        at = at / at.sum()
    chances = (starts[:, None, None, :] @ products).reshape(-1, k)[:n]
    return _even(chances)


def _even(chances: Floats) -> Floats:
    """Each row scaled so that it sums to 1."""
    scaled: Floats = chances / chances.sum(axis=1, keepdims=True)
    return scaled

"""Makes the motion vectors: signals as phones give them, and the activity counts that scipy makes of each as a whole.

`tests/vectors/motion/*.json` hold what this prints; the web app, which filters block by block as the night goes on,
replays them. It needs numpy and scipy, which the product does not, so nothing runs it by itself. To make the files anew:

    python -m venv <folder> && <folder>/bin/pip install numpy scipy && <folder>/bin/python scripts/motion_vectors.py

With --check it changes nothing and fails when a file would change. Another scipy may round a last digit differently.

The counts are those of Walch et al. (SLEEP 42(12), 2019), of which the training nights are made: the z axis in g at
50 Hz, a Butterworth band-pass of order 5 from 3 to 11 Hz run forwards and backwards, absolute value, 128 bins over 0-5 g
(numpy.digitize counts them from 1), the largest of each second, summed over 15 s, less 18, times 3.07, at least 0; an
epoch of 30 s is the sum of two. An epoch without samples for more than 3 s in all, in holes of over 100 ms, has none.
"""

# ruff: noqa: PLR2004  a made signal is made of numbers
import base64
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "motion"
HZ = 50
ORDER = 5
BAND = (3, 11)
EDGES = np.linspace(0, 5, 129)
UNIT_G = 1 / 2048
"""What one step of a stored sample is: 16 bits reach to 16 g, further than any phone feels."""
HOLE_MS = 100
MISSING_MS = 3_000
EPOCH_S = 30


def expected(at_ms: Signal, z: Signal, seconds: int) -> dict[str, Any]:
    """The bin of each second and the count of each epoch, with the whole signal filtered at once."""
    signal = importlib.import_module("scipy.signal")
    b, a = signal.butter(ORDER, BAND, "bandpass", fs=HZ)
    grid = np.arange(seconds * HZ) / HZ * 1000
    filtered = np.abs(signal.filtfilt(b, a, np.interp(grid, at_ms, z)))
    bins = np.digitize(filtered, EDGES).reshape(seconds, HZ).max(axis=1)
    quarters = np.maximum((bins.reshape(-1, 15).sum(axis=1) - 18) * 3.07, 0)
    epochs = quarters.reshape(-1, 2).sum(axis=1)
    return {
        "bins": bins.tolist(),
        "counts": [
            None if missing(at_ms, i * EPOCH_S * 1000, (i + 1) * EPOCH_S * 1000) > MISSING_MS else round(float(count), 2)
            for i, count in enumerate(epochs)
        ],
    }


def missing(at_ms: Signal, start: float, end: float) -> float:
    """For how many milliseconds of a stretch there is no sample near."""
    marks = np.concatenate([[start], at_ms[(at_ms > start) & (at_ms < end)], [end]])
    # A hole that reaches beyond the stretch is as long as it is, and counts here with its part in it.
    before = at_ms[at_ms <= start]
    after = at_ms[at_ms >= end]
    lengths = np.diff(marks)
    whole = lengths.copy()
    whole[0] += start - before[-1] if len(before) else 0
    whole[-1] += after[0] - end if len(after) else 0
    return float(lengths[whole > HOLE_MS].sum())


def ticks(chance: np.random.Generator, seconds: int, hz: float, jitter_ms: float) -> Signal:
    """When samples come: about every 1/hz, a little early or late, never back in time, in whole milliseconds."""
    at = np.arange(0, seconds * 1000, 1000 / hz)
    at = np.round(at + chance.uniform(-jitter_ms, jitter_ms, len(at)))
    return np.unique(at[(at >= 0) & (at < seconds * 1000)])


def burst(at_ms: Signal, start: float, length: float, hz: float, size: float) -> Signal:
    """A shake that begins at once and dies away, times in seconds."""
    t = at_ms / 1000 - start
    inside = (t >= 0) & (t < length)
    return np.where(inside, size * np.exp(-3 * t / length) * np.sin(2 * np.pi * hz * t), 0)


def still(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Lying untouched: gravity, and the sensor's own noise."""
    at = ticks(chance, 120, 60, 0)
    return at, -0.98 + chance.normal(0, 0.004, len(at)), 120


def restless(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Turning over on a mattress: the angle changes, and there are bursts; 60 Hz, uneven."""
    at = ticks(chance, 150, 60, 5)
    t = at / 1000
    z = -0.97 + 0.3 / (1 + np.exp(-(t - 62) * 4)) + chance.normal(0, 0.006, len(at))
    for start, length, hz, size in ((20, 3, 5, 0.3), (61, 4, 4, 0.9), (74.2, 1.5, 8, 0.15), (118, 6, 6.5, 0.5)):
        z += burst(at, start, length, hz, size)
    return at, z, 150


def steps(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Walking about with the phone in hand, at a rate that drifts from 52 to 64 Hz."""
    seconds = 120
    lengths = 1000 / np.linspace(52, 64, 6_900) + chance.uniform(-2, 2, 6_900)
    at = np.unique(np.round(np.cumsum(lengths))).astype(np.float64)
    at = at[at < seconds * 1000]
    t = at / 1000
    step = np.abs(np.sin(2 * np.pi * 0.95 * t)) ** 6
    return at, -1 + 0.8 * step * np.sin(2 * np.pi * 4.4 * t) + chance.normal(0, 0.03, len(at)), seconds


def out_of_band(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Rocking at 0.8 Hz and humming at 21 Hz, which are not movements of a sleeper, with a tremor of 9 Hz in the middle."""
    at = ticks(chance, 120, 100, 1)
    t = at / 1000
    z = 0.5 * np.sin(2 * np.pi * 0.8 * t) + 0.2 * np.sin(2 * np.pi * 21 * t)
    return at, z + np.where((t > 55) & (t < 70), 0.12 * np.sin(2 * np.pi * 9 * t), 0), 120


def holes(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Samples that fail to come: now and then one, then for a second, for four, and for half a minute."""
    at, z, seconds = restless(chance)
    kept = chance.random(len(at)) > 0.03
    for start, end in ((24.0, 24.3), (33, 34.1), (70, 74), (85, 113)):
        kept &= (at < start * 1000) | (at > end * 1000)
    return at[kept], z[kept], seconds


def hard(chance: np.random.Generator) -> tuple[Signal, Signal, int]:
    """Thrown about: beyond 5 g, and cut off at 8 g as a sensor does."""
    at = ticks(chance, 120, 60, 3)
    t = at / 1000
    z = 14 * np.sin(2 * np.pi * 5.3 * t) * (np.sin(2 * np.pi * t / 40) > 0.6) + chance.normal(0, 0.02, len(at))
    return at, np.clip(z, -8, 8), 120


SIGNALS: dict[str, Callable[[np.random.Generator], tuple[Signal, Signal, int]]] = {
    "still": still,
    "restless": restless,
    "steps": steps,
    "out-of-band": out_of_band,
    "holes": holes,
    "hard": hard,
}


def packed(numbers: NDArray[Any], kind: str) -> str:
    """Numbers as base64 of 16 bits each, lower byte first."""
    return base64.b64encode(numbers.astype(kind).tobytes()).decode()


def made(name: str, seed: int) -> str:
    """One file: what is stored of a signal, and what scipy makes of exactly that."""
    at, z, seconds = SIGNALS[name](np.random.default_rng(seed))
    steps_ms = np.diff(at, prepend=0)
    stored = np.round(z / UNIT_G)
    vector = {
        "about": (SIGNALS[name].__doc__ or "").strip(),
        "seconds": seconds,
        "unit_g": UNIT_G,
        "steps_ms_u16": packed(steps_ms, "<u2"),
        "z_i16": packed(stored, "<i2"),
        "expect": expected(at, stored * UNIT_G, seconds),
    }
    return json.dumps(vector) + "\n"


def main() -> int:
    """Write the files, or with --check compare."""
    is_check = "--check" in sys.argv[1:]
    stale = 0
    for seed, name in enumerate(SIGNALS):
        path = FOLDER / f"{name}.json"
        text = made(name, seed)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if not is_check:
            path.write_text(text, "utf-8")
    print(f"{len(SIGNALS)} signals, {stale} {'stale' if is_check else 'written'}")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

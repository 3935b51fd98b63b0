"""What the sleep models see of a night: one row of numbers per 30-second epoch, the same in training and serving.

`night` looks around an epoch, `live` looks back alone: its rows for a prefix of a night are the prefix of its rows. Heart
rate is told relative to the sleeper's own night, movement both as it is and relative to the device's own scale, so that
another sleeper, watch or mattress moves the numbers little. What is missing reads as "nothing unusual", and columns of
their own say that it is missing.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mode = Literal["night", "live"]
Floats = NDArray[np.float64]
Signal = NDArray[np.float32]
Span = tuple[int, int]

EPOCHS_PER_MINUTE = 2
# A usual moving epoch of a wrist, in counts, and how many of them a night must show before its own scale is believed.
USUAL_MOVEMENT, BELIEF = 60.0, 3.0
# The spread of heart rate over a usual night, in beats a minute, and the epochs of it that a live night starts from.
USUAL_SPREAD, SPREAD_BELIEF = 6.0, 30.0
LEVELS = (1, 3, 5, 9, 15, 25, 41, 81, 161)
SPREADS = (5, 9, 15, 25, 41, 81)
ROOM = 170  # epochs: more than any window reaches
LONGEST = 120  # epochs: an hour without movement is as long as it gets


def features(counts: Signal, heart_rate: Signal, mode: Mode) -> Signal:
    """The rows of a night: [n, len(FEATURES[mode])]; nan in counts or heart rate (beats a minute) is a missing epoch."""
    columns = np.stack(list(_columns(counts, heart_rate, mode).values()))
    return np.ascontiguousarray(columns.T, dtype=np.float32)


def _columns(counts: Signal, heart_rate: Signal, mode: Mode) -> dict[str, Floats]:
    windows = _Windows(len(counts), mode)
    return {**_time(len(counts), mode), **_movement(windows, counts), **_heart(windows, heart_rate)}


class _Windows:
    """Means over windows of a night by running sums: centred for `night`, ending at the epoch itself for `live`."""

    def __init__(self, n: int, mode: Mode) -> None:
        self.n, self.mode = n, mode

    def span(self, length: int) -> Span:
        """How far a window of so many epochs reaches back and ahead."""
        return (length // 2, length // 2) if self.mode == "night" else (length - 1, 0)

    def means(self, values: Floats, there: NDArray[np.bool_], spans: list[Span]) -> list[Floats]:
        """The mean of what is there in each span; 0 where nothing is."""
        total, number = self._running(np.where(there, values, 0.0)), self._running(there)
        return [self._sums(total, span) / np.maximum(self._sums(number, span), 1.0) for span in spans]

    def _running(self, values: ArrayLike) -> Floats:
        """Sums up to each epoch, with room at both ends for the longest window: before the night 0, after it all."""
        sums = np.zeros(self.n + 1 + 2 * ROOM)
        np.cumsum(values, out=sums[ROOM + 1 : ROOM + 1 + self.n])
        sums[ROOM + 1 + self.n :] = sums[ROOM + self.n]
        return sums

    def _sums(self, running: Floats, span: Span) -> Floats:
        before, after = span
        end, start = ROOM + after + 1, ROOM - before
        return running[end : end + self.n] - running[start : start + self.n]

    def baseline(self, values: Floats, there: NDArray[np.bool_], belief: float, prior: float) -> Floats:
        """The mean so far (`live`) or of the whole night, starting from a prior worth `belief` epochs."""
        total = np.cumsum(np.where(there, values, 0.0)) + belief * prior
        number = np.cumsum(there) + belief
        mean = total / np.maximum(number, 1e-9)
        return mean if self.mode == "live" else np.full(self.n, mean[-1] if self.n else 0.0)

    def rank(self, values: Floats, there: NDArray[np.bool_]) -> Floats:
        """Which share of the night lies below, -0.5..0.5; 0 where nothing is known. `live` guesses from what came so far."""
        if not there.any():
            return np.zeros(self.n)
        if self.mode == "night":
            known = np.sort(values[there])
            share = (np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")) / (
                2 * len(known)
            ) - 0.5
        else:
            known, number = np.where(there, values, 0.0), np.maximum(np.cumsum(there), 1)
            mean = np.cumsum(known) / number
            variance = np.maximum(np.cumsum(np.square(known)) / number - np.square(mean), 0.0)
            # Ten epochs of doubt: the first ranks say little.
            share = 0.5 * np.tanh((values - mean) / np.sqrt(variance + 0.05) * number / (number + 10))
        return np.where(there, share, 0.0)


def _time(n: int, mode: Mode) -> dict[str, Floats]:
    """Time since the start, as deep sleep comes early, REM late and in cycles; for a whole night also its share gone by."""
    hours = np.arange(n) / (60 * EPOCHS_PER_MINUTE)
    columns = {
        "hours": hours,
        "hours_squared": np.square(hours) / 8,
        "settling_15": np.exp(-hours * 4),
        "settling_60": np.exp(-hours),
        "cycle_cos": np.cos(2 * np.pi * hours / 1.5),
        "cycle_sin": np.sin(2 * np.pi * hours / 1.5),
    }
    if mode == "night":
        columns |= {
            "share": (np.arange(n) + 0.5) / max(n, 1),
            "ending_15": np.exp(-hours[::-1] * 4),
            "length": np.full(n, n / 960),
        }
    return columns


def _movement(windows: _Windows, counts: Signal) -> dict[str, Floats]:
    there = np.isfinite(counts)
    raw = np.where(there, counts, 0.0).astype(float)
    raw = np.where(there, np.maximum(raw - _floor(windows, raw, there), 0.0), 0.0)
    scale = windows.baseline(raw, there & (raw > 0), BELIEF, USUAL_MOVEMENT)
    level, own = np.log1p(raw), np.log1p(20 * raw / scale)
    moved, tossed = raw > 0.02 * scale, raw > 0.7 * scale
    spans = [windows.span(length) for length in LEVELS]
    columns = dict(zip((f"counts_{length}" for length in LEVELS), windows.means(level, there, spans), strict=True))
    columns |= zip((f"own_counts_{length}" for length in LEVELS), windows.means(own, there, spans), strict=True)
    columns |= zip(
        (f"moved_{length}" for length in LEVELS[2:]), windows.means(moved.astype(float), there, spans[2:]), strict=True
    )
    columns |= zip(
        (f"tossed_{length}" for length in LEVELS[4:]), windows.means(tossed.astype(float), there, spans[4:]), strict=True
    )
    columns |= {"since_moved": _since(moved), "since_tossed": _since(tossed)}
    columns["moved_so_far"] = np.cumsum(moved) / (np.arange(windows.n) + 20.0)
    if windows.mode == "night":
        columns |= {"until_moved": _since(moved[::-1])[::-1], "until_tossed": _since(tossed[::-1])[::-1]}
        columns["still"] = np.minimum(columns["since_moved"], columns["until_moved"])
        for length in (10, 30):
            before, after = windows.means(own, there, [(length, -1), (-1, length)])
            columns[f"own_counts_turn_{length}"] = after - before
        columns["own_counts_night"] = np.full(windows.n, own.sum() / max(there.sum(), 1))
    columns["counts_missing_9"] = (
        1.0 - windows.means(there.astype(float), np.ones(windows.n, dtype=bool), [windows.span(9)])[0]
    )
    return columns


def _floor(windows: _Windows, raw: Floats, there: NDArray[np.bool_]) -> Floats:
    """What the device reports for stillness: a lower quarter of the night, or the least so far."""
    if windows.mode == "live":
        return np.minimum.accumulate(np.where(there, raw, np.inf))
    return np.full(windows.n, np.quantile(raw[there], 0.25) if there.any() else 0.0)


def _since(happened: NDArray[np.bool_]) -> Floats:
    """Epochs since it last happened, as a logarithm from 0 (now) to 1 (an hour or longer ago)."""
    epoch = np.arange(len(happened))
    last = np.maximum.accumulate(np.where(happened, epoch, -LONGEST))
    since: Floats = np.log1p(np.minimum(epoch - last, LONGEST)) / np.log1p(LONGEST)
    return since


def _heart(windows: _Windows, heart_rate: Signal) -> dict[str, Floats]:
    there = np.isfinite(heart_rate)
    rate = np.where(there, np.clip(heart_rate, 30, 200), 0.0).astype(float)
    centre, spread = _own_heart(windows, rate, there)
    level = np.where(there, np.clip((rate - centre) / spread, -5, 5), 0.0)
    spans = [windows.span(length) for length in LEVELS]
    levels = dict(zip(LEVELS, windows.means(level, there, spans), strict=True))
    columns = {f"heart_{length}": values for length, values in levels.items()}
    known = windows.means(there.astype(float), np.ones(windows.n, dtype=bool), spans)
    present = {length: share > 0 for length, share in zip(LEVELS, known, strict=True)}
    columns |= {"heart_missing_9": 1.0 - known[3], "heart_missing_81": 1.0 - known[7]}
    columns |= {f"heart_rank_{length}": windows.rank(levels[length], present[length]) for length in (5, 15, 41)}
    for short, long in ((3, 15), (5, 25), (9, 41), (25, 81), (41, 161)):
        columns[f"heart_rise_{short}_{long}"] = levels[short] - levels[long]

    step, stepped = _steps(rate, there)
    wobble = np.square(rate - _light(windows, rate, there))
    varied = [windows.span(length) for length in SPREADS]
    # Squares around the first reading, not around 0, or rounding would eat the spread.
    away = rate - (rate[np.argmax(there)] if there.any() else 0.0)
    squares, means = windows.means(np.square(away), there, varied), windows.means(away, there, varied)
    kinds = {
        "spread": [
            0.5 * np.log(np.maximum(square - np.square(mean), 0) + 0.5) for square, mean in zip(squares, means, strict=True)
        ],
        "steps": [np.log(mean + 0.5) for mean in windows.means(np.abs(step), stepped, varied)],
        "wobble": [0.5 * np.log(mean + 0.5) for mean in windows.means(wobble, there, varied)],
    }
    for kind, many in kinds.items():
        for length, values in zip(SPREADS, many, strict=True):
            near = present[length]
            typical = windows.baseline(values, near, 20.0 if windows.mode == "live" else 0.0, 0.7)
            columns[f"heart_{kind}_{length}"] = np.where(near, values - typical, 0.0)
            if length in {15, 41}:
                columns[f"heart_{kind}_rank_{length}"] = windows.rank(values, near)
            if length == 25:  # noqa: PLR2004 - one length also as it is: some hearts vary more than others all night
                columns[f"heart_{kind}_level"] = np.where(near, values - 0.7, 0.0)
    if windows.mode == "night":
        for length in (6, 15, 40):
            before, after = windows.means(level, there, [(length, -1), (-1, length)])
            columns[f"heart_turn_{length}"] = after - before
    else:
        rest = np.minimum.accumulate(np.where(present[15], levels[15] * spread + centre, np.inf))
        columns["heart_above_rest"] = np.where(present[15], np.clip((levels[5] * spread + centre - rest) / 10, 0, 5), 0.0)
        columns["heart_fallen"] = np.where(present[15], (centre - (levels[15] * spread + centre)) / 10, 0.0)
    return columns


def _own_heart(windows: _Windows, rate: Floats, there: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The sleeper's own middle and spread of heart rate: of the night, or so far."""
    n = windows.n
    if windows.mode == "night":
        if not there.any():
            return np.zeros(n), np.full(n, USUAL_SPREAD)
        low, middle, high = np.quantile(rate[there], (0.25, 0.5, 0.75))
        number = there.sum()
        spread = (number * (high - low) / 1.349 + SPREAD_BELIEF * USUAL_SPREAD) / (number + SPREAD_BELIEF)
        return np.full(n, middle), np.full(n, max(spread, 1.0))
    number = np.cumsum(there)
    mean = np.cumsum(rate) / np.maximum(number, 1)
    first = rate[np.argmax(there)] if there.any() else 0.0
    away = np.where(there, rate - first, 0.0)
    variance = np.cumsum(np.square(away)) / np.maximum(number, 1) - np.square(np.cumsum(away) / np.maximum(number, 1))
    variance = (number * np.maximum(variance, 0) + SPREAD_BELIEF * USUAL_SPREAD**2) / (number + SPREAD_BELIEF)
    return mean, np.maximum(np.sqrt(variance), 1.0)


def _steps(rate: Floats, there: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """The change of heart rate from one epoch to the next, where both are known."""
    stepped = np.zeros(len(rate), dtype=bool)
    step = np.zeros(len(rate))
    stepped[1:] = there[1:] & there[:-1]
    step[1:] = np.where(stepped[1:], np.clip(rate[1:] - rate[:-1], -20, 20), 0.0)
    return step, stepped


def _light(windows: _Windows, rate: Floats, there: NDArray[np.bool_]) -> Floats:
    """Heart rate smoothed over some minutes, from which it wobbles."""
    return windows.means(rate, there, [windows.span(9)])[0]


def _names(mode: Mode) -> tuple[str, ...]:
    nothing = np.full(2, np.nan, dtype=np.float32)
    return tuple(_columns(nothing, nothing, mode))


FEATURES: Mapping[Mode, tuple[str, ...]] = {"night": _names("night"), "live": _names("live")}

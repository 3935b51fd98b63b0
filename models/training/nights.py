"""The labelled nights: read, and laid out by epoch."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSCORED = -1


@dataclass(frozen=True)
class LabelledNight:
    """A recorded night: counts and heart rate by 30-second epoch (nan: missing), and the stage scored (-1: none)."""

    subject: str
    counts: NDArray[np.float32]
    heart_rate: NDArray[np.float32]
    stages: NDArray[np.int8]


def read_nights(path: Path) -> list[LabelledNight]:
    """All nights by subject; epochs that the file leaves out are missing."""
    rows: dict[str, list[dict[str, str]]] = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["subject"], []).append(row)
    return [_night(subject, rows[subject]) for subject in sorted(rows)]


def _night(subject: str, rows: list[dict[str, str]]) -> LabelledNight:
    epochs = np.array([int(row["epoch"]) for row in rows])
    first, n = epochs.min(), int(epochs.max() - epochs.min()) + 1
    counts, heart_rate = np.full(n, np.nan, dtype=np.float32), np.full(n, np.nan, dtype=np.float32)
    stages = np.full(n, UNSCORED, dtype=np.int8)
    for row, epoch in zip(rows, epochs - first, strict=True):
        counts[epoch] = float(row["count30"] or "nan")
        heart_rate[epoch] = float(row["hr_bpm"] or "nan")
        stages[epoch] = int(row["label4"] or UNSCORED)
    return LabelledNight(subject, counts, heart_rate, stages)

"""Judge the smart wake on nights its model has not seen: `make smart-wake DATA=walch_nights.csv.gz`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.training.nights import LabelledNight, read_nights
from models.training.oof import unseen
from models.training.waking import GRID, MOST_EARLY, Guessed, judge, oracle, sleeper_of, strategies, tuned
from smartalarm.sleep.waking import Curve

MODELS: Final = Path(__file__).resolve().parent.parent
SEEDS: Final = (0, 1, 2)
TUNED: Final = "smart wake"


def evaluate(seeds: Sequence[Sequence[Guessed]]) -> tuple[dict[str, dict[str, float]], Curve, int]:
    """Each strategy's figures, over seeds the mean; the curve that is deployed is the first seed's, as the model is."""
    found: dict[str, list[dict[str, float]]] = {}
    curves, alarms = [], 0
    for guesses in seeds:
        sleepers = [sleeper for one in guesses if (sleeper := sleeper_of(one))]
        alarms = sum(len(sleeper.alarms) for sleeper in sleepers)
        for name, ring in strategies():
            found.setdefault(name, []).append(judge(sleepers, ring).figures())
        tally, curve = tuned(sleepers)
        found.setdefault(TUNED, []).append(tally.figures())
        found.setdefault("oracle", []).append(judge(sleepers, oracle).figures())
        curves.append(curve)
    means = {name: {key: float(np.mean([row[key] for row in rows])) for key in rows[0]} for name, rows in found.items()}
    means[TUNED]["spread_seeds"] = float(np.std([row["wake_or_light"] for row in found[TUNED]]))
    return means, curves[0], alarms


def to_table(found: dict[str, dict[str, float]]) -> str:
    """As Markdown."""
    lines = [
        "| strategy | wake or light | of it wake | of it light | deep | REM | minutes early |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in found.items():
        shares = [f"{row[key]:.1%}" for key in ("wake_or_light", "wake", "light", "deep", "rem")]
        shares[0] += f" (+-{row['spread_nights']:.0%})"
        lines.append(f"| {name} | {' | '.join(shares)} | {row['minutes_early']:.1f} |")
    return "\n".join(lines)


def to_page(found: dict[str, dict[str, float]], curve: Curve, nights: int, alarms: int, seeds: int) -> str:
    """What is committed as models/smart-wake.md."""
    return PAGE.format(
        table=to_table(found),
        nights=nights,
        alarms=alarms,
        seeds=seeds,
        apart=found[TUNED]["spread_seeds"],
        most=MOST_EARLY,
        curves=len(GRID),
        **asdict(curve),
    )


PAGE: Final = """# Smart wake, judged on nights its model has not seen
Written by `make smart-wake`. `smartalarm.sleep.waking` deploys the curve, and a test compares the two.

{table}

+- is the spread (standard deviation) of single nights: one person's night may come out quite differently. Over
{seeds} seeds of the training the mean of the smart wake is spread by {apart:.1%}.

**How.** {nights} nights of the sleep-accel set (Walch et al., SLEEP 42(12) 2019; Goldberger et al. 2000; doi
10.13026/hmhs-py35, ODC-By 1.0) that are long enough, {alarms} alarms: one every five minutes from five hours after a
recording's start, each with a window of 30 minutes. Counted is the stage that a person scored for the epoch in which
it rings. In the last minute nothing rings early. The chances are those of the live model fitted, smoothed and
calibrated without the night. The curve is chosen for each night on the others, out of {curves}: most wakes in wake or
light sleep within a mean of {most:.0f} minutes early, with no more deep sleep than the plain alarm. *First movement*
rings at the first epoch with so many counts, as many apps do. The *oracle* knows every stage and rings in the
window's latest light epoch.

**What is deployed**, chosen on all nights: ring when the chance of wake or light sleep (mean of the latest {epochs}
epochs of 30 s) reaches {opening} as the window opens, falling to {closing} at its end, by the power {bend} of the
share that has gone by.

**What it cannot do.** Live staging knows the past alone. It tells light sleep from REM least well: nearly all wakes
in the wrong stage are in REM. The nights are those of healthy adults with a watch on the wrist, one night each; a
phone on a mattress measures less. Nobody was woken for these figures: whether people feel better for it is not shown.
The alarm's own time stays the latest in any case.
"""


@dataclass(frozen=True)
class Kept:
    """A night and the chances that the training run kept of it."""

    night: LabelledNight
    chances: NDArray[np.float64]


def kept_chances(nights: Sequence[LabelledNight], path: Path, seed: int) -> Sequence[Guessed]:
    """Those of one seed, as `models.training.oof.save` wrote them."""
    with np.load(path) as kept:
        return [Kept(night, kept[f"{night.subject}/p{f'_seed{seed}' if seed else ''}"]) for night in nights]


def main() -> int:
    """Print the table, and write it down with the curve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--quick", action="store_true", help="one seed")
    parser.add_argument(
        "--unseen", type=Path, help="where the training run kept them (unseen-live.npz): nothing is fitted anew"
    )
    given = parser.parse_args()
    nights = read_nights(given.data)
    numbers = SEEDS[:1] if given.quick else SEEDS
    seeds: Sequence[Sequence[Guessed]]
    if given.unseen is not None and given.unseen.exists():
        seeds = [kept_chances(nights, given.unseen, seed) for seed in numbers]
    else:
        seeds = unseen(nights, "live", numbers, _say)
    found, curve, alarms = evaluate(seeds)
    used = sum(1 for one in seeds[0] if sleeper_of(one))
    page = to_page(found, curve, used, alarms, len(numbers))
    rounded = {name: {key: round(value, 4) for key, value in row.items()} for name, row in found.items()}
    kept: dict[str, Any] = {"curve": asdict(curve), "nights": used, "alarms": alarms, "figures": rounded}
    (given.out / "smart-wake.md").write_text(page)
    (given.out / "smart-wake.json").write_text(json.dumps(kept, indent=2) + "\n")
    _say(to_table(found))
    _say(f"\ndeployed: {curve}")
    return 0


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

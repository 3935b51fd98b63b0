"""The cards of a model: one for the machine (JSON) and one for people (Markdown), written from what the run found."""

import hashlib
import json
from pathlib import Path
from typing import Any

from models.training.folds import Fitted
from models.training.scores import SENSITIVITY, STAGES
from smartalarm.sleep.features import FEATURES, Mode

VERSION = "1"
DATA = (
    "Motion and heart rate from a wrist-worn wearable and labeled sleep from polysomnography, version 1.0.0 "
    "(PhysioNet, https://doi.org/10.13026/hmhs-py35): {nights} nights, one each of {nights} people, of 31 in the study."
)
LICENCE = "Open Data Commons Attribution License v1.0 (ODC-By 1.0) for the data; for the models that of this repository."
CITATION = (
    (
        "Walch O, Huang Y, Forger D, Goldstein C. Sleep stage prediction with raw acceleration and photoplethysmography "
        "heart rate data derived from a consumer wearable device. SLEEP 42(12), 2019, zsz180."
    ),
    (
        "Goldberger A, Amaral L, Glass L, et al. PhysioBank, PhysioToolkit, and PhysioNet: components of a new research "
        "resource for complex physiologic signals. Circulation 101(23), 2000, e215-e220."
    ),
)
LIMITS = (
    "Not a medical device: it must not be used to find, judge or treat an illness.",
    (
        "Learnt from {nights} nights of healthy young adults in a sleep laboratory, all with one kind of watch; a night "
        "of somebody else may be staged much worse. The spread over nights is large."
    ),
    "A mattress is not a wrist: nothing here was measured with a phone on a mattress, nor with a partner in the bed.",
    "Without heart rate, light, deep and REM sleep are hardly told apart.",
    "Lying awake without moving looks like sleep.",
    "Heart rate was one reading of a watch about every 30 seconds; what varies from beat to beat is not seen.",
)


def write_cards(folder: Path, mode: Mode, onnx: bytes, fitted: Fitted, found: dict[str, Any]) -> None:
    """Write sleep-<mode>.onnx, .json and .md."""
    name = f"sleep-{mode}"
    nights = found["nights"]
    card: dict[str, Any] = {
        "name": name,
        "version": VERSION,
        "mode": mode,
        "onnx": f"{name}.onnx",
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "input_shape": "[1, n, features]",
        "features": list(FEATURES[mode]),
        "stages": list(STAGES),
        "smoothing": fitted.smoothing.model_dump(mode="json"),
        "calibration": fitted.calibration.model_dump(mode="json"),
        "data": DATA.format(nights=nights),
        "licence": LICENCE,
        "citation": list(CITATION),
        "agreement": found["agreement"],
        "agreement_counts_only": found["agreement_counts_only"],
        "metrics": {key: value for key, value in found.items() if not key.startswith("agreement")},
        "limits": [limit.format(nights=nights) for limit in LIMITS],
    }
    (folder / f"{name}.onnx").write_bytes(onnx)
    (folder / f"{name}.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(markdown(card, len(onnx)), encoding="utf-8")


def markdown(card: dict[str, Any], size: int) -> str:
    """The card for people."""
    metrics, own = card["metrics"], card["metrics"]["conditions"]["as recorded"]
    sees = "sees the whole night" if card["mode"] == "night" else "sees only what came before"
    lines = [
        f"# {card['name']}, version {card['version']}",
        f"Sleep stages ({', '.join(card['stages'])}) for every 30 seconds from activity counts and heart rate; {sees}.",
        f"`{card['onnx']}`, {size / 1024:.0f} KiB, sha256 `{card['sha256']}`. Written by the training run (`make train`).",
        "",
        "## How good it is",
        (
            f"Leave one subject out over {metrics['nights']} nights, mean of {metrics['seeds']} training seeds; "
            "transitions, smoothing and calibration are fitted without the night that is scored. Features and the shape of "
            "the models were chosen while looking at such figures of these same nights, so they flatter a little "
            "(training/LOG.md). The file averages the networks of all seeds. Epochs nobody scored are seen but not counted."
        ),
        "",
        *_table(
            ("figure", "value"),
            [
                ("Cohen's kappa, four stages, mean of nights", f"{own['kappa']:.3f}"),
                ("- spread over nights (standard deviation)", f"{own['kappa_spread_nights']:.3f}"),
                ("- spread over seeds (standard deviation)", f"{own['kappa_spread_seeds']:.3f}"),
                ("- of each seed", ", ".join(f"{value:.3f}" for value in metrics["kappa_by_seed"])),
                ("kappa with counts only", f"{metrics['conditions']['counts only']['kappa']:.3f}"),
                ("sleep or wake: area under the ROC curve, pooled", f"{own['auc']:.3f}"),
                (f"sleep or wake: specificity at sensitivity {SENSITIVITY}, pooled", f"{own['specificity']:.3f}"),
                ("calibration error, ten bins, pooled", f"{own['calibration_error']:.3f}"),
                ("share of epochs right (says little: most are light sleep)", f"{own['accuracy']:.3f}"),
            ],
        ),
        "",
        "Kappa by night: "
        + ", ".join(f"{subject} {value:.2f}" for subject, value in metrics["kappa_by_night"].items())
        + ".",
        "",
        "## Which stage is taken for which",
        "Rows: what a person scored; shares of each row.",
        "",
        *_table(
            ("scored", *card["stages"]),
            [
                (stage, *(f"{value:.2f}" for value in row))
                for stage, row in zip(card["stages"], metrics["confusion"], strict=True)
            ],
        ),
        "",
        "## Minutes of a night",
        "Model less laboratory, over scored epochs of each night: mean, and limits of 95 % of nights (Bland and Altman).",
        "",
        *_table(
            ("figure", "bias", "from", "to", "counts only: bias", "from", "to"),
            [
                (name.replace("_", " "), *_limits(each), *_limits(card["agreement_counts_only"][name]))
                for name, each in card["agreement"].items()
            ],
        ),
        "",
        "## Is its confidence honest?",
        "",
        *_table(
            ("confidence", "epochs (all seeds)", "mean confidence", "right"),
            [
                (
                    f"{row['from']:.1f}-{row['from'] + 0.1:.1f}",
                    f"{row['epochs']}",
                    f"{row['confidence']:.2f}",
                    f"{row['right']:.2f}",
                )
                for row in metrics["calibration"]
            ],
        ),
        "",
        "## Other nights",
        "The same nights, changed; the model of each fold is the one from above.",
        "",
        *_table(
            ("condition", "kappa", "AUC", "specificity", "calibration error"),
            [
                (name, *(f"{each[key]:.3f}" for key in ("kappa", "auc", "specificity", "calibration_error")))
                for name, each in metrics["conditions"].items()
            ],
        ),
        "",
        "## Limits",
        *(f"- {limit}" for limit in card["limits"]),
        "",
        "## Data, licence, citation",
        card["data"],
        card["licence"],
        "",
        *(f"- {citation}" for citation in card["citation"]),
        "",
        "## Features, in order",
        ", ".join(f"`{name}`" for name in card["features"]) + ".",
    ]
    return "\n".join(lines) + "\n"


def _limits(each: dict[str, float]) -> tuple[str, str, str]:
    return f"{each['bias']:+.0f}", f"{each['low']:+.0f}", f"{each['high']:+.0f}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(row) + " |" for row in rows)]

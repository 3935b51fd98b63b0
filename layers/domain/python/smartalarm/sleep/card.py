"""The card that comes with a sleep model: what it reads, how it is smoothed, how good it is and where it came from."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Four = Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CardSmoothing(_Part):
    """The course of stages: chances of each stage after each, at the start and in all.

    `sharpness` is how much an epoch's own evidence counts (neighbouring epochs see much the same windows), `tilt` how
    much of the priors is taken out of it, since the course brings them again.
    """

    transitions: Annotated[tuple[Four, ...], Field(min_length=4, max_length=4)]
    start: Four
    priors: Four
    sharpness: Annotated[float, Field(gt=0)]
    tilt: Annotated[float, Field(ge=0)]


class CardCalibration(_Part):
    """What makes the smoothed chances honest: a temperature, and a weight for each stage (as logarithms).

    `own` is how much of an epoch's own chances is added to the course's: they tell sleep from wake better.
    """

    temperature: Annotated[float, Field(gt=0)]
    own: Annotated[float, Field(ge=0)] = 0.0
    bias: Four


class CardAgreement(_Part):
    """Model - laboratory, in minutes a night: the mean and its 95 % limits (Bland and Altman, Lancet 1986)."""

    bias: float
    low: float
    high: float


class Card(_Part):
    """A model's card; `metrics` holds every figure of its evaluation."""

    name: str
    version: str
    mode: Literal["night", "live"]
    onnx: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    input_shape: str
    features: tuple[str, ...]
    stages: tuple[Literal["wake", "light", "deep", "rem"], ...]
    smoothing: CardSmoothing
    calibration: CardCalibration
    data: str
    licence: str
    citation: tuple[str, ...]
    agreement: dict[str, CardAgreement]
    agreement_counts_only: dict[str, CardAgreement]
    metrics: dict[str, Any]
    limits: tuple[str, ...]


def read_card(path: Path) -> Card:
    """The card of a file; ValueError where it is not one."""
    return Card.model_validate_json(path.read_bytes())

"""One recording into stages, figures and how far to trust them; nothing is stored, and too little signal is no guess."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from smartalarm.alarms.zones import ZoneName
from smartalarm.errors import NotFound
from smartalarm.instants import Instant
from smartalarm.ports import STAGES, SleepStager, Stage, Staging, StagingMode
from smartalarm.settings import Settings
from smartalarm.sleep.metrics import NightMetrics, night_metrics

FEWEST_EPOCHS: Final = 20
"""Ten minutes."""
MOST_EPOCHS: Final = 2880
"""24 hours."""
LEAST_SHARE: Final = 0.5
"""With counts or stages for less of a recording than this, stages would be guesses and figures those of the gaps."""
WITH_GAPS: Final = 0.95
"""With stages for less of it than this, figures come with a word about the gaps."""


Source = Literal["wrist", "mattress", "unknown"]
"""Where movement was measured: on the body, in the bed, or nobody said."""
Note = Literal["too_little_signal", "mattress", "unknown_source", "gaps", "counts_only"]
Count = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
HeartRate = Annotated[float, Field(ge=25, le=250, allow_inf_nan=False)]
Epochs = Field(min_length=FEWEST_EPOCHS, max_length=MOST_EPOCHS)
Probability = Annotated[float, Field(ge=0, le=1)]


class SleepRecording(BaseModel):
    """What to analyze: one count, and one heart rate if there are any, for every 30 seconds from `start` on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Instant
    epoch_seconds: Literal[30]
    counts: Annotated[list[Count | None], Epochs] = Field(
        description="Activity counts, null where nothing was measured: 10 minutes to 24 hours."
    )
    heart_rate: Annotated[list[HeartRate | None], Epochs] | None = Field(
        default=None, description="Beats a minute, null where none was read; as long as `counts`."
    )
    mode: StagingMode = Field(
        description="night: the whole night is there. live: it goes on, so each epoch sees the past alone."
    )
    source: Source = Field(description="What measured the movement. The models know wrists.")
    time_zone: ZoneName | None = None

    @field_validator("heart_rate")
    @classmethod
    def _as_long_as_counts(cls, value: list[float | None] | None, info: ValidationInfo) -> list[float | None] | None:
        if value is not None and "counts" in info.data and len(value) != len(info.data["counts"]):
            raise ValueError(f"Send as many as counts: {len(info.data['counts'])}, not {len(value)}.")
        return value


class StageProbabilities(BaseModel):
    """How likely each stage is; together 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wake: Probability
    light: Probability
    deep: Probability
    rem: Probability


class EpochView(BaseModel):
    """One epoch. Without signal nearby all three are null."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Stage | None
    confidence: Probability | None = Field(description="The calibrated probability of the stage.")
    p: StageProbabilities | None


class Uncertainty(BaseModel):
    """By how much a figure of the model lies off a sleep laboratory's: in minutes, model - laboratory.

    `bias` is the mean over nights; 95 % of nights lie between `low` and `high` (Bland and Altman, Lancet 1986).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    low: float
    high: float


class Quality(BaseModel):
    """How far to trust the figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Source
    signal_share: float = Field(ge=0, le=1, description="Share of epochs with a count.")
    heart_rate_share: float = Field(ge=0, le=1, description="Share of epochs with a heart rate.")
    note: Note | None = Field(
        description="What weighs most: too_little_signal (there are no figures), mattress or unknown_source (the models are "
        "judged on wrists), gaps, counts_only (hardly any heart rate: light, deep and REM are told apart badly)."
    )
    uncertainty: dict[str, Uncertainty] = Field(
        description="By figure: total_sleep_time_minutes, waso_minutes, deep_minutes, rem_minutes; from the model's card."
    )


class Analysis(BaseModel):
    """What a model makes of a recording. `metrics` is null when there is too little signal for them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    version: str = Field(description="The model's.")
    epochs: list[EpochView] = Field(description="One for each count, in order.")
    metrics: NightMetrics | None
    quality: Quality

    @model_validator(mode="after")
    def _figures_or_a_word(self) -> Self:
        if (self.metrics is None) != (self.quality.note == "too_little_signal"):
            raise ValueError("an analysis has figures, or says that there is too little signal")
        return self


class SleepAnalysis:
    """Asks the model and puts its answer into words and figures."""

    def __init__(self, stager: SleepStager, settings: Settings) -> None:
        self._stager = stager
        self._settings = settings

    def analyze(self, recording: SleepRecording) -> Analysis:
        """Raises NotFound when inference is switched off, Unavailable when the model cannot be used."""
        if not self._settings.ml_enabled:
            raise NotFound("Sleep analysis is switched off here.", code="ml_disabled")
        return self.of_signal(recording.counts, recording.heart_rate, recording.mode, recording.source)

    def of_signal(
        self,
        counts: Sequence[float | None],
        heart_rate: Sequence[float | None] | None,
        mode: StagingMode,
        source: Source,
    ) -> Analysis:
        """The same for a signal that is known to be well-formed, whatever the settings say."""
        return analysis_of(self._stager.stage(counts, heart_rate, mode), counts, heart_rate, source)


def analysis_of(
    staging: Staging, counts: Sequence[float | None], heart_rate: Sequence[float | None] | None, source: Source
) -> Analysis:
    """The analysis of a signal that a model has staged."""
    staged, counted = _share(staging.stages), _share(counts)
    is_enough = min(staged, counted) >= LEAST_SHARE
    heart_rate_share = _share(heart_rate or ())
    shown = zip(staging.stages, staging.probabilities, strict=True)
    return Analysis(
        model=staging.model,
        version=staging.version,
        epochs=[_epoch(*each) if is_enough else _UNKNOWN for each in shown],
        metrics=night_metrics(staging.stages) if is_enough else None,
        quality=Quality(
            source=source,
            signal_share=counted,
            heart_rate_share=heart_rate_share,
            note=_note(source, heart_rate_share, staged) if is_enough else "too_little_signal",
            uncertainty={
                name: Uncertainty(bias=each.bias, low=each.low, high=each.high) for name, each in staging.agreement.items()
            },
        ),
    )


_UNKNOWN: Final = EpochView(stage=None, confidence=None, p=None)


def _epoch(stage: Stage | None, probabilities: tuple[float, float, float, float] | None) -> EpochView:
    if stage is None or probabilities is None:
        return _UNKNOWN
    by_stage = dict(zip(STAGES, probabilities, strict=True))
    return EpochView(stage=stage, confidence=by_stage[stage], p=StageProbabilities(**by_stage))


def _note(source: Source, heart_rate_share: float, staged_share: float) -> Note | None:
    """The one thing that weighs most; what else there is stands in the shares beside it."""
    if source != "wrist":
        return "mattress" if source == "mattress" else "unknown_source"
    if staged_share < WITH_GAPS:
        return "gaps"
    return "counts_only" if heart_rate_share < LEAST_SHARE else None


def _share(values: Sequence[object]) -> float:
    return round(sum(value is not None for value in values) / len(values), 4) if values else 0.0

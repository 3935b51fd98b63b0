"""Recorded nights on the wire."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from smartalarm.alarms.zones import ZoneName
from smartalarm.instants import Instant
from smartalarm.ports import Stage
from smartalarm.sleep.analysis import MOST_EPOCHS, Count, HeartRate, Probability, Quality, Source
from smartalarm.sleep.considering import SmartWakeDecision
from smartalarm.sleep.metrics import NightMetrics
from smartalarm.sleep.recorded import State
from smartalarm.text import UuidText

VendorName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Field(examples=["apple_health"])]
"""What staged a night on the device, in small letters, digits and underscores."""
_MOST: Final = Field(min_length=1, max_length=MOST_EPOCHS)


class NewSleepSession(BaseModel):
    """A night to record, as it begins. `start` is cut to the whole second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Instant
    epoch_seconds: Literal[30] = 30
    source: Source = Field("unknown", description="What measures the movement: on the wrist, in the mattress.")
    time_zone: ZoneName = Field(description="Where the sleeper is.")
    device_id: UuidText | None = Field(None, description="Which of the user's devices records, if it is one of them.")

    @field_validator("start")
    @classmethod
    def _whole_second(cls, start: Instant) -> Instant:
        return start.replace(microsecond=0)


class SleepEpochs(BaseModel):
    """Some epochs of a night, in order: either what was measured, or the stages that the device made itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    first: int = Field(ge=0, lt=MOST_EPOCHS, description="The number of the first one; the night's first is 0.")
    counts: Annotated[list[Count | None], _MOST] | None = Field(
        None, description="Activity counts, null where nothing was measured."
    )
    heart_rate: Annotated[list[HeartRate | None], _MOST] | None = Field(
        None, description="Beats a minute, null where none was read; as long as `counts`."
    )
    stages: Annotated[list[Stage | None], _MOST] | None = Field(
        None, description="In place of counts: the stages that the device made, null where it does not know."
    )
    source: VendorName | None = Field(None, description="With stages: what made them.")

    @field_validator("counts")
    @classmethod
    def _within_a_day(cls, counts: list[float | None] | None, info: ValidationInfo) -> list[float | None] | None:
        _check_length(len(counts or ()), info)
        return counts

    @field_validator("heart_rate")
    @classmethod
    def _as_long_as_counts(cls, rates: list[float | None] | None, info: ValidationInfo) -> list[float | None] | None:
        if rates is not None and "counts" in info.data and len(rates) != len(info.data["counts"] or ()):
            raise ValueError(f"Send as many as counts: {len(info.data['counts'] or ())}, not {len(rates)}.")
        return rates

    @field_validator("stages")
    @classmethod
    def _one_of_both(cls, stages: list[Stage | None] | None, info: ValidationInfo) -> list[Stage | None] | None:
        if "counts" in info.data and (stages is None) == (info.data["counts"] is None):
            raise ValueError("Send either counts or stages.")
        _check_length(len(stages or ()), info)
        return stages

    @field_validator("source")
    @classmethod
    def _with_stages(cls, source: str | None, info: ValidationInfo) -> str | None:
        if "stages" in info.data and (source is None) != (info.data["stages"] is None):
            raise ValueError("Say it with stages, and only with them.")
        return source


def _check_length(length: int, info: ValidationInfo) -> None:
    if (first := info.data.get("first")) is not None and first + length > MOST_EPOCHS:
        raise ValueError(f"A night has at most {MOST_EPOCHS} epochs, which is 24 hours; this would be {first + length}.")


class EpochsTaken(BaseModel):
    """What the session holds now, and what was decided about an alarm whose smart wake window is open."""

    model_config = ConfigDict(frozen=True)

    received_epochs: int = Field(description="How many different epochs came so far.")
    last_epoch: int = Field(description="The number of the last one.")
    smart_wake: SmartWakeDecision | None


class FinishRequest(BaseModel):
    """Nothing yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SleepSession(BaseModel):
    """A recorded night. What an analysis gives is null until it is finished."""

    model_config = ConfigDict(frozen=True)

    id: str
    start: Instant
    epoch_seconds: Literal[30]
    source: Source
    time_zone: str
    device_id: str | None
    state: State
    abandoned: bool = Field(description="Still recording, but without an epoch for three hours: somebody should finish it.")
    received_epochs: int = Field(description="How many different epochs came so far.")
    last_epoch: int | None = Field(description="The number of the last one.")
    end: Instant = Field(description="When the last epoch that came ended.")
    kept_until: Instant = Field(description="When the night is erased.")
    analysis_source: Literal["model", "vendor"] | None = Field(description="Whether our model or the device staged it.")
    stages_source: str | None = Field(description="What staged it on the device.")
    model: str | None
    version: str | None = Field(description="The model's.")
    metrics: NightMetrics | None
    quality: Quality | None


class SessionEpoch(BaseModel):
    """One epoch of a finished night. Without signal nearby both are null."""

    model_config = ConfigDict(frozen=True)

    stage: Stage | None
    confidence: Probability | None = Field(description="The calibrated probability of the stage; none from a device.")


class WholeSleepSession(SleepSession):
    """A recorded night with its epochs."""

    revision: int = Field(description="Counts the changes of it; the ETag.")
    epochs: list[SessionEpoch] | None = Field(description="Null until it is finished.")
    counts: list[float | None] | None = Field(description="Activity counts; null unless they were asked for.")
    heart_rate: list[float | None] | None = Field(description="Beats a minute; null unless they were asked for.")


class SleepSessionPage(BaseModel):
    """Some nights, the newest first, and the cursor of the next page. A page may hold fewer than asked for."""

    model_config = ConfigDict(frozen=True)

    items: tuple[SleepSession, ...]
    next: str | None


class ExportedNight(SleepSession):
    """A recorded night with all that is stored of it, one entry for each epoch."""

    stages: list[Stage | None]
    confidences: list[float | None]
    counts: list[float | None]
    heart_rate: list[float | None]


class SleepExport(BaseModel):
    """All recorded nights, the newest first; of very many the cursor of the next page."""

    model_config = ConfigDict(frozen=True)

    exported_at: Instant
    items: tuple[ExportedNight, ...]
    next: str | None

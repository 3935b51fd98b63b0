"""The figures of one night, from its stages: what a sleep laboratory reports, under the same names.

Definitions after the AASM Manual for the Scoring of Sleep and Associated Events, "Sleep scoring data" (v2.6, 2020), with the
recording in the place of lights out to lights on: sleep latency until the first epoch of any stage but wake; WASO is wake
from then to the end of the recording, so that latency + WASO + total sleep time make up all that was scored; efficiency is
total sleep time over time in bed; REM latency from sleep onset to the first epoch of REM. An epoch without a stage counts
as time in bed and as nothing else.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.ports import Stage

EPOCH_SECONDS: Final = 30
Minutes = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class OfStages(BaseModel):
    """One figure for each stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wake: float
    light: float
    deep: float
    rem: float


class NightMetrics(BaseModel):
    """The figures of a night."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_in_bed_minutes: Minutes = Field(description="The whole recording.")
    sleep_onset_latency_minutes: Minutes | None = Field(
        description="From the start to the first epoch asleep; null when there is none."
    )
    total_sleep_time_minutes: Minutes = Field(description="Light, deep and REM together.")
    waso_minutes: Minutes = Field(description="Wake after sleep onset, to the end of the recording.")
    sleep_efficiency: Share = Field(description="Total sleep time over time in bed.")
    stage_minutes: OfStages
    stage_share: OfStages = Field(description="Of the time that has a stage; together 1, or all 0 when there is none.")
    rem_latency_minutes: Minutes | None = Field(description="From sleep onset to the first REM; null when there is none.")
    awakenings: int = Field(
        ge=0,
        description="How often sleep was interrupted by wake; the last awakening, which is followed by no sleep, is none.",
    )


def night_metrics(stages: Sequence[Stage | None], epoch_seconds: int = EPOCH_SECONDS) -> NightMetrics:
    """The figures of these epochs, the first of which begins with the recording."""
    minutes = epoch_seconds / 60
    onset = next((index for index, stage in enumerate(stages) if stage not in {None, "wake"}), None)
    after = [] if onset is None else list(stages[onset:])
    first_rem = after.index("rem") if "rem" in after else None
    counted = {stage: sum(each == stage for each in stages) for stage in OfStages.model_fields}
    scored = sum(counted.values())
    asleep = scored - counted["wake"]
    return NightMetrics(
        time_in_bed_minutes=len(stages) * minutes,
        sleep_onset_latency_minutes=None if onset is None else onset * minutes,
        total_sleep_time_minutes=asleep * minutes,
        waso_minutes=after.count("wake") * minutes,
        sleep_efficiency=round(asleep / len(stages), 4) if stages else 0.0,
        stage_minutes=OfStages(**{stage: count * minutes for stage, count in counted.items()}),
        stage_share=OfStages(**{stage: round(count / scored, 4) if scored else 0.0 for stage, count in counted.items()}),
        rem_latency_minutes=None if first_rem is None else first_rem * minutes,
        awakenings=_interruptions(after),
    )


def _interruptions(stages: Sequence[Stage | None]) -> int:
    """Runs of wake that sleep follows, in epochs that begin with sleep.

    People are asked in the same way (Consensus Sleep Diary, Carney et al., SLEEP 35(2) 2012): "not counting your final
    awakening". An epoch without a stage neither ends a run nor begins one.
    """
    runs = [is_awake for is_awake, _ in groupby(stage == "wake" for stage in stages if stage is not None)]
    return sum(runs[:-1])

"""What arriving epochs may lead to: a decision about an alarm whose window is open (smartalarm.ringing.smart_wake)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SmartWakeDecision(BaseModel):
    """What was decided about the alarm whose window is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurrence_id: str
    alarm_id: str
    rings: bool = Field(description="Whether it rings now, before its time.")
    reason: str = Field(description="Why, or why not yet.")
    stage: Literal["wake", "light"] = Field(description="The likelier of the two.")
    confidence: float = Field(ge=0, le=1, description="How sure it is that the sleeper is awake or sleeps lightly.")
    minutes_early: int = Field(ge=1, description="How long it is until the alarm's own time.")

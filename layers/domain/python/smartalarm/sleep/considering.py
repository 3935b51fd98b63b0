"""What arriving epochs may lead to: a decision about an alarm whose window is open."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.ports import Stage
from smartalarm.sleep.recorded import Recording


class SmartWakeDecision(BaseModel):
    """What was decided about the alarm whose window is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurrence_id: str
    alarm_id: str
    rings: bool = Field(description="Whether it rings now, before its time.")
    reason: str = Field(description="Why, or why not yet.")
    stage: Stage | None
    confidence: float | None = Field(ge=0, le=1)
    minutes_early: float | None = Field(description="How long before the alarm's time it rings; null when it does not.")


class SmartWake:
    """Decides nothing: without a live model an alarm rings at its time."""

    def consider(self, user: str, session_id: str, recording: Recording, now: datetime) -> SmartWakeDecision | None:  # noqa: ARG002
        """What to do about the user's open alarm window, if there is one. Called when epochs have been stored."""
        return None

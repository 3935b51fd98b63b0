"""A finished night, as whatever looks for patterns over many of them reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from smartalarm.ports import Stage
from smartalarm.sleep.analysis import Source
from smartalarm.sleep.metrics import NightMetrics


@dataclass(frozen=True, slots=True)
class Night:
    """One recorded night. `start` and `end` are aware UTC instants; `time_zone` is where the sleeper was, an IANA name.

    `stages` are one for each 30 seconds from `start` on, None where nothing is known; `metrics` are those of what is
    known, however little that is. `analysed_by`: our model, or the device that brought its own stages.
    `alarm_rang`: one of the sleeper's alarms rang between `start` and half an hour after `end`.
    """

    session_id: str
    start: datetime
    end: datetime
    time_zone: str
    source: Source
    stages: tuple[Stage | None, ...]
    metrics: NightMetrics
    analysed_by: Literal["model", "vendor"]
    alarm_rang: bool

"""Somebody who sleeps with a session running and an alarm ahead: what the tests of smart wake need."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from smartalarm import ports
from smartalarm.adapters.memory import MemoryStager
from smartalarm.ringing.smart_wake import RunningSession, SmartWake
from smartalarm.sleep.considering import SmartWakeDecision
from tests.stage import Stage

EPOCH = 30
AWAKE, LIGHT, REM, DEEP = 500.0, 5.0, 50.0, 0.0
"""Counts that the stager in memory takes for these stages."""


class SureStager(MemoryStager):
    """The stager in memory, hardly ever in doubt: whatever the deployed bar is, it is passed."""

    def stage(self, *signal: Any) -> ports.Staging:
        """See `SleepStager.stage`."""
        told = super().stage(*signal)
        sure = {name: tuple(0.97 if one == name else 0.01 for one in ports.STAGES) for name in ports.STAGES}
        return replace(told, probabilities=tuple(sure[one] if one else None for one in told.stages))  # type: ignore[misc]


def sure_stage(**settings: Any) -> Stage:
    """A stage with that stager."""
    return Stage({ports.SleepStager: SureStager}, **settings)


class Sleeper:
    """Somebody who sleeps with a session running, on a stage of their own."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.user = stage.sign_up()
        self.phone = stage.add_phone()
        self.read = 0

    def set_alarm(self, minutes: float = 30, window: int = 30, **fields: Any) -> str:
        """An alarm so many minutes ahead; the id of its next occurrence."""
        made = self.stage.set_alarm(minutes * 60, smart_wake_minutes=window, **fields)
        occurrence_id: str = made["next"]["id"]
        return occurrence_id

    def session(self, count: float, *, epochs: int = 60, ended_ago: float = 1) -> RunningSession:
        """A recording whose last epochs have this count, and ended so many seconds ago."""

        def readings() -> tuple[Sequence[float | None], None]:
            self.read += 1
            return [DEEP] * (epochs - 5) + [count] * 5, None

        start = self.stage.clock.now() - timedelta(seconds=ended_ago + epochs * EPOCH)
        return RunningSession(start, EPOCH, epochs - 1, readings)

    def send(self, count: float, **how: Any) -> SmartWakeDecision | None:
        """A batch of epochs arrives."""
        wake = self.stage.injector.get(SmartWake)
        return wake.consider(self.user, self.session(count, **how), self.stage.clock.now())

    def rings(self) -> list[tuple[int, datetime]]:
        """The number of each ring that the phone heard, and when."""
        told = [push for push in self.stage.pushes() if push.body["type"] == "ring"]
        return [(push.body["occurrence"]["ring_count"], push.at) for push in told]

    def dismiss(self, occurrence_id: str) -> Any:
        """The sleeper is up."""
        return self.stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {"device_id": self.phone})


def in_minutes(stage: Stage, minutes: float) -> datetime:
    """That instant."""
    return stage.clock.now() + timedelta(minutes=minutes)

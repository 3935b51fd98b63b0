"""A stager without a model: the count alone says the stage, so that a test can write down the night it wants."""

from collections.abc import Sequence
from typing import Final

from smartalarm.ports import STAGES, Agreement, Stage, Staging, StagingMode

WAKE_FROM: Final = 100.0
REM_FROM: Final = 10.0
SURE: Final = 0.85
_NEAR: Final = 2


class MemoryStager:
    """`SleepStager` by rule: 0 is deep, below 10 light, below 100 REM, more is awake; surely so, with a probability of 0.85.

    An epoch without a count is as the one before, up to a minute long.
    """

    def stage(
        self,
        counts: Sequence[float | None],
        heart_rate: Sequence[float | None] | None,  # noqa: ARG002  the port's name
        mode: StagingMode,
    ) -> Staging:
        """See `SleepStager.stage`."""
        stages: list[Stage | None] = []
        for index in range(len(counts)):
            near = [count for count in counts[max(0, index - _NEAR) : index + 1] if count is not None]
            stages.append(_stage_of(near[-1]) if near else None)
        off = (1 - SURE) / (len(STAGES) - 1)
        sure = {stage: tuple(SURE if other == stage else off for other in STAGES) for stage in STAGES}
        probabilities = tuple(None if stage is None else sure[stage] for stage in stages)
        agreement = {
            "total_sleep_time_minutes": Agreement(0.0, -30.0, 30.0),
            "waso_minutes": Agreement(0.0, -30.0, 30.0),
            "deep_minutes": Agreement(0.0, -30.0, 30.0),
            "rem_minutes": Agreement(0.0, -30.0, 30.0),
        }
        return Staging(f"memory-{mode}", "1", tuple(stages), probabilities, agreement)  # type: ignore[arg-type]  # four each


def _stage_of(count: float) -> Stage:
    if count >= WAKE_FROM:
        return "wake"
    if count >= REM_FROM:
        return "rem"
    return "light" if count > 0 else "deep"

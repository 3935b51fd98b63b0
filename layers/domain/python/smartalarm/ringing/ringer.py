"""The ring step: takes a batch of timers a little early and sees each through. Stateless between runs.

A run is a generator that yields the instants it wants to wait for: the host waits for real, the simulation virtually.
"""

from collections.abc import Generator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from smartalarm.events import ARMED_EARLY, HandedTimer, RingBatch
from smartalarm.ports import Clock, Timer
from smartalarm.ringing.agenda import Agenda
from smartalarm.ringing.announcing import Announcer
from smartalarm.ringing.claiming import Claiming
from smartalarm.ringing.climbing import Climbing
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.readiness import Readiness
from smartalarm.ringing.recompute import Recompute
from smartalarm.ringing.run import Failures, Run, Work
from smartalarm.ringing.timers import AGAIN, ANNOUNCE, EARLY, LADDER, RECOMPUTE, REPORT, TEST

PATIENT: Final = frozenset({ANNOUNCE, EARLY, REPORT, TEST})
"""What waits until all else that is due is done: none of it was promised to the second."""


class Ringer:
    """Sees timers through."""

    def __init__(
        self,
        claiming: Claiming,
        climbing: Climbing,
        announcer: Announcer,
        recompute: Recompute,
        readiness: Readiness,
        failures: Failures,
        direct_path: DirectPath,
        clock: Clock,
    ) -> None:
        self._failures = failures
        self._direct_path = direct_path
        self._clock = clock
        self._work: dict[str, Work] = {
            "ring": claiming.arm,
            EARLY: claiming.arm,
            AGAIN: claiming.arm,
            LADDER: climbing.climb,
            ANNOUNCE: announcer.announce,
            TEST: announcer.test,
            REPORT: readiness.report,
            RECOMPUTE: recompute.run,
        }

    def ring(self, batch: RingBatch) -> Generator[datetime, None, tuple[Timer, ...]]:
        """Handle a batch. Yields instants to wait until; returns timers neither settled nor handed back."""
        run = Run(Agenda(self._clock, self._failures.noted), self._clock, self._begin, self._direct_path.send)
        self._begin(run, batch)
        yield from run.agenda.run()
        return tuple(run.undone)

    def _begin(self, run: Run, batch: RingBatch) -> None:
        """Rings are armed now; everything else waits for its instant. Equal work at one instant is done in bulk."""
        now = self._clock.now()
        groups: dict[tuple[datetime, str], list[HandedTimer]] = {}
        for handed in batch.handed:
            timer = handed.timer
            starts_at = now if timer.purpose in ARMED_EARLY else max(now, timer.due_at)
            purpose = "ring" if timer.purpose in ARMED_EARLY else timer.purpose
            groups.setdefault((starts_at, purpose), []).append(handed)
        for (starts_at, purpose), members in groups.items():
            work = partial(self._failures.guarded, run, members, self._work.get(purpose, _unknown))
            run.at(starts_at, work, is_patient=purpose in PATIENT)


def _unknown(_run: Run, handed: Sequence[HandedTimer]) -> None:
    raise ValueError(f"no work is known for timers of purpose {handed[0].timer.purpose!r}")

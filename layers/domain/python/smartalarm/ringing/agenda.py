"""An agenda: steps of one run on one time line. Running it yields the instants to wait for, so the host does the waiting.

The simulation drives the very same steps on a virtual clock.
"""

import heapq
from collections.abc import Callable, Generator
from datetime import datetime
from itertools import count

from smartalarm.ports import Clock

Step = Callable[[], None]


class Agenda:
    """Steps ordered by instant, then by when they were added. One that fails is told to `failed`; the others follow.

    Of those whose instant has come the patient ones are last: a stop that hangs must not hold up what should ring by now.
    """

    def __init__(self, clock: Clock, failed: Callable[[Exception], None]) -> None:
        self._clock = clock
        self._failed = failed
        self._steps: list[tuple[datetime, int, Step]] = []
        self._patient: list[tuple[datetime, int, Step]] = []
        self._order = count()

    def add(self, at: datetime, step: Step, *, is_patient: bool = False) -> None:
        """Run `step` at the instant, or as soon as possible after it."""
        heapq.heappush(self._patient if is_patient else self._steps, (at, next(self._order), step))

    def run(self) -> Generator[datetime, None, None]:
        """Run all steps, those that steps add included; yields whenever it is too early for the next one."""
        while waiting := [steps for steps in (self._steps, self._patient) if steps]:
            now = self._clock.now()
            due = next((steps for steps in waiting if steps[0][0] <= now), None)
            if due is None:
                yield min(steps[0][0] for steps in waiting)
                continue
            _, _, step = heapq.heappop(due)
            try:
                step()
            except Exception as error:  # noqa: BLE001  what it leaves undone has a timer in the due index
                self._failed(error)

"""The local host's scheduler: starts each scheduled function at its rate, in this process."""

import re
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from smartalarm.function import Declaration, ScheduleFunction
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Telemetry

_RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
FIRST_AFTER: Final = timedelta(seconds=2)


def rate_to_interval(rate: str) -> timedelta:
    """`rate(5 minutes)` as a timedelta. Raises ValueError for anything else."""
    found = _RATE.fullmatch(rate)
    if not found:
        raise ValueError(f"the local host knows rate(N minutes|hours|days), not {rate!r}")
    return timedelta(**{f"{found[2]}s": int(found[1])})


class Ticker:
    """One thread; jobs run one after the other, each first shortly after the start."""

    def __init__(self, declarations: Sequence[Declaration], injector: Injector) -> None:
        self._jobs = [d for d in declarations if isinstance(d, ScheduleFunction) and "local" in d.hosts]
        self._intervals = {job.name: rate_to_interval(job.rate) for job in self._jobs}
        self._injector = injector
        self._clock = injector.get(Clock)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._main, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._jobs:
            self._thread.start()

    def stop(self) -> None:
        """End after the job that runs now."""
        self._stopping.set()

    def _main(self) -> None:
        due: dict[str, datetime] = {job.name: self._clock.now() + FIRST_AFTER for job in self._jobs}
        while not self._stopping.wait(max(0.0, (min(due.values()) - self._clock.now()).total_seconds())):
            for job in self._jobs:
                if due[job.name] <= self._clock.now():
                    self._run(job)
                    due[job.name] = self._clock.now() + self._intervals[job.name]

    def _run(self, job: ScheduleFunction) -> None:
        try:
            job.call(**self._injector.arguments(job.call))
        except Exception as error:  # noqa: BLE001  the next tick tries again
            self._injector.get(Telemetry).problem("job_failed", error, job=job.name)

"""What stands for a cloud's scheduler: calls every job at its rate, as often as it says and whatever came of the last."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tick:
    """One call: when it began (monotonic), how long it took and what was answered."""

    job: str
    began_at: float
    seconds: float
    status: int


class MinuteCron:
    """Calls each job at the start and then at its rate, whether or not the last call has ended.

    `rates` are seconds from one call to the next; `call` makes one call and gives its status.
    """

    def __init__(self, rates: Mapping[str, float], call: Callable[[str], int]) -> None:
        self.ticks: list[Tick] = []
        """Calls that have ended; status 0 for one that got no answer."""
        self._rates = rates
        self._call = call
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._main, name="cron", daemon=True)

    def start(self) -> None:
        """The first ticks go out at once."""
        self._thread.start()

    def stop(self) -> None:
        """No more ticks; those under way are nobody's any more."""
        self._stopped.set()

    def tick(self, job: str) -> None:
        """One call, now, beside whatever runs."""
        threading.Thread(target=self._one, args=(job,), name=f"tick-{job}", daemon=True).start()

    def _main(self) -> None:
        due = dict.fromkeys(self._rates, time.monotonic())
        while not self._stopped.wait(max(0.0, min(due.values()) - time.monotonic())):
            for job in [job for job, at in due.items() if at <= time.monotonic()]:
                self.tick(job)
                due[job] += self._rates[job]

    def _one(self, job: str) -> None:
        began_at = time.monotonic()
        try:
            status = self._call(job)
        except Exception:  # noqa: BLE001  a scheduler only notes that a call failed
            status = 0
        self.ticks.append(Tick(job, began_at, time.monotonic() - began_at, status))

"""More tries for pushes that a push service could not take: three, seconds apart, as long as they still say what is so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Clock, Entropy, Telemetry
from smartalarm.ringing.delivery import Delivery, Report
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.run import Run
from smartalarm.ringing.updates import Stored, Updates

DELAYS: Final = (1.0, 3.0, 6.0)
LONGEST_RETRY_AFTER: Final = 15.0


@dataclass(frozen=True)
class Sent:
    """What went out for an occurrence, and how often that was tried before."""

    user: str
    stored: Stored
    report: Report
    tries: int = 0


class Retries:
    """Sends again what failed for now."""

    def __init__(self, delivery: Delivery, updates: Updates, clock: Clock, entropy: Entropy, telemetry: Telemetry) -> None:
        self._delivery = delivery
        self._updates = updates
        self._clock = clock
        self._entropy = entropy
        self._telemetry = telemetry

    def plan(self, run: Run, sent: Sequence[Sent], then: Callable[[Run, Sequence[Sent]], None]) -> None:
        """Try later in this run what failed for now; `then` writes down what became of it, and may plan once more.

        What waits equally long goes out together, so that a push service that hangs costs its time once.
        """
        groups: dict[tuple[int, float], list[Sent]] = {}
        for one in sent:
            if one.report.retries and one.tries < len(DELAYS):
                groups.setdefault((one.tries, one.report.retry_after_seconds), []).append(one)
        for (tries, asked), group in groups.items():
            jittered = DELAYS[tries] * (0.75 + self._entropy.fraction() / 2)
            delay = timedelta(seconds=max(jittered, min(asked, LONGEST_RETRY_AFTER)))
            run.at(self._clock.now() + delay, partial(self._again, run, group, then))

    def _again(self, run: Run, group: Sequence[Sent], then: Callable[[Run, Sequence[Sent]], None]) -> None:
        keys = [(one.user, one.stored.occurrence.id) for one in group]
        try:
            found = self._updates.read(keys)
            wanted = [
                (one, found[key])
                for one, key in zip(group, keys, strict=True)
                if key in found and _place(found[key].occurrence) == _place(one.stored.occurrence)
            ]
            reports = self._delivery.send_again([one.report.retries for one, _ in wanted])
            then(
                run,
                [
                    Sent(one.user, stored, report, one.tries + 1)
                    for (one, stored), report in zip(wanted, reports, strict=True)
                ],
            )
        except SmartAlarmError as error:  # a ring's ladder sends again anyway
            self._telemetry.problem("push_retry_failed", error, pushes=len(group))


def _place(occurrence: Occurrence) -> tuple[str, int]:
    """Where it stands in the lattice; once it has moved on, other messages are on their way."""
    return occurrence.state, occurrence.ring_count

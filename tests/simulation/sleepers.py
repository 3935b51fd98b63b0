"""People who record their sleep: in the minutes before an alarm devices post epochs, doubled, late, awake or asleep."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from smartalarm.injection import Injector
from smartalarm.ports import Commit
from smartalarm.ringing.smart_wake import RunningSession, SmartWake
from tests.simulation.people import Clients

EPOCH: Final = 30
EPOCHS: Final = 40
WINDOWS: Final = (0, 5, 15, 30)
AWAKE: Final = 500.0
ASLEEP: Final = 0.0
"""Counts that the stager in memory takes for wake and for deep sleep."""


class Sleepers:
    """Posts epochs."""

    def __init__(self, rng: random.Random, clients: Clients, share: float, until: datetime) -> None:
        self._rng = rng
        self._clients = clients
        self._share = share
        self._until = until

    def window(self) -> int:
        """The minutes before an alarm in which it may ring early."""
        return self._rng.choice(WINDOWS)

    def planned(self, commit: Commit) -> None:
        """An alarm's timer was set: perhaps its owner sleeps until then, and is recorded."""
        timeline = self._clients.timeline
        for change in commit.timers:
            timer = change.timer
            if timer is None or timer.purpose != "ring" or self._rng.random() >= self._share:
                continue
            for _ in range(self._rng.choice((1, 1, 2, 4))):
                moment = timer.due_at - timedelta(seconds=self._rng.choice((*(self._rng.uniform(0, 1900),) * 4, 61, 59)))
                count = AWAKE if self._rng.random() < 0.7 else ASLEEP
                if timeline.now < moment < self._until:
                    for _ in range(self._rng.choice((1, 1, 1, 2, 3))):  # doubled
                        timeline.at(moment, partial(self._post, commit.user, count))

    def _post(self, user: str, count: float) -> None:
        now = self._clients.timeline.now
        age = self._rng.choice((0, 0, 0, 1, 20, 89, 91, 400))
        start = now - timedelta(seconds=age + EPOCHS * EPOCH)
        session = RunningSession(start, EPOCH, EPOCHS - 1, lambda: ([count] * EPOCHS, None))

        def call(injector: Injector) -> Any:
            return injector.get(SmartWake).consider(user, session, self._clients.timeline.now)

        self._clients.ask(user, "sleep", call, tries=1)

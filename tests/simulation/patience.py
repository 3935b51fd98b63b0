"""How long something may take: no longer than the design says, or than the faults that hit it explain."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smartalarm.ports import Timer, TimerChange
from tests.simulation.faults import Faults

ON_TIME: Final = timedelta(milliseconds=250)
HEALED: Final = timedelta(seconds=15)
"""After a fault the first tick that comes this much later finds what was left behind."""
HANDLING: Final = timedelta(seconds=5)
"""From that tick to the ring: a message on its way, a cold start, the step itself."""
SENDING: Final = timedelta(seconds=6)
"""How long the slowest push service may keep a step waiting: its time-out and a little."""


@dataclass(frozen=True)
class Patience:
    """How late things may be.

    `soon`: how long a timer that is written when it is due already may wait. `look_back`: how early faults count.
    `notice`: a timer that is written this much before its instant rings on time.

    `tick_after` gives the first tick at or after an instant, None when it has not come yet.
    """

    faults: Faults
    tick_after: Callable[[datetime], datetime | None]
    soon: timedelta
    look_back: timedelta
    notice: timedelta
    standing: dict[tuple[str, str], tuple[Timer, datetime]]

    def excess(self, user: str, wanted_at: datetime, allowance: timedelta, now: datetime) -> float | None:
        """Seconds by which `now` is later than faults explain; None when it is in time.

        A chain: each fault must have begun before what came before it was healed.
        """
        limit = wanted_at + allowance
        while now > limit:
            end = self.faults.last_until(user, wanted_at - self.look_back, limit)
            if end is None:
                return (now - limit).total_seconds()
            tick = self.tick_after(max(end, wanted_at) + HEALED)
            if tick is None:
                return None
            if tick + HANDLING <= limit:
                return (now - limit).total_seconds()
            limit = tick + HANDLING
        return None

    def is_ring_late(self, user: str, due_at: datetime, set_at: datetime | None, now: datetime) -> str | None:
        """For a ring that leaves now: how late it is, in words. `set_at`: when its timer was written."""
        wanted_at, allowance = due_at, ON_TIME
        if set_at is not None and set_at > due_at - self.notice:
            wanted_at, allowance = max(due_at, set_at), self.soon
        over = self.excess(user, wanted_at, allowance, now)
        return (
            None if over is None else f"{(now - due_at).total_seconds():.3f} s late, {over:.3f} s more than faults explain"
        )

    def timer_changed(self, user: str, change: TimerChange, now: datetime) -> str | None:
        """Remember when each timer was written; say so when one was moved or cleared much later than it was due."""
        key = (user, change.id)
        known = self.standing.pop(key, None)
        if change.timer is not None:
            self.standing[key] = (change.timer, now)
        if known is None:
            return None
        timer, set_at = known
        wanted_at = max(timer.due_at, set_at)
        over = self.excess(user, wanted_at, self.soon + SENDING, now)
        if over is None:
            return None
        late = (now - wanted_at).total_seconds()
        found = f"handled {late:.1f} s after it was due, {over:.1f} s more than faults explain"
        return f"{user} {timer.purpose} {timer.id}: {found}"

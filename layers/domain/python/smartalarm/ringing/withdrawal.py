"""Withdrawal: an alarm is deleted, switched off or moved while it rings, so what rings of it stops."""

from collections.abc import Callable
from datetime import datetime

from smartalarm.ports import Clock, Store
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.stop import Stop
from smartalarm.ringing.timers import AGAIN, LADDER, announce_timer, clear_timer, occurrence_timer_id, set_timer
from smartalarm.ringing.updates import Change, Update, Updates


class Withdrawal:
    """Settles live occurrences of one alarm."""

    def __init__(self, store: Store, updates: Updates, clock: Clock, direct_path: DirectPath, stop: Stop) -> None:
        self._store = store
        self._updates = updates
        self._clock = clock
        self._direct_path = direct_path
        self._stop = stop

    def withdraw(self, user: str, alarm_id: str, reason: str, keep: Callable[[datetime], bool] | None = None) -> None:
        """Dismiss what rings or is snoozed of this alarm, but for instants that `keep` says still stand.

        Call it after the commit that takes the alarm away: a ring claimed just before it is then found, none comes after.
        """
        timers = self._store.timers(user)
        live = [t.subject for t in timers if t.purpose in {AGAIN, LADDER} and t.subject.startswith(f"{alarm_id}:")]
        now = self._clock.now()
        for stored in self._updates.read([(user, occurrence_id) for occurrence_id in live]).values():
            if keep is not None and keep(stored.occurrence.at):
                continue

            def step(known: Occurrence) -> Change:
                if not known.is_live:
                    return Change(None)
                after = known.dismiss(now, None, reason)
                timers = (clear_timer(occurrence_timer_id(known.id)), set_timer(announce_timer(user, after, now)))
                return Change(after, timers)

            after = self._updates.run_one(Update(user, stored, step)).occurrence
            self._stop.tell_sockets(user, after, None)
            self._direct_path.send([announce_timer(user, after, now)])

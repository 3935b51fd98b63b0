"""Overtaken: rings that were overdue when their alarm was changed or deleted. They are told as missed, with the reason."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrences import occurrences
from smartalarm.alarms.plan import Calendar
from smartalarm.alarms.suppressions import first_skip
from smartalarm.ports import Key, Put, Store, Timer
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.settings import Settings

MOST: Final = 15
"""They are written with the alarm itself, in one commit. More are overdue only after hours without any ring step."""


class Overtaken:
    """Finds them. The alarm's timer stands at the first; a change that moves it would leave no trace of them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._keep_days = settings.history_retention_days

    def writes(
        self, alarm: Alarm, calendar: Calendar, standing: Timer | None, now: datetime, reason: str
    ) -> tuple[Put, ...]:
        """What tells of them, to be committed with the change; each expects that nobody rang it in the meantime.

        `alarm`, `calendar` and `standing` (its timer): as they were before the change.
        """
        if standing is None or standing.due_at > now:
            return ()
        found = list(islice(_overdue(alarm, calendar, standing, now, reason), MOST))
        known = self._store.read([Key(standing.user, "occurrence", one.id) for one in found])
        untold = [one for one in found if Key(standing.user, "occurrence", one.id) not in known]
        return tuple(one.to_put(expected=0, keep_days=self._keep_days) for one in untold)


def _overdue(alarm: Alarm, calendar: Calendar, standing: Timer, now: datetime, reason: str) -> Iterator[Occurrence]:
    zone, chain = calendar.zone_of(alarm), calendar.chain(alarm)
    for due in occurrences(alarm.schedule, zone, standing.due_at):
        if due.at > now:
            return
        pending = Occurrence.of(alarm, due.at, zone).note(standing.set_at, "scheduled")
        skip = first_skip(due, chain)
        yield pending.skip(now, skip.reason) if skip else pending.miss(now, reason)

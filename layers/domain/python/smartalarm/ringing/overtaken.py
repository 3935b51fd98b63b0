"""Overtaken: rings overdue when their alarm is changed or deleted or its zone changes; told as missed, with the reason."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrences import occurrence_at, occurrences
from smartalarm.alarms.plan import RING, Calendar, timer_id
from smartalarm.alarms.suppressions import first_skip
from smartalarm.alarms.zones import zone
from smartalarm.instants import text_to_instant
from smartalarm.ports import Commit, Document, Key, Put, Store, Timer
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.settings import Settings

MOST: Final = 1000
"""Of one alarm; more are overdue only after a day without any ring step."""
MOVED: Final = "The time zone changed before this one could ring."
SOME: Final = 15
"""They are written with the change itself, in one commit."""


class Overtaken:
    """Finds them. An alarm's timer stands at the first; a change that moves it would leave no trace of them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._keep_days = settings.history_retention_days

    def writes(self, alarm: Alarm, calendar: Calendar, standing: Timer | None, now: datetime, reason: str) -> Sequence[Put]:
        """What tells of them, to be committed with the change; each expects that nobody rang it in the meantime.

        `alarm`, `calendar` and `standing` (its timer): as they were before the change.
        """
        if standing is None or standing.due_at > now:
            return ()
        return self._untold(standing.user, islice(_overdue(alarm, calendar, standing, now, reason), MOST))

    def by_journey(self, profile: Document, zone_name: str, now: datetime) -> Sequence[Put]:
        """The same for all alarms that follow the user's zone, before it changes from the profile's to `zone_name`.

        Where an alarm's timer stands at an instant that is due in both zones, that one still rings.
        """
        user = profile.user
        standing = {timer.id: timer for timer in self._store.timers(user) if timer.purpose == RING and timer.due_at <= now}
        if not standing:
            return ()
        since = profile.fields.get("time_zone_since")
        skips = self._store.list_many([user], ("skip",)).get(user, [])
        calendar = Calendar.of(profile.fields["time_zone"], skips, text_to_instant(since) if since else None)
        keys = [Key(user, "alarm", timer.subject.partition(":")[0]) for timer in standing.values()]
        found: list[Occurrence] = []
        for document in self._store.read(keys).values():
            alarm = Alarm.from_document(document)
            if document.deleted or alarm.time_zone is not None:
                continue
            timer = standing[timer_id(alarm.id)]
            overdue = islice(_overdue(alarm, calendar, timer, now, MOVED), MOST)
            stays = occurrence_at(alarm.schedule, zone(zone_name), timer.due_at)
            found += [one for one in overdue if stays is None or one.at != timer.due_at]
        return self._untold(user, found)

    def all_but_some(self, user: str, taken: Sequence[Put], now: datetime) -> Sequence[Put]:
        """Those that fit into one commit with the change; the others are committed here, right before it.

        Raises Conflict(code="stale_version") when one of them rang in the meantime.
        """
        for start in range(SOME, len(taken), SOME):
            self._store.commit(Commit(user, now, writes=tuple(taken[start : start + SOME])))
        return taken[:SOME]

    def _untold(self, user: str, found: Iterator[Occurrence] | Sequence[Occurrence]) -> Sequence[Put]:
        every = list(found)
        known = self._store.read([Key(user, "occurrence", one.id) for one in every])
        untold = [one for one in every if Key(user, "occurrence", one.id) not in known]
        return [one.to_put(expected=0, keep_days=self._keep_days) for one in untold]


def _overdue(alarm: Alarm, calendar: Calendar, standing: Timer, now: datetime, reason: str) -> Iterator[Occurrence]:
    place, chain = calendar.zone_of(alarm), calendar.chain(alarm)
    for due in occurrences(alarm.schedule, place, standing.due_at):
        if due.at > now:
            return
        if due.at not in {standing.due_at, calendar.not_before(alarm, due.at)}:
            continue  # due only before the alarm came to this zone
        pending = Occurrence.of(alarm, due.at, place).note(standing.set_at, "scheduled")
        skip = first_skip(due, chain)
        yield pending.skip(now, skip.reason) if skip else pending.miss(now, reason)

"""Planning a user's alarms anew after the zone or the zone rules changed: chunk by chunk, each step durable."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import Calendar, ring_timer, timer_id
from smartalarm.errors import Conflict, NotFound
from smartalarm.events import HandedTimer
from smartalarm.ports import Clock, Commit, Entropy, Page, Store, Timer, TimerChange
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.run import Run
from smartalarm.ringing.timers import new_revision, set_timer
from smartalarm.settings import Settings

CHUNK: Final = 20
MAX_TRIES: Final = 5
CLOCKS_APART: Final = timedelta(minutes=1)


class Recompute:
    """Handles recompute timers."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy, direct_path: DirectPath, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._direct_path = direct_path
        self._prepared_within = settings.look_ahead + CLOCKS_APART

    def run(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Plan one chunk for each user, then go on with the next chunk in the same run."""
        for one in handed:
            try:
                onward = self._plan_chunk(one.timer)
            except Conflict as conflict:
                if conflict.code != "lost_timer":
                    raise
            except NotFound:
                continue  # erased in the meantime
            else:
                run.follow([onward])

    def _plan_chunk(self, timer: Timer) -> TimerChange:
        """Raises Conflict(code="lost_timer") when the zone changed once more: the newer timer does the work."""
        user = timer.user
        zone_name = self._store.get(user, "profile", "me").fields["time_zone"]
        page = self._store.page(user, "alarm", after=timer.subject or None, limit=CHUNK)
        calendar = Calendar(zone_name, {})
        changes = self._changes(timer, calendar, page)
        if changes:
            self._store.commit(Commit(user, self._clock.now(), timers=tuple(changes)))
            self._direct_path.send([change.timer for change in changes if change.timer])
            self._mend(timer, calendar, page)
        # Only now is the chunk done: whoever dies before this does it again.
        now = self._clock.now()
        following = replace(timer, subject=page.next, due_at=now, revision=timer.revision + 1) if page.next else None
        onward = TimerChange(timer.id, following, expected=timer)
        self._store.commit(Commit(user, now, timers=(onward,)))
        return onward

    def _mend(self, timer: Timer, calendar: Calendar, page: Page) -> None:
        """Plan those anew that were saved while we committed: our timer may have replaced theirs."""
        for _ in range(MAX_TRIES):
            stored = self._store.read([document.key for document in page.items])
            changed = [doc for doc in page.items if (now_is := stored.get(doc.key)) is None or now_is.version != doc.version]
            if not changed:
                return
            newest = tuple(stored[doc.key] for doc in changed if doc.key in stored)
            changes = self._changes(timer, calendar, Page(tuple(d for d in newest if not d.deleted), None))
            gone = [TimerChange(timer_id(doc.id), None) for doc in newest if doc.deleted]
            self._store.commit(Commit(timer.user, self._clock.now(), timers=(*changes, *gone)))
            self._direct_path.send([change.timer for change in changes if change.timer])
            page = Page(newest, None)
        raise Conflict("The alarms keep changing.", code="busy")  # the timer stands, and the chunk is planned again

    def _changes(self, timer: Timer, calendar: Calendar, page: Page) -> list[TimerChange]:
        """The alarms' timers where they are not what they should be, and all that ring soon.

        Those may be prepared already, with what follows them worked out before the change: with another revision of the
        timer they are prepared anew.
        """
        standing = {known.id: known for known in self._store.timers(timer.user)}
        now = self._clock.now()
        changes = []
        for document in page.items:
            alarm = Alarm.from_document(document)
            known = standing.get(timer_id(alarm.id))
            zone = calendar.zone_of(alarm)
            from_at, revision = timer.set_at, new_revision(self._entropy)
            if known and known.due_at < from_at and occurrence_at(alarm.schedule, zone, known.due_at):
                from_at = known.due_at  # overdue and still right: it rings
            wanted = ring_timer(timer.user, alarm, calendar, from_at=from_at, revision=revision, set_at=now)
            if wanted is None or known is None or wanted.due_at != known.due_at:
                if known or wanted:
                    changes.append(TimerChange(timer_id(alarm.id), wanted))
            elif known.due_at <= now + self._prepared_within:
                changes.append(set_timer(replace(known, revision=revision, handed_at=None)))
        return changes

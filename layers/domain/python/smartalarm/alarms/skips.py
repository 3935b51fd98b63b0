"""Skips: leave out one coming occurrence of an alarm, or take that back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import preview_of, standing_timer
from smartalarm.alarms.preview import PreviewItem
from smartalarm.errors import Conflict, Invalid, NotFound
from smartalarm.ports import (
    ClaimChange,
    Clock,
    Commit,
    Document,
    Entropy,
    JsonObject,
    Key,
    Put,
    Store,
    Timer,
    TimerChange,
)
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.timers import new_revision
from smartalarm.ringing.withdrawal import Withdrawal
from smartalarm.sync.ticking import ticked
from smartalarm.turns import Turns, busy

MAX_SKIPS: Final = 1000
"""Every ring of a user reads all of them, in one read with the rings of others."""
SKIP_KEPT: Final = timedelta(days=90)
CLAIMED_WITHIN: Final = timedelta(minutes=1)
"""A ring is claimed less than this before its instant, maybe just while it is being skipped."""


RACES: Final = frozenset({"lost_timer", "stale_version"})
"""Codes of commits that somebody else came before."""
LAST_KEPT: Final = datetime.max.replace(tzinfo=UTC) - SKIP_KEPT - timedelta(days=1)


@dataclass(frozen=True)
class Around:
    """One occurrence that is, or may be, skipped: what is known of it, its ring, its alarm and the alarm's timer.

    `wall` is the time that the alarm's schedule names, None when it names none there.
    """

    occurrence_id: str
    alarm_id: str
    at: datetime
    known: Document | None
    ring: Document | None
    standing: Timer | None
    alarm: Alarm | None
    wall: str | None

    def is_open(self, now: datetime, *, is_skipped: bool) -> bool:
        """Whether skipping it, or taking that back, still means something. Being skipped already, it may be again."""
        if self.alarm is None or self.wall is None:
            return False
        if self.ring is None:  # what is neither to come nor overdue rang and is forgotten, or never was due
            return self.at > now or (self.standing is not None and self.standing.due_at <= self.at)
        state = self.ring.fields["state"]
        return state == "pending" or self.is_early(now) or (state == "skipped" and is_skipped)

    def is_early(self, now: datetime) -> bool:
        """Whether it rings, or rests after a ring, before its own time."""
        return self.ring is not None and self.ring.fields["state"] in {"ringing", "snoozed"} and now < self.at


class Skips:
    """The skipped occurrences of one user at a time."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        entropy: Entropy,
        calendars: Calendars,
        direct_path: DirectPath,
        withdrawal: Withdrawal,
        turns: Turns,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._calendars = calendars
        self._direct_path = direct_path
        self._withdrawal = withdrawal
        self._turns = turns

    def set(self, user: str, alarm_id: str, occurrence_id: str, *, is_skipped: bool) -> PreviewItem:
        """Skip one coming occurrence, or take that back. Idempotent. Raises NotFound, Invalid, Conflict once it rang."""
        at = _instant_of(occurrence_id, alarm_id)
        for _ in self._turns:
            now = self._clock.now()
            around = self.around(user, occurrence_id, now)
            if around.alarm is None:
                raise NotFound
            if around.wall is None:
                raise Invalid.field("/occurrence_id", "This alarm has no occurrence at that instant.")
            if around.known is None and self._store.count(user, "skip") >= MAX_SKIPS:
                raise Conflict(f"You have skipped {MAX_SKIPS} dates, which is the most.", code="too_many_skips")
            if not around.is_open(now, is_skipped=is_skipped):
                raise Conflict("Its time has come already; what rings can be dismissed.", code="already_rang")
            fields = {"skipped": is_skipped, "wall": around.wall, **ticked(around.known, ["skipped"], now)}
            try:
                self.save(user, around, fields, now)
            except Conflict as conflict:
                if conflict.code not in RACES:
                    raise
                continue
            items = preview_of(around.alarm, self._calendars.of(user, min(now, at), [around.alarm]), at, 1)
            return items[0]
        raise busy()

    def around(self, user: str, occurrence_id: str, now: datetime) -> Around:
        """What is there to decide by. Raises ValueError when this is no occurrence's id."""
        alarm_id, at = parse_occurrence_id(occurrence_id)
        keys = [Key(user, kind, name) for kind, name in (("alarm", alarm_id), ("skip", occurrence_id))]
        ring = Key(user, "occurrence", occurrence_id)
        found = self._store.read([*keys, ring])
        document, known = (found.get(key) for key in keys)
        standing = standing_timer(self._store.timers(user), alarm_id)
        around = partial(Around, occurrence_id, alarm_id, at, known, found.get(ring), standing)
        if document is None or document.deleted:
            return around(None, known.fields.get("wall") if known else None)
        alarm = Alarm.from_document(document)
        calendar = self._calendars.of(user, min(now, at), [alarm])
        occurrence = occurrence_at(alarm.schedule, calendar.zone_of(alarm), at)
        return around(alarm, occurrence.wall.isoformat() if occurrence else None)

    def save(
        self, user: str, around: Around, fields: JsonObject, now: datetime, claims: tuple[ClaimChange, ...] = ()
    ) -> Document:
        """Write the skip. While its ring is still to come the timer there is set anew, so that it is decided again.

        Raises Conflict with a code of RACES when something changed meanwhile.
        """
        is_skipped, at, standing = fields["skipped"], around.at, around.standing
        is_open = around.is_open(now, is_skipped=is_skipped)
        touched = self._touched(standing) if is_open and standing and standing.due_at == at else None
        put = Put(
            "skip",
            around.occurrence_id,
            fields,
            expected=around.known.version if around.known else 0,
            expires_at=min(max(at, now), LAST_KEPT) + SKIP_KEPT,
        )
        timers = (TimerChange(touched.id, touched, expected=standing),) if touched else ()
        committed = self._store.commit(Commit(user, now, writes=(put,), timers=timers, claims=claims))
        self._direct_path.send([touched] if touched else [])
        if is_open and is_skipped and (around.is_early(now) or (touched is None and at <= now + CLAIMED_WITHIN)):
            self._withdrawal.withdraw(user, around.alarm_id, "You skipped this one.", lambda other: other != at)
        return committed.documents[0]

    def _touched(self, timer: Timer) -> Timer:
        return Timer(
            timer.id, timer.user, timer.due_at, timer.purpose, timer.subject, new_revision(self._entropy), self._clock.now()
        )


def _instant_of(occurrence_id: str, alarm_id: str) -> datetime:
    try:
        named, at = parse_occurrence_id(occurrence_id)
    except ValueError:
        raise Invalid.field("/occurrence_id", "This is not an occurrence's id.") from None
    if named != alarm_id:
        raise Invalid.field("/occurrence_id", "This occurrence belongs to another alarm.")
    return at

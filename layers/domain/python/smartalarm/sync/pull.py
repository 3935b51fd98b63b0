"""Pull: what changed since a cursor. First the feed of stored documents, then the coming occurrences, which nobody stores.

Both go by the page. Coming ones are worked out again for the alarms that something stored has moved (the alarm itself, a
skip, the user's zone), and for all others only for the hours that came into the window since they were told last: most
pulls work out nothing. What an alarm took back comes with its document (alarms/was_due.py). A stored occurrence always
wins over a coming one. See docs/adr/0016.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from smartalarm.accounts.profiles import check_account
from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.former_zones import former_zones
from smartalarm.alarms.plan import Calendar
from smartalarm.alarms.zone_tables import zone_table
from smartalarm.errors import Gone
from smartalarm.instants import instant_to_compact
from smartalarm.ports import Clock, Cursor, Document, Key, Store
from smartalarm.sync.changes import ChangeItem, DeletedChange, OccurrenceUpdate, PullAnswer
from smartalarm.sync.coming import AHEAD, Coming, coming_of
from smartalarm.sync.pull_cursor import (
    START,
    ComingPlace,
    Inside,
    PullCursor,
    hour_to_instant,
    instant_to_hour,
    text_to_cursor,
)
from smartalarm.sync.shown import document_to_item, is_shown, taken_back

KEPT_BACK: Final = timedelta(days=14)
MOST_READ: Final = 2000
"""Documents of the feed read for one page: many may be of no interest, and the next page goes on from there."""
ALARMS_A_READ: Final = 200
_MOVES_COMING: Final = frozenset({"alarm", "skip", "profile"})


@dataclass
class _Page:
    """A page in the making."""

    user: str
    now: datetime
    limit: int
    cursor: PullCursor
    changes: list[ChangeItem] = field(default_factory=list)
    zone_names: set[str] = field(default_factory=set)
    read: int = 0
    is_fed: bool = False
    """Whether the feed was read to its end for this page."""

    @property
    def room(self) -> int:
        return self.limit - len(self.changes)


@dataclass(frozen=True)
class _Known:
    """What moves coming occurrences beside the alarms themselves."""

    calendar: Calendar
    profile_seq: int
    former_zones: tuple[str, ...]
    skip_seqs: dict[str, int]
    """Per alarm, the latest seq of its skips."""


class Pull:
    """Answers pulls."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, user: str, cursor: str, limit: int, zone_names: Iterable[str] = ()) -> PullAnswer:
        """What comes after the cursor. Raises Gone for one that cannot be gone on from: the client pulls from 0 then."""
        now = self._clock.now()
        known = text_to_cursor(cursor, user, now)
        if cursor == START:
            known = replace(known, fresh_seq=self._store.seq(user))
        page = _Page(user, now, limit, known)
        more = self._fill(page)
        zones = {name: zone_table(name, now) for name in sorted({*page.zone_names, *zone_names})}
        return PullAnswer(
            changes=page.changes, cursor=page.cursor.to_text(user, now), more=more, zones=zones, server_time=now
        )

    def _fill(self, page: _Page) -> bool:
        """Whether there may be more."""
        until_hour = instant_to_hour(page.now + AHEAD)
        while True:
            if page.cursor.coming is not None:
                self._tell_coming(page, page.cursor.coming)
                if page.cursor.coming is not None:
                    return True
                if page.is_fed:
                    return False
            if page.room <= 0 or page.read >= MOST_READ:
                return True
            self._tell_stored(page)
            if not page.is_fed:
                continue
            known = page.cursor
            if until_hour <= known.told_until_hour and not known.is_touched:
                page.cursor = replace(known, told_seq=known.feed.seq)
                return False
            page.cursor = replace(known, coming=ComingPlace(max(until_hour, known.told_until_hour)))

    # ---- what is stored

    def _tell_stored(self, page: _Page) -> None:
        """One read of the feed, as far as the page has room."""
        found = self._store.changes(page.user, page.cursor.feed, page.room)
        page.read += len(found.items)
        if not found.items:
            self._check_seq(page)
        oldest = instant_to_compact(page.now - KEPT_BACK)
        for document in found.items:
            if is_shown(document, oldest=oldest) and not self._tell_document(page, document):
                return
            page.cursor = replace(
                page.cursor,
                feed=Cursor(document.seq, document.kind, document.id),
                inside=None,
                is_touched=page.cursor.is_touched or document.kind in _MOVES_COMING,
            )
        page.is_fed = not found.more

    def _tell_document(self, page: _Page, document: Document) -> bool:
        """The document, and what an alarm took back; whether all of it found room."""
        cursor = page.cursor
        if document.deleted and document.seq <= cursor.fresh_seq:
            return True  # gone before this client knew anything
        place, inside = Cursor(document.seq, document.kind, document.id), None
        if cursor.inside is not None and cursor.inside.document == place:
            inside = cursor.inside.instant
        if inside is None:
            if not page.room:
                return False
            page.changes.append(document_to_item(document))
            page.zone_names |= _zones_named(document)
        if not cursor.told_until_hour:
            return True  # no coming occurrence was told yet
        for instant in self._free(page, document.id, taken_back(document, page.now)):
            if inside is not None and instant <= inside:
                continue
            if not page.room:
                page.cursor = replace(cursor, inside=Inside(place, inside or ""))
                return False
            page.changes.append(_gone(f"{document.id}:{instant}"))
            inside = instant
        return True

    def _free(self, page: _Page, alarm_id: str, instants: Sequence[str]) -> list[str]:
        """Those of an alarm's instants at which no occurrence is stored."""
        keys = {instant: Key(page.user, "occurrence", f"{alarm_id}:{instant}") for instant in instants}
        stored = self._store.read(keys.values()) if keys else {}
        return [instant for instant in sorted(keys) if keys[instant] not in stored]

    def _check_seq(self, page: _Page) -> None:
        """Nothing follows the cursor: because all is told, or because it comes from a history that is not ours."""
        seq = self._store.seq(page.user)
        if seq == 0:
            check_account(self._store, page.user)
        if seq < max(page.cursor.feed.seq, page.cursor.fresh_seq):
            raise Gone("This cursor is not known here. Pull from 0.", code="unknown_cursor")

    # ---- what is to come

    def _tell_coming(self, page: _Page, place: ComingPlace) -> None:
        """Coming occurrences from the place on, as far as the page has room; the cursor says what is told."""
        found = self._coming(page, place, self._known(page.user))
        while chunk := list(islice(found, page.room)):
            stored = self._store.read([Key(page.user, "occurrence", one.id) for one in chunk])
            for one in chunk:
                if Key(page.user, "occurrence", one.id) not in stored:
                    page.changes.append(_to_item(one))
            last = chunk[-1]
            place = replace(place, alarm_id=last.id.partition(":")[0], instant=last.instant)
        if page.room <= 0 and next(found, None) is not None:
            page.cursor = replace(page.cursor, coming=place)
            return
        page.cursor = replace(
            page.cursor,
            told_seq=page.cursor.feed.seq,
            told_until_hour=place.until_hour,
            is_touched=False,
            coming=None,
        )

    def _coming(self, page: _Page, place: ComingPlace, known: _Known) -> Iterator[Coming]:
        until, cursor = hour_to_instant(place.until_hour), page.cursor
        has_told = cursor.told_until_hour > 0
        page.zone_names.add(known.calendar.zone_name)
        for document in self._alarms(page.user, place.alarm_id):
            follows = document.fields.get("time_zone") is None
            is_moved = has_told and follows and known.profile_seq > cursor.told_seq
            latest = max(document.seq, known.skip_seqs.get(document.id, 0))
            is_concerned = is_moved or latest > cursor.told_seq
            from_at = page.now if is_concerned else max(page.now, cursor.told_until)
            page.zone_names |= _zones_named(document)
            if from_at >= until or not document.fields.get("enabled"):
                continue
            yield from coming_of(
                Alarm.from_document(document),
                known.calendar,
                from_at=from_at,
                until=until,
                former_zones=known.former_zones if is_moved else (),
                after=place.instant if document.id == place.alarm_id else "",
            )

    def _alarms(self, user: str, first: str) -> Iterator[Document]:
        """Live alarms by id, from this one on."""
        after: str | None = None
        while True:
            page = self._store.page(user, "alarm", first=first or None, after=after, limit=ALARMS_A_READ)
            yield from page.items
            after = page.next
            if after is None:
                return

    def _known(self, user: str) -> _Known:
        documents = self._store.list_many([user], ["profile", "skip"]).get(user, [])
        profile = next((document for document in documents if document.kind == "profile"), None)
        if profile is None:
            check_account(self._store, user)
        skips = [document for document in documents if document.kind == "skip"]
        seqs: dict[str, int] = {}
        for skip in skips:
            alarm_id = skip.id.partition(":")[0]
            seqs[alarm_id] = max(skip.seq, seqs.get(alarm_id, 0))
        fields = profile.fields if profile else {}
        calendar = Calendar.of(fields.get("time_zone", "UTC"), skips)
        return _Known(calendar, profile.seq if profile else 0, former_zones(fields, self._clock.now()), seqs)


def _zones_named(document: Document) -> set[str]:
    name = document.fields.get("time_zone") if document.kind in {"alarm", "profile"} and not document.deleted else None
    return {name} if name else set()


def _gone(occurrence_id: str) -> DeletedChange:
    return DeletedChange(kind="occurrence", id=occurrence_id, version=0, fields={}, clocks={})


def _to_item(one: Coming) -> ChangeItem:
    if one.fields is None:
        return _gone(one.id)
    return OccurrenceUpdate(id=one.id, version=0, fields=one.fields, clocks={})

"""Nights of one sleeper never overlap: which are before and after another, and how far each may reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from smartalarm.errors import Conflict
from smartalarm.instants import instant_to_compact, instant_to_text
from smartalarm.ports import Document, Put, Store
from smartalarm.settings import Settings
from smartalarm.sleep.keeping import is_kept, recording_key
from smartalarm.sleep.recorded import EPOCH, LONGEST, SUMMARY, Recording, Summary

_LOOKED_AT: Final = 5
_LAST: Final = "~"  # behind every id


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a new night needs to fit in: a write that keeps the night before it from growing into it, and its own limit."""

    before: Put | None
    next_start: datetime | None


class Calendar:
    """Where there is room for a night."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def make_room(self, user: str, start: datetime, now: datetime) -> Neighbours:
        """What has to be written with a night that begins at `start`. Raises Conflict(code="overlapping_session").

        One that is still being recorded has no end yet, so nothing begins within the 24 hours that it may take. The night
        before is written with its version, so it cannot grow meanwhile; two new ones at once are the caller's to prevent.
        """
        following = self.next_after(user, start, now)
        if following is not None and following[1].start < start + EPOCH:
            raise _overlap(*following, following[1].end)
        return Neighbours(self._limit_before(user, start, now), following[1].start if following else None)

    def _limit_before(self, user: str, start: datetime, now: datetime) -> Put | None:
        earlier = self._first(
            user, now, newest_first=True, first=instant_to_compact(start - LONGEST), last=instant_to_compact(start)
        )
        if earlier is None:
            return None
        session_id, _ = earlier
        key = recording_key(user, session_id)
        document = self._store.read([key]).get(key)
        if document is None or document.deleted:
            return None
        recording = Recording.from_document(document)
        if recording.is_live(now) or start < max(recording.end, recording.start + EPOCH):
            raise _overlap(session_id, recording, None if recording.is_live(now) else recording.end)
        limited = recording.model_copy(update={"next_start": start})
        return limited.to_put(session_id, expected=document.version, keep_days=self._settings.ml_data_retention_days)

    def next_after(self, user: str, start: datetime, now: datetime) -> tuple[str, Summary] | None:
        """The first night that begins within the 24 hours from `start` on, that instant included: its id and summary."""
        first, last = instant_to_compact(start), instant_to_compact(start + LONGEST)
        return self._first(user, now, newest_first=False, first=first, last=last + _LAST)

    def check_growth(self, user: str, session_id: str, recording: Recording, now: datetime) -> datetime | None:
        """The start of the night after this one, as it is now. Raises Conflict when this one would reach into it."""
        following = self.next_after(user, recording.start + EPOCH, now)
        if following is None or following[0] == session_id:
            return None
        if following[1].start < recording.end:
            raise _overlap(*following, following[1].end)
        return following[1].start

    def _first(self, user: str, now: datetime, *, newest_first: bool, first: str, last: str) -> tuple[str, Summary] | None:
        page = self._store.page(user, SUMMARY, limit=_LOOKED_AT, newest_first=newest_first, first=first, last=last)
        for document in page.items:
            summary = Summary.from_document(document)
            if is_kept(document, summary, self._settings, now):
                return session_of(document), summary
        return None


def session_of(document: Document) -> str:
    """The id of the session that a summary is of."""
    return document.id.partition(":")[0]


def _overlap(session_id: str, kept: Recording | Summary, end: datetime | None) -> Conflict:
    until = "and is still being recorded" if end is None else f"to {instant_to_text(end)}"
    return Conflict(
        f"Another night is there: {session_id}, from {instant_to_text(kept.start)} {until}. Nights cannot overlap.",
        code="overlapping_session",
    )

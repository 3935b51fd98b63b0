"""Calendars: a person's zone and skipped dates, read from the store as far as some alarms need them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import EARLIEST
from smartalarm.alarms.plan import Calendar
from smartalarm.errors import NotFound
from smartalarm.instants import instant_to_compact, text_to_instant
from smartalarm.ports import Document, Store

PROFILE: Final = "profile"
ME: Final = "me"
RINGS_EARLY: Final = timedelta(minutes=90)
"""Nothing is answered longer before its time: that is the longest window of a smart wake."""
MOST_ANSWERED: Final = 100


class Calendars:
    """Reads them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, user: str, from_at: datetime, alarms: Sequence[Alarm], *, is_new: bool = False) -> Calendar:
        """The user's calendar as far as these alarms need it; a new alarm cannot have been skipped. Raises NotFound."""
        zone_name, since = "UTC", None
        if any(alarm.time_zone is None for alarm in alarms):
            try:
                profile = self._store.get(user, PROFILE, ME).fields
                zone_name, since = profile["time_zone"], profile.get("time_zone_since")
            except NotFound:
                raise NotFound("This account no longer exists.", code="no_such_user") from None
        if is_new or not alarms:
            return Calendar(zone_name, {})
        # A day and a half earlier than asked: a skip is kept by the instant it had in the zone of its time.
        first = instant_to_compact(max(from_at, EARLIEST) - timedelta(hours=36))
        skips: list[Document] = []
        after: str | None = None
        for _ in range(100):
            page = self._store.page(user, "skip", first=first, after=after)
            skips += page.items
            after = page.next
            if after is None:
                break
        return Calendar.of(zone_name, skips, text_to_instant(since) if since else None)

    def as_shown(self, user: str, calendar: Calendar, from_at: datetime, now: datetime) -> Calendar:
        """The same for what a person is shown of the time from `from_at` on: what was answered before its time is over."""
        if from_at > now + RINGS_EARLY:
            return calendar
        first, last = instant_to_compact(now), f"{instant_to_compact(now + RINGS_EARLY)}:~"
        page = self._store.page(user, "occurrence", first=first, last=last, limit=MOST_ANSWERED)
        answered: dict[str, set[datetime]] = {}
        for document in page.items:
            if document.fields["state"] == "dismissed" and document.fields["alarm_id"] is not None:
                alarm_id, at = parse_occurrence_id(document.id)
                answered.setdefault(alarm_id, set()).add(at)
        return replace(calendar, answered={alarm_id: frozenset(found) for alarm_id, found in answered.items()})

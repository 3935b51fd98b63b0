"""A night begins to be recorded, where no other night is."""

from datetime import datetime, timedelta
from typing import Final

from smartalarm.accounts.profiles import check_account
from smartalarm.errors import Conflict, Gone, Invalid
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Key, Store
from smartalarm.settings import Settings
from smartalarm.sleep.erasing import SleepEraser
from smartalarm.sleep.keeping import (
    SKEW,
    check_consent,
    check_recording_is_on,
    has_consent,
    preferences_key,
    read_summary,
    recording_key,
)
from smartalarm.sleep.neighbours import Calendar
from smartalarm.sleep.recorded import SUMMARY, Recording, Summary
from smartalarm.sleep.session_views import NewSleepSession, WholeSleepSession
from smartalarm.sleep.sessions import SleepSessions
from smartalarm.turns import Turns, try_later

FEWEST_SESSIONS: Final = 400
"""So many a user may always have; more only where nights are kept for long."""
SESSIONS_A_DAY: Final = 4
_GUARD_SECONDS: Final = 60


class NewNights:
    """Begins one user's nights."""

    def __init__(
        self,
        store: Store,
        sessions: SleepSessions,
        calendar: Calendar,
        eraser: SleepEraser,
        turns: Turns,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._calendar = calendar
        self._eraser = eraser
        self._turns = turns
        self._settings = settings
        self._clock = clock

    def put(self, user: str, session_id: str, new: NewSleepSession, *, expected: int | None = None) -> WholeSleepSession:
        """Begin a night; again with the same body it changes nothing, and zone and device may be set right.

        Raises NotFound where the server records no sleep, Forbidden(code="consent_required"), Invalid, Gone for one that
        was deleted, Conflict for another start or source ("session_exists"), for a night that is there already
        ("overlapping_session"), for too many, and when `expected` is given and not the current revision.
        """
        check_recording_is_on(self._settings)
        for _ in self._turns:
            try:
                self._put(user, session_id, new, expected)
            except Conflict as conflict:
                if conflict.code not in {"stale_version", "lost_claim"} or expected is not None:
                    raise
                continue
            return self._sessions.get(user, session_id)
        raise try_later()

    def _put(self, user: str, session_id: str, new: NewSleepSession, expected: int | None) -> None:
        now = self._clock.now()
        key, device = recording_key(user, session_id), Key(user, "device", new.device_id or "-")
        found = self._store.read([key, device, preferences_key(user)])
        if not has_consent(user, found):
            check_account(self._store, user)  # an access token outlives it by some minutes
        check_consent(user, found)
        if new.device_id is not None and (device not in found or found[device].deleted):
            raise Invalid.field("/device_id", "You have no such device. Leave it out, or register it first.")
        self._check_start(new.start, now)
        known = found.get(key)
        if expected not in {None, known.version if known else 0}:
            raise Conflict("This night was changed elsewhere in the meantime. Load it again.", code="stale_version")
        if known is None:
            self._begin(user, session_id, new, now)
        elif known.deleted:
            raise Gone("This night was deleted. Record a new one under another id.", code="session_deleted")
        else:
            self._correct(user, session_id, new, known, now)

    def _check_start(self, start: datetime, now: datetime) -> None:
        if start > now + SKEW:
            raise Invalid.field("/start", "A recording begins now or began already, and this is still to come.")
        if start <= now - timedelta(days=self._settings.ml_data_retention_days):
            days = self._settings.ml_data_retention_days
            raise Invalid.field("/start", f"Nights are kept for {days} days here, and this one is older.")

    def _begin(self, user: str, session_id: str, new: NewSleepSession, now: datetime) -> None:
        guard = f"sleep:{user}"  # of two nights that begin at once, the second must see the first
        held = self._store.claim(guard, now=now)
        self._eraser.erase_old(user)
        most = max(FEWEST_SESSIONS, SESSIONS_A_DAY * self._settings.ml_data_retention_days)
        if self._store.count(user, SUMMARY) >= most:
            raise Conflict(f"You have {most} nights, which is the most. Delete some first.", code="too_many_sessions")
        room = self._calendar.make_room(user, new.start, now)
        given = {"start": new.start, "source": new.source, "time_zone": new.time_zone, "device_id": new.device_id}
        days = self._settings.ml_data_retention_days
        writes = (
            Recording(**given, next_start=room.next_start).to_put(session_id, expected=0, keep_days=days),
            Summary(**given).to_put(session_id, expected=0, keep_days=days),
            *((room.before,) if room.before else ()),
        )
        expires_at = now + timedelta(seconds=_GUARD_SECONDS)
        taken = ClaimChange(guard, user, {}, expires_at=expires_at, expected=held.version if held else 0)
        self._store.commit(Commit(user, now, writes=writes, claims=(taken,)))

    def _correct(self, user: str, session_id: str, new: NewSleepSession, known: Document, now: datetime) -> None:
        recording = Recording.from_document(known)
        if (new.start, new.source) != (recording.start, recording.source):
            raise Conflict(
                "This night began otherwise: its start and source stay. Record another one under another id.",
                code="session_exists",
            )
        changes = {"time_zone": new.time_zone, "device_id": new.device_id}
        changed = recording.model_copy(update=changes)
        if changed == recording:
            return
        days = self._settings.ml_data_retention_days
        summary, version = read_summary(self._store, user, session_id, recording)
        writes = (
            changed.to_put(session_id, expected=known.version, keep_days=days),
            summary.model_copy(update=changes).to_put(session_id, expected=version, keep_days=days),
        )
        self._store.commit(Commit(user, now, writes=writes))

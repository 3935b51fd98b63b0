"""Recording a night: it begins, and its epochs come in batches, more than once, late and out of order."""

from array import array
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.accounts.profiles import check_account
from smartalarm.errors import Conflict, Gone, Invalid
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Key, Put, Store, Telemetry
from smartalarm.settings import Settings
from smartalarm.sleep import stored
from smartalarm.sleep.considering import SmartWake, SmartWakeDecision
from smartalarm.sleep.keeping import (
    check_consent,
    check_recording_is_on,
    has_consent,
    preferences_key,
    read_recording,
    recording_key,
)
from smartalarm.sleep.neighbours import Calendar
from smartalarm.sleep.recorded import EPOCH, SUMMARY, Recording, Summary, summary_id
from smartalarm.sleep.session_views import EpochsTaken, NewSleepSession, SleepEpochs, WholeSleepSession
from smartalarm.sleep.sessions import SleepSessions
from smartalarm.turns import Turns, busy

SKEW: Final = timedelta(minutes=2)
"""By how much a device's clock may be ahead of ours."""
MAX_BATCHES: Final = 6000
"""Of one session: one a minute for a day, and each of its epochs alone beside that."""
FEWEST_SESSIONS: Final = 400
"""So many a user may always have; more only where nights are kept for long."""
SESSIONS_A_DAY: Final = 4
_GUARD_SECONDS: Final = 60


class SleepRecorder:
    """Writes one user's nights."""

    def __init__(
        self,
        store: Store,
        sessions: SleepSessions,
        calendar: Calendar,
        smart_wake: SmartWake,
        turns: Turns,
        telemetry: Telemetry,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._calendar = calendar
        self._smart_wake = smart_wake
        self._turns = turns
        self._telemetry = telemetry
        self._settings = settings
        self._clock = clock

    # ---- a night begins

    def put(self, user: str, session_id: str, new: NewSleepSession) -> WholeSleepSession:
        """Begin a night; again with the same body it changes nothing, and zone and device may be set right.

        Raises NotFound where the server records no sleep, Forbidden(code="consent_required"), Invalid, Gone for one that
        was deleted, Conflict for another start or source ("session_exists"), for a night that is there already
        ("overlapping_session") and for too many.
        """
        check_recording_is_on(self._settings)
        for _ in self._turns:
            try:
                self._put(user, session_id, new)
            except Conflict as conflict:
                if conflict.code not in {"stale_version", "lost_claim"}:
                    raise
                continue
            return self._sessions.get(user, session_id)
        raise busy()

    def _put(self, user: str, session_id: str, new: NewSleepSession) -> None:
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
        summary, version = self._summary(user, session_id, recording)
        writes = (
            changed.to_put(session_id, expected=known.version, keep_days=days),
            summary.model_copy(update=changes).to_put(session_id, expected=version, keep_days=days),
        )
        self._store.commit(Commit(user, now, writes=writes))

    def _summary(self, user: str, session_id: str, recording: Recording) -> tuple[Summary, int]:
        document = self._store.get(user, SUMMARY, summary_id(session_id, recording.start))
        return Summary.from_document(document), document.version

    # ---- its epochs come

    def add(self, user: str, session_id: str, batch: SleepEpochs) -> EpochsTaken:
        """Take a batch. An epoch that is there already stays as it is, so a batch may come again, late and out of order.

        After the end of a night it opens it again, until it is finished anew. Raises NotFound, Forbidden, Invalid for epochs
        that cannot have ended yet, Conflict(code="mixed_session" | "overlapping_session" | "too_many_batches").
        """
        check_recording_is_on(self._settings)
        for _ in self._turns:
            try:
                recording = self._add(user, session_id, batch)
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
                continue
            decision = self._consider(user, session_id, recording) if batch.counts is not None else None
            return EpochsTaken(received_epochs=recording.received, last_epoch=recording.length - 1, smart_wake=decision)
        raise busy()

    def _add(self, user: str, session_id: str, batch: SleepEpochs) -> Recording:
        now = self._clock.now()
        found = self._store.read([recording_key(user, session_id), preferences_key(user)])
        recording, version = read_recording(found, user, session_id, self._settings, now)
        check_consent(user, found)
        _check_kind(recording, batch)
        changed = _with(recording, batch)
        if changed == recording:
            return recording
        if changed.start + (batch.first + len(batch.counts or batch.stages or ())) * EPOCH > now + SKEW:
            pointer = "/stages" if batch.counts is None else "/counts"
            raise Invalid.field(pointer, "These epochs have not ended yet. Send each when it is over.")
        if recording.batches >= MAX_BATCHES:
            raise Conflict(f"This night came in {MAX_BATCHES} parts, which is the most.", code="too_many_batches")
        if changed.next_start is not None and changed.end > changed.next_start:
            next_start = self._calendar.check_growth(user, session_id, changed, now)
            changed = changed.model_copy(update={"next_start": next_start})
        changed = changed.model_copy(update={"batches": recording.batches + 1, "is_finished": False})
        days = self._settings.ml_data_retention_days
        writes: tuple[Put, ...] = (changed.to_put(session_id, expected=version, keep_days=days),)
        if recording.is_finished:
            summary, summary_version = self._summary(user, session_id, recording)
            again = summary.model_copy(update={"state": "recording"})
            writes += (again.to_put(session_id, expected=summary_version, keep_days=days),)
        self._store.commit(Commit(user, now, writes=writes))
        return changed

    def _consider(self, user: str, session_id: str, recording: Recording) -> SmartWakeDecision | None:
        """What is stored is stored, whatever becomes of the alarm: that still rings at its time."""
        try:
            return self._smart_wake.consider(user, session_id, recording, self._clock.now())
        except Exception as error:  # noqa: BLE001  a night must not be lost for it
            self._telemetry.problem("smart_wake_failed", error, session_id=session_id)
            return None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch in the form it is stored in, by the name of each signal."""

    first: int
    codes: dict[str, list[int]]

    @property
    def decisive(self) -> str:
        """The signal that says which epochs came."""
        return next(iter(self.codes))


def _sent(batch: SleepEpochs) -> _Sent:
    if batch.stages is not None:
        return _Sent(batch.first, {"stages": [stored.stage_to_code(stage) for stage in batch.stages]})
    codes = {"counts": [stored.count_to_code(count) for count in batch.counts or ()]}
    if batch.heart_rate is not None:
        codes["heart_rate"] = [stored.rate_to_code(rate) for rate in batch.heart_rate]
    return _Sent(batch.first, codes)


def _with(recording: Recording, batch: SleepEpochs) -> Recording:
    """The recording with the batch; the same one when it holds nothing new."""
    sent = _sent(batch)
    update: dict[str, Any] = {"stages_source": batch.source} if batch.source else {}
    for name, codes in sent.codes.items():
        text = getattr(recording, name)
        known = array("H") if text is None else stored.text_to_codes(text)
        merged = stored.merged(known, sent.first, codes)
        if merged != known:
            update[name] = stored.codes_to_text(merged)
        if name == sent.decisive:
            update |= {"length": max(recording.length, len(merged)), "received": stored.came(merged)}
    return recording.model_copy(update=update)


def _check_kind(recording: Recording, batch: SleepEpochs) -> None:
    """A night is staged by its device or by our model, and by one device only."""
    brings_stages = batch.stages is not None
    if (brings_stages and recording.counts is not None) or (not brings_stages and recording.stages is not None):
        raise Conflict("A night has either counts or stages of a device, not both.", code="mixed_session")
    if brings_stages and recording.stages_source not in {None, batch.source}:
        raise Conflict(f"This night's stages come from {recording.stages_source}.", code="mixed_session")

"""The epochs of a night: they come in batches, more than once, late and out of order."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from smartalarm.errors import Conflict, Invalid
from smartalarm.ports import Clock, Commit, Put, Store, Telemetry
from smartalarm.ringing.smart_wake import RunningSession, SmartWake
from smartalarm.settings import Settings
from smartalarm.sleep import stored
from smartalarm.sleep.considering import SmartWakeDecision
from smartalarm.sleep.keeping import (
    SKEW,
    check_consent,
    check_recording_is_on,
    preferences_key,
    read_recording,
    read_summary,
    recording_key,
)
from smartalarm.sleep.metrics import EPOCH_SECONDS
from smartalarm.sleep.neighbours import Calendar
from smartalarm.sleep.recorded import EPOCH, Recording
from smartalarm.sleep.session_views import EpochsTaken, SleepEpochs
from smartalarm.turns import Turns, try_later

MAX_BATCHES: Final = 6000
"""Of one session: one a minute for a day, and each of its epochs alone beside that."""
STRAGGLES: Final = timedelta(minutes=1)
"""An epoch that ended so soon after its night was finished is of that night: two clocks, and the epoch it broke off in."""


class SleepRecorder:
    """Takes the epochs of one user's nights."""

    def __init__(
        self,
        store: Store,
        calendar: Calendar,
        smart_wake: SmartWake,
        turns: Turns,
        telemetry: Telemetry,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._calendar = calendar
        self._smart_wake = smart_wake
        self._turns = turns
        self._telemetry = telemetry
        self._settings = settings
        self._clock = clock

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
        raise try_later()

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
            summary, summary_version = read_summary(self._store, user, session_id, recording)
            again = summary.model_copy(update={"state": "recording"})
            writes += (again.to_put(session_id, expected=summary_version, keep_days=days),)
        self._store.commit(Commit(user, now, writes=writes))
        return changed

    def _consider(self, user: str, session_id: str, recording: Recording) -> SmartWakeDecision | None:
        """What is stored is stored, whatever becomes of the alarm: that still rings at its time.

        Whoever finished the night is up: what is sent of it after that wakes nobody.
        """
        if recording.finished_at is not None and recording.end <= recording.finished_at + STRAGGLES:
            return None
        try:
            return self._smart_wake.consider(user, _running(recording), self._clock.now())
        except Exception as error:  # noqa: BLE001  a night must not be lost for it
            self._telemetry.problem("smart_wake_failed", error, session_id=session_id)
            return None


def _running(recording: Recording) -> RunningSession:
    def readings() -> tuple[Sequence[float | None], Sequence[float | None] | None]:
        return recording.all_counts, None if recording.heart_rate is None else recording.all_heart_rates

    return RunningSession(recording.start, EPOCH_SECONDS, recording.length - 1 if recording.length else None, readings)


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

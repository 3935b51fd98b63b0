"""Smart wake: while somebody sleeps and the window before one of their alarms is open, each batch of epochs may ring it now.

All that this does is set one more timer, which rings the occurrence early (docs/adr/0019-smart-wake.md). The alarm's own
timer stays where it stands: whatever fails here, and whatever becomes of the early ring, it rings at its time, unless
somebody answered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import RING
from smartalarm.alarms.suppressions import first_skip
from smartalarm.errors import NotFound
from smartalarm.instants import instant_to_compact
from smartalarm.ports import ClaimChange, Commit, Key, SleepStager, Store, Telemetry, Timer
from smartalarm.ringing.decide import LAST_CALL, is_window_open
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.occurrence import Early, Occurrence
from smartalarm.ringing.timers import AGAIN, EARLY, LADDER, early_claim_key, early_timer_id, set_timer
from smartalarm.settings import Settings
from smartalarm.sleep.considering import SmartWakeDecision
from smartalarm.sleep.waking import Verdict, judge

FRESH: Final = timedelta(seconds=90)
"""What ended longer ago is stored, and nobody is woken by it."""
AHEAD: Final = timedelta(seconds=30)
"""A device's clock may run ahead by less than an epoch; what is further in the future is not believed."""
FEWEST_EPOCHS: Final = 20
"""Ten minutes: with less the model knows nothing of this night."""
LONGEST_WINDOW: Final = timedelta(minutes=90)
MOST: Final = 20
"""So many alarms with an open window are looked at, the next ones."""
REST: Final = timedelta(minutes=30)
"""Whoever was rung less than this ago is awake or chose to sleep on: other alarms then ring at their own time."""

NOT_SURE: Final = "It is not sure enough yet that sleep is light."
RANG_LATELY: Final = "An alarm rang a short while ago."

Readings = tuple[Sequence[float | None], Sequence[float | None] | None]
"""Counts and heart rate of the night so far, equally long."""


@dataclass(frozen=True, slots=True)
class RunningSession:
    """A session that is being recorded. `last_epoch`: the newest that came, from 0; `readings` unpacks what came."""

    start: datetime
    epoch_seconds: int
    last_epoch: int | None
    readings: Callable[[], Readings]

    @property
    def newest_ended_at(self) -> datetime | None:
        """When the newest epoch was over."""
        if self.last_epoch is None:
            return None
        return self.start + timedelta(seconds=self.epoch_seconds) * (self.last_epoch + 1)


@dataclass(frozen=True, slots=True)
class _Open:
    """An alarm whose window is open: its timer stands at its own time."""

    timer: Timer
    alarm: Alarm


class SmartWake:
    """Decides, and sets the timer."""

    def __init__(
        self,
        store: Store,
        stager: SleepStager,
        calendars: Calendars,
        direct_path: DirectPath,
        telemetry: Telemetry,
        settings: Settings,
    ) -> None:
        self._store = store
        self._stager = stager
        self._calendars = calendars
        self._direct_path = direct_path
        self._telemetry = telemetry
        self._is_on = settings.ml_enabled

    def consider(self, user: str, session: RunningSession, now: datetime) -> SmartWakeDecision | None:
        """Call it when epochs of a session that is still recorded were stored; None: no window is open, or nothing is known.

        Never raises: what fails here is a problem in the log, and the alarm rings at its time.
        """
        try:
            return self._consider(user, session, now)
        except Exception as error:  # noqa: BLE001  whatever fails, the epochs are stored and the alarm stands
            self._telemetry.problem("smart_wake_failed", error, user=user)
            return None

    def _consider(self, user: str, session: RunningSession, now: datetime) -> SmartWakeDecision | None:
        ended_at = session.newest_ended_at
        if not self._is_on or ended_at is None or not -AHEAD <= now - ended_at <= FRESH:
            return None
        windows = self._windows(user, now)
        counts, heart_rate = session.readings() if windows else ((), None)
        if len(counts) < FEWEST_EPOCHS:
            return None
        probabilities = self._stager.stage(counts, heart_rate, "live").probabilities
        decisions: list[SmartWakeDecision] = []
        for window in windows:
            left = window.timer.due_at - now
            verdict = judge(probabilities, left.total_seconds(), window.alarm.smart_wake_minutes * 60.0)
            if verdict is None:
                return None
            if verdict.rings and self._is_skipped(user, window, now):
                continue
            decisions.append(_decision(window, verdict, left))
            if verdict.rings:
                return self._rung(user, window, decisions[-1], now)
        return _held_back(decisions[0], NOT_SURE) if decisions else None

    def _rung(self, user: str, window: _Open, decision: SmartWakeDecision, now: datetime) -> SmartWakeDecision:
        if self._rang_lately(user, now):
            return _held_back(decision, RANG_LATELY)
        self._ring(user, window, decision, now)
        return decision

    def _windows(self, user: str, now: datetime) -> Sequence[_Open]:
        """Of the alarms whose time is near: most of the night that is none, and one small read."""
        standing = self._store.timers(user)
        if any(timer.purpose in {EARLY, LADDER, AGAIN} for timer in standing):
            return ()  # something rings, is snoozed, or is about to ring
        near = [t for t in standing if t.purpose == RING and LAST_CALL <= t.due_at - now <= LONGEST_WINDOW]
        return list(self._open(user, near[:MOST], now)) if near else ()

    def _open(self, user: str, near: Sequence[Timer], now: datetime) -> Iterator[_Open]:
        """The alarms whose windows are open, the next one first. One occurrence has one early ring."""
        alarms = [Key(user, "alarm", timer.subject.partition(":")[0]) for timer in near]
        rings = [Key(user, "occurrence", timer.subject) for timer in near]
        skips = [Key(user, "skip", timer.subject) for timer in near]
        found = self._store.read([*alarms, *rings, *skips])
        for timer, alarm_key, ring_key, skip_key in zip(near, alarms, rings, skips, strict=True):
            document, ring, skip = found.get(alarm_key), found.get(ring_key), found.get(skip_key)
            if skip is not None and skip.fields.get("skipped"):
                continue
            if document is None or document.deleted or (ring is not None and ring.fields["state"] != "pending"):
                continue
            alarm = Alarm.from_document(document)
            if alarm.enabled and is_window_open(alarm, timer.due_at, now):
                yield _Open(timer, alarm)

    def _is_skipped(self, user: str, window: _Open, now: datetime) -> bool:
        """Whether it would not ring at its own time either. The ring step looks once more."""
        try:
            calendar = self._calendars.of(user, now, [window.alarm])
        except NotFound:
            return True
        due = occurrence_at(window.alarm.schedule, calendar.zone_of(window.alarm), window.timer.due_at)
        return due is None or first_skip(due, calendar.chain(window.alarm)) is not None

    def _rang_lately(self, user: str, now: datetime) -> bool:
        first, last = instant_to_compact(now - REST), f"{instant_to_compact(now + LONGEST_WINDOW)}:~"
        page = self._store.page(user, "occurrence", first=first, last=last, newest_first=True, limit=MOST)
        rang = (Occurrence.from_document(document).released_at for document in page.items)
        return any(at is not None and now - at < REST for at in rang)

    def _ring(self, user: str, window: _Open, decision: SmartWakeDecision, now: datetime) -> None:
        """One commit, then the direct path. From here on the due index sees to it, whoever dies.

        Doubled batches overwrite each other's timer; the version of the occurrence lets one of them ring.
        """
        occurrence_id = window.timer.subject
        why = Early(stage=decision.stage, confidence=decision.confidence, minutes_early=decision.minutes_early)
        timer = Timer(early_timer_id(occurrence_id), user, now, EARLY, occurrence_id, window.timer.revision, now)
        key = early_claim_key(user, occurrence_id)
        claim = ClaimChange(key, user, why.model_dump(mode="json"), expires_at=window.timer.due_at, expected=None)
        self._store.commit(Commit(user, now, timers=(set_timer(timer),), claims=(claim,)))
        self._direct_path.send([timer])
        self._telemetry.count("smart_wakes_total")


def _decision(window: _Open, verdict: Verdict, left: timedelta) -> SmartWakeDecision:
    minutes = max(1, round(left.total_seconds() / 60))
    confidence = round(verdict.confidence, 3)
    early = Early(stage=verdict.stage, confidence=confidence, minutes_early=minutes)
    return SmartWakeDecision(
        occurrence_id=window.timer.subject,
        alarm_id=window.alarm.id,
        rings=verdict.rings,
        reason=early.to_text(),
        stage=verdict.stage,
        confidence=confidence,
        minutes_early=minutes,
    )


def _held_back(decision: SmartWakeDecision, reason: str) -> SmartWakeDecision:
    return decision.model_copy(update={"rings": False, "reason": reason})

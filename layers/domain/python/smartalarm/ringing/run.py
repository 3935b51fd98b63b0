"""One run of the ring step: its agenda, what it could not do, and how a failing timer never takes others with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from smartalarm.alarms.plan import ONE_SECOND, RING
from smartalarm.errors import Conflict, SmartAlarmError, Unavailable
from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Clock, Commit, Entropy, Key, Put, RingQueue, Store, Telemetry, Timer, TimerChange
from smartalarm.ringing.agenda import Agenda, Step
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.timers import AGAIN, LADDER, announce_timer, clear_timer, new_revision, occurrence_timer, set_timer
from smartalarm.settings import Settings

MAX_ATTEMPTS: Final = 5

SPENT: Final = frozenset({"lost_timer", "no_such_user"})
"""Codes of commits that found their timer gone: whoever moved it left a new one in the index, an erased user left none."""

Work = Callable[["Run", Sequence[HandedTimer]], None]


@dataclass
class Run:
    """What the steps of one run share. `begin` takes timers that became due while running; `hand_over` those due soon."""

    agenda: Agenda
    clock: Clock
    begin: Callable[["Run", RingBatch], None]
    hand_over: Callable[[Sequence[Timer]], None]
    undone: list[Timer] = field(default_factory=list)

    def at(self, instant: datetime, step: Step, *, is_patient: bool = False) -> None:
        """Do it then; if it is patient, after all else that is due by then."""
        self.agenda.add(instant, step, is_patient=is_patient)

    def follow(self, changes: Sequence[TimerChange]) -> None:
        """See to timers just written, without waiting for a tick.

        Those due already go on in this run: the news of a miss, the next of many overdue occurrences. Those due within the
        look-ahead take the direct path: the next rung, an alarm every five minutes.
        """
        now = self.clock.now()
        written = [change.timer for change in changes if change.timer]
        due = tuple(HandedTimer(timer) for timer in written if timer.due_at <= now)
        if due:
            self.at(now, partial(self.begin, self, RingBatch(due)))
        self.hand_over([timer for timer in written if timer.due_at > now])


class Failures:
    """What happens to timers whose handling failed: again alone, later; after the last attempt parked, with the reason."""

    def __init__(
        self, store: Store, queue: RingQueue, clock: Clock, entropy: Entropy, telemetry: Telemetry, settings: Settings
    ) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._entropy = entropy
        self._telemetry = telemetry
        self._keep_days = settings.history_retention_days

    def guarded(self, run: Run, handed: Sequence[HandedTimer], work: Work) -> None:
        """Do the work for all; if that fails, for each alone; only those that fail alone are handed back."""
        try:
            work(run, handed)
        except Exception as error:  # noqa: BLE001  one bad timer must not silence the others
            if len(handed) == 1:
                self.hand_back(run, handed[0], error)
                return
            self._telemetry.problem("ring_batch_failed", error, timers=len(handed))
            for one in handed:
                self.guarded(run, [one], work)

    def noted(self, error: Exception) -> None:
        """A step failed that nobody guards: its timers stand in the due index, which brings them back."""
        self._telemetry.problem("ring_step_failed", error)

    def hand_back(self, run: Run, handed: HandedTimer, error: BaseException) -> None:
        """Send it again, alone, a few times; then leave it to the due index, or park it.

        The index brings back for ever what was only unavailable or raced. A copy kept here as well would add up with it.
        """
        timer, attempt = handed.timer, handed.attempt
        if isinstance(error, SmartAlarmError) and error.code in SPENT:
            return
        self._telemetry.problem("timer_failed", error, timer=timer.id, user=timer.user, attempt=attempt)
        try:
            if attempt >= MAX_ATTEMPTS:
                if not isinstance(error, Unavailable | Conflict):
                    run.follow(self._park(timer, error))
                return
            delay = min(2.0 ** min(attempt, 5), 30.0) * (0.5 + self._entropy.fraction() / 2)
            self._queue.retry(timer, attempt=attempt + 1, delay_seconds=delay, now=self._clock.now())
        except Exception as again:  # noqa: BLE001  the timer stays in the due index: the sweep brings it back
            self._telemetry.problem("hand_back_failed", again, timer=timer.id, user=timer.user)
            run.undone.append(timer)

    def _park(self, timer: Timer, error: BaseException) -> tuple[TimerChange, ...]:
        """Give it up in the commit that tells its owner why. An alarm goes on with its next ring."""
        now = self._clock.now()
        reason = f"This ring failed {MAX_ATTEMPTS} times and was given up ({type(error).__name__})."
        key = Key(timer.user, "occurrence", timer.subject)
        known = self._store.read([key]).get(key)
        lost = _without_alarm(timer) if timer.purpose == RING else None
        before = Occurrence.from_document(known) if known else lost
        writes: tuple[Put, ...] = ()
        timers = [self._onward(timer)]
        if before is not None and not before.is_settled:
            after = before.note(now, "parked", reason)
            if timer.purpose in {AGAIN, LADDER} and after.early_ring and now < after.at:
                after = after.rest(now)  # its own time is still to come
                timers = [set_timer(occurrence_timer(timer.user, after, AGAIN, after.at, now), timer)]
            elif timer.purpose in {RING, AGAIN, LADDER} and not (timer.purpose == RING and after.is_early):
                after = after.miss(now, reason)
                timers.append(set_timer(announce_timer(timer.user, after, now)))
            writes = (after.to_put(expected=known.version if known else 0, keep_days=self._keep_days),)
        self._store.commit(Commit(timer.user, now, writes=writes, timers=tuple(timers)))
        self._telemetry.count("timers_parked_total", purpose=timer.purpose)
        return tuple(timers)

    def _onward(self, timer: Timer) -> TimerChange:
        """An alarm's timer stays, behind the occurrence that is lost, and is moved to the next one; others go."""
        if timer.purpose != RING:
            return clear_timer(timer.id, timer)
        revision = new_revision(self._entropy)
        return set_timer(replace(timer, due_at=timer.due_at + ONE_SECOND, revision=revision), timer)


def _without_alarm(timer: Timer) -> Occurrence:
    """The occurrence of an alarm that may be what cannot be read."""
    alarm_id = timer.subject.partition(":")[0]
    at = timer.due_at
    bare = Occurrence(id=timer.subject, alarm_id=alarm_id, label="An alarm", at=at, local=at.isoformat())
    return bare.note(timer.set_at, "scheduled")

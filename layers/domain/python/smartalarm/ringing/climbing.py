"""The ladder: nobody answered yet, so it rings again, louder, and at last counts as missed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from smartalarm.errors import Conflict, SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.ports import RETAKE_SECONDS, Clock, Telemetry, Timer, TimerChange
from smartalarm.ringing.around import Around
from smartalarm.ringing.delivery import Delivery, Envelope, Report
from smartalarm.ringing.notices import lateness
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.recording import Recorder, with_report
from smartalarm.ringing.retrying import Sent
from smartalarm.ringing.run import Failures, Run
from smartalarm.ringing.timers import (
    AGAIN,
    LADDER,
    RUNGS,
    announce_timer,
    clear_timer,
    next_ladder_at,
    occurrence_timer,
    rungs_due,
    set_timer,
)
from smartalarm.ringing.updates import Change, Stored, Update, Updates
from smartalarm.settings import Settings


class Climbing:
    """Handles ladder timers."""

    def __init__(
        self,
        updates: Updates,
        around: Around,
        delivery: Delivery,
        recorder: Recorder,
        failures: Failures,
        clock: Clock,
        telemetry: Telemetry,
        settings: Settings,
    ) -> None:
        self._updates = updates
        self._around = around
        self._delivery = delivery
        self._recorder = recorder
        self._failures = failures
        self._clock = clock
        self._telemetry = telemetry
        self._grace = timedelta(minutes=settings.grace_minutes)

    def climb(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Send again where that is due, time out what nobody answered, and set each ring's next rung."""
        now = self._clock.now()
        keys = [(one.timer.user, one.timer.subject) for one in handed]
        found = self._updates.read(keys)
        live: list[HandedTimer] = []
        for one, key in zip(handed, keys, strict=True):
            if key in found and found[key].occurrence.state != "ringing":  # most are answered by now: read nothing more
                self._failures.guarded(run, [one], partial(self._end, found[key], now))
            else:
                live.append(one)
        if live:
            self._climb(run, live, now)

    def _climb(self, run: Run, handed: Sequence[HandedTimer], now: datetime) -> None:
        around = self._around.timers([one.timer for one in handed])
        sending: list[tuple[HandedTimer, Stored, Envelope]] = []
        for one, surroundings in zip(handed, around, strict=True):
            user, stored = one.timer.user, surroundings.stored
            if stored is not None and stored.occurrence.ring_count != one.timer.revision:
                continue  # a late copy of an earlier ring's timer: the answer in between moved or cleared it
            if stored is None or stored.occurrence.state != "ringing" or self._is_over(stored.occurrence, one.timer, now):
                self._failures.guarded(run, [one], partial(self._end, stored, now))
                continue
            envelope = Envelope(user, "ring", (), ())
            if is_sent_again(stored.occurrence, now):
                rung = rungs_due(stored.occurrence, now)
                envelope = self._delivery.prepare(user, "ring", stored.occurrence, surroundings.audience, rung=rung)
            sending.append((one, stored, envelope))
        reports = self._delivery.send([envelope for *_, envelope in sending])
        updates = [
            Update(one.timer.user, stored, partial(_climbed, one.timer, report, now))
            for (one, stored, _), report in zip(sending, reports, strict=True)
        ]
        sent: list[Sent] = []
        for (one, stored, _), report, outcome in zip(sending, reports, self._updates.run(updates), strict=True):
            if not isinstance(outcome, SmartAlarmError):
                sent.append(Sent(one.timer.user, outcome, report))
            elif outcome.code == "lost_timer":
                key = (one.timer.user, stored.occurrence.id)  # an answer was quicker than the send
                found = self._updates.read([key]).get(key)
                sent += [Sent(one.timer.user, found, report)] if found and report.entries else []
            elif outcome.code != "no_such_user":
                self._failures.hand_back(run, one, outcome)
        self._recorder.after_send(run, sent)

    def _is_over(self, occurrence: Occurrence, timer: Timer, now: datetime) -> bool:
        times_out_at = occurrence.times_out_at
        if times_out_at is None:
            return now - timer.due_at > self._grace
        return times_out_at <= now

    def _end(self, stored: Stored | None, now: datetime, run: Run, handed: Sequence[HandedTimer]) -> None:
        """It is answered already, or nobody ever will."""
        for one in handed:
            timer, announced = one.timer, list[TimerChange]()
            if stored is None or _is_cleared(stored.occurrence, timer, now):
                continue

            def step(known: Occurrence, timer: Timer = timer, announced: list[TimerChange] = announced) -> Change:
                change = _timed_out(timer, now, known)
                announced[:] = change.timers
                return change

            try:
                self._updates.run_one(Update(timer.user, stored, step))
            except Conflict as conflict:
                if conflict.code != "lost_timer":
                    raise
            else:
                run.follow(announced)


def _is_cleared(known: Occurrence, timer: Timer, now: datetime) -> bool:
    """Whether the timer went with the ring's end: all that ends a ring clears its timer in the same commit.

    This is a message that was under way then. Were the timer to stand all the same, the sweep would bring it once more.
    """
    return known.state != "ringing" and now - timer.due_at < timedelta(seconds=RETAKE_SECONDS)


def is_sent_again(occurrence: Occurrence, now: datetime) -> bool:
    """Whether a ladder timer sends: always when it was claimed but never released, else when a new rung is due.

    At the first rung a device that showed or sounded the ring is enough to stay quiet; later only an answer is.
    """
    if occurrence.released_at is None:
        return True
    rung = rungs_due(occurrence, now)
    return rung > occurrence.rung and not (rung == 1 and occurrence.noticed_by)


def _climbed(timer: Timer, report: Report, now: datetime, known: Occurrence) -> Change:
    after = with_report(known, report)
    if known.state != "ringing":
        return Change(after if after != known else None)
    if known.released_at is None:
        after = after.note(now, "late", f"{lateness(timer.due_at, now)}: it had been claimed, but not sent").release(now)
    rung = rungs_due(known, now)
    if rung > known.rung:
        after = after.climb(rung).note(now, "unanswered", f"{RUNGS[rung - 1].total_seconds():.0f} s after the ring")
    if rung == len(RUNGS) > known.rung:
        after = after.note(now, "no_backup_channel", "No backup channel is set up.")
    return Change(after, (set_timer(occurrence_timer(timer.user, after, LADDER, next_ladder_at(after), now), timer),))


def _timed_out(timer: Timer, now: datetime, known: Occurrence) -> Change:
    """Nobody answered: missed, and every device is told. Before its own time it rests until then."""
    if known.state != "ringing":
        return Change(None, (clear_timer(timer.id, timer),))
    if known.is_early:
        rests = known.rest(now)
        again = occurrence_timer(timer.user, rests, AGAIN, rests.snoozed_until or rests.at, now)
        return Change(rests, (set_timer(again, timer), set_timer(announce_timer(timer.user, rests, now))))
    missed = known.miss(now, f"Nobody answered for {known.ring.timeout_minutes} minutes.")
    return Change(missed, (clear_timer(timer.id, timer), set_timer(announce_timer(timer.user, missed, now))))

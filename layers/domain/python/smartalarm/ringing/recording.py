"""What became of a sending: the ledger, the ladder's next timer, dead subscriptions, and a few more tries."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Clock, Telemetry, TimerChange
from smartalarm.ringing.announcing import Announcer
from smartalarm.ringing.delivery import Report
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.retrying import Retries, Sent
from smartalarm.ringing.run import Run
from smartalarm.ringing.subscriptions import Subscriptions
from smartalarm.ringing.timers import LADDER, next_ladder_at, occurrence_timer, set_timer
from smartalarm.ringing.updates import Change, Stored, Update, Updates


def with_report(known: Occurrence, report: Report) -> Occurrence:
    """The occurrence with the report's lines in its ledger."""
    return known.note_all(report.entries)


class Recorder:
    """Writes down sendings."""

    def __init__(
        self,
        updates: Updates,
        announcer: Announcer,
        retries: Retries,
        subscriptions: Subscriptions,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._updates = updates
        self._announcer = announcer
        self._retries = retries
        self._subscriptions = subscriptions
        self._clock = clock
        self._telemetry = telemetry

    def record(self, run: Run, sent: Sequence[Sent], *, released_at: datetime) -> None:
        """Move the watch to the ladder. If somebody answered in the meantime, what was just sent is stopped."""
        now = self._clock.now()
        updates = [Update(one.user, one.stored, partial(_recorded, one, released_at, now)) for one in sent]
        done: list[Sent] = []
        for one, outcome in zip(sent, self._updates.run(updates), strict=True):
            if isinstance(outcome, SmartAlarmError):
                # The watch stands: what is not recorded is sent again, under the same id and tag.
                self._telemetry.problem("record_failed", outcome, occurrence=one.stored.occurrence.id)
            else:
                done.append(Sent(one.user, outcome, one.report, one.tries))
        self.after_send(run, done)

    def after_send(self, run: Run, sent: Sequence[Sent]) -> None:
        """What follows once a sending is in the ledger."""
        ringing = [one for one in sent if one.stored.occurrence.state == "ringing"]
        now = self._clock.now()
        first = [one for one in ringing if one.stored.occurrence.released_at and not one.tries]
        run.follow([_next_rung(one, now) for one in first])  # together: what rang in one second climbs in one
        self._retries.plan(run, ringing, self._record_again)
        ended = [(one.user, one.stored) for one in sent if one.stored.occurrence.state != "ringing"]
        if ended:  # not at once: the next ring of this run may be due by now
            run.at(now, partial(self._stop_again, run, ended), is_patient=True)
        for one in sent:
            self._subscriptions.drop(one.user, one.report.lost)

    def _stop_again(self, run: Run, ended: Sequence[tuple[str, Stored]]) -> None:
        """Stop what was answered while it went out. Where that fails, the announcement's last word follows anyway."""
        try:
            self._announcer.stop_again(run, ended)
        except SmartAlarmError as error:
            self._telemetry.problem("stop_again_failed", error, rings=len(ended))

    def _record_again(self, run: Run, sent: Sequence[Sent]) -> None:
        self.record(run, sent, released_at=self._clock.now())


def _next_rung(one: Sent, now: datetime) -> TimerChange:
    """The ladder timer that stands since the sending was recorded."""
    occurrence = one.stored.occurrence
    return set_timer(occurrence_timer(one.user, occurrence, LADDER, next_ladder_at(occurrence), now))


def _recorded(one: Sent, released_at: datetime, now: datetime, known: Occurrence) -> Change:
    after = with_report(known, one.report)
    is_other = known.ring_count != one.stored.occurrence.ring_count  # its own time came while an early ring was on its way
    if known.state != "ringing" or known.released_at is not None or is_other:
        return Change(after if after != known else None)
    after = after.release(released_at)
    return Change(after, (set_timer(occurrence_timer(one.user, after, LADDER, next_ladder_at(after), now)),))

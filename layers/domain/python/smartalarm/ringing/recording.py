"""What became of a sending: the ledger, the ladder's next timer, dead subscriptions, and a few more tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from smartalarm.errors import SmartAlarmError
from smartalarm.instants import to_milliseconds
from smartalarm.ports import Clock, Commit, Entropy, Key, Put, Store, Telemetry, TimerChange
from smartalarm.ringing.announcing import Announcer
from smartalarm.ringing.delivery import Delivery, Report
from smartalarm.ringing.device import Device
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.run import Run
from smartalarm.ringing.timers import LADDER, next_ladder_at, occurrence_timer, set_timer
from smartalarm.ringing.updates import Change, Stored, Update, Updates

RETRY_DELAYS: Final = (1.0, 3.0, 6.0)
LONGEST_RETRY_AFTER: Final = 15.0


@dataclass(frozen=True)
class Sent:
    """What went out for an occurrence, and how often that was tried before."""

    user: str
    stored: Stored
    report: Report
    tries: int = 0


def with_report(known: Occurrence, report: Report) -> Occurrence:
    """The occurrence with the report's lines in its ledger."""
    return known.note_all(report.entries)


class Recorder:
    """Writes down sendings."""

    def __init__(
        self,
        store: Store,
        updates: Updates,
        delivery: Delivery,
        announcer: Announcer,
        clock: Clock,
        entropy: Entropy,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._updates = updates
        self._delivery = delivery
        self._announcer = announcer
        self._clock = clock
        self._entropy = entropy
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
        self._announcer.stop_again([(one.user, one.stored) for one in sent if one.stored.occurrence.state != "ringing"])
        for one in sent:
            for device_id in one.report.lost_devices:
                self._drop_subscription(one.user, device_id)
            if one.stored.occurrence.state == "ringing" and one.stored.occurrence.released_at and not one.tries:
                run.follow([_next_rung(one, self._clock.now())])
            if one.report.retries and one.stored.occurrence.state == "ringing" and one.tries < len(RETRY_DELAYS):
                run.at(self._clock.now() + self._backoff(one), partial(self._retry, run, one))

    def _backoff(self, one: Sent) -> timedelta:
        asked = min(one.report.retry_after_seconds, LONGEST_RETRY_AFTER)
        return timedelta(seconds=max(RETRY_DELAYS[one.tries] * (0.75 + self._entropy.fraction() / 2), asked))

    def _retry(self, run: Run, one: Sent) -> None:
        key = (one.user, one.stored.occurrence.id)
        try:
            stored = self._updates.read([key]).get(key)
            if stored is None or stored.occurrence.state != "ringing":
                return
            report = self._delivery.send_again(one.report.retries)
            self.record(run, [Sent(one.user, stored, report, one.tries + 1)], released_at=self._clock.now())
        except SmartAlarmError as error:  # the ladder sends again anyway
            self._telemetry.problem("push_retry_failed", error, occurrence=key[1])

    def _drop_subscription(self, user: str, device_id: str) -> None:
        """404 or 410: the subscription is dead. The device shows it, and so does the ledger."""
        key = Key(user, "device", device_id)
        document = self._store.read([key]).get(key)
        if document is None or document.deleted:
            return
        now = self._clock.now()
        device = Device.from_document(document)
        lost = device.model_copy(update={"push_subscription": None, "push_lost_at": to_milliseconds(now), "updated_at": now})
        put = Put("device", device_id, lost.to_fields(), expected=document.version)
        outcome = self._store.commit_many([Commit(user, now, writes=(put,))])[0]
        if isinstance(outcome, SmartAlarmError):
            self._telemetry.problem("subscription_not_dropped", outcome, device=device_id)


def _next_rung(one: Sent, now: datetime) -> TimerChange:
    """The ladder timer that stands since the sending was recorded."""
    occurrence = one.stored.occurrence
    return set_timer(occurrence_timer(one.user, occurrence, LADDER, next_ladder_at(occurrence), now))


def _recorded(one: Sent, released_at: datetime, now: datetime, known: Occurrence) -> Change:
    after = with_report(known, one.report)
    if known.state != "ringing" or known.released_at is not None:
        return Change(after if after != known else None)
    after = after.release(released_at)
    return Change(after, (set_timer(occurrence_timer(one.user, after, LADDER, next_ladder_at(after), now)),))

"""Announcing: every device learns how a ring ended, and a test push goes to the one device it is about."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from smartalarm.errors import SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.ports import Clock, Commit, Store, Telemetry, Timer, TimerChange
from smartalarm.ringing.around import Around, Audience
from smartalarm.ringing.delivery import Delivery, Envelope, Report
from smartalarm.ringing.notices import Kind
from smartalarm.ringing.occurrence import Entry, Occurrence
from smartalarm.ringing.readiness import Bystanders, Readiness
from smartalarm.ringing.retrying import Retries, Sent
from smartalarm.ringing.run import SPENT, Failures, Run
from smartalarm.ringing.subscriptions import Subscriptions
from smartalarm.ringing.timers import LAST_WORD, clear_timer, set_timer
from smartalarm.ringing.updates import Change, Stored, Update, Updates

NOBODY = Audience((), ())


class Announcer:
    """Sends what replaces a ring on the screen."""

    def __init__(
        self,
        store: Store,
        updates: Updates,
        around: Around,
        delivery: Delivery,
        retries: Retries,
        subscriptions: Subscriptions,
        readiness: Readiness,
        failures: Failures,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._updates = updates
        self._around = around
        self._delivery = delivery
        self._retries = retries
        self._subscriptions = subscriptions
        self._readiness = readiness
        self._failures = failures
        self._clock = clock
        self._telemetry = telemetry

    def announce(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Handle announce timers: to every device and socket. What is said at an answer is quicker; this is certain."""
        known = self._known(handed)
        audiences = self._around.audiences([one.timer.user for one, _ in known])
        reports = self._delivery.send(
            [self._envelope(one.timer.user, stored.occurrence, audiences[one.timer.user]) for one, stored in known]
        )
        following = [_last_word(one.timer, stored.occurrence) for one, stored in known]
        steps = [
            partial(_announced, report, one.timer, last)
            for (one, _), report, last in zip(known, reports, following, strict=True)
        ]
        done = self._finish(run, known, reports, steps)
        run.follow([set_timer(last) for sent, last in zip(done, following, strict=True) if sent and last])
        self._retries.plan(run, [sent for sent in done if sent], self._note)
        ended = [sent for sent in done if sent and sent.stored.occurrence.is_settled]
        rings = [Bystanders(sent.user, sent.stored.occurrence, audiences[sent.user]) for sent in ended]
        if rings:  # other people's announcements go first
            run.at(self._clock.now(), partial(self._readiness.after_ring, rings), is_patient=True)

    def stop_again(self, run: Run, ended: Sequence[tuple[str, Stored]]) -> None:
        """A ring went out while somebody answered it: stop it everywhere, sockets included."""
        audiences = self._around.audiences([user for user, _ in ended])
        reports = self._delivery.send([self._envelope(user, stored.occurrence, audiences[user]) for user, stored in ended])
        self._note(run, [Sent(user, stored, report) for (user, stored), report in zip(ended, reports, strict=True)])

    def test(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Handle test timers."""
        known = self._known(handed)
        audiences = self._around.audiences([one.timer.user for one, _ in known])
        envelopes = []
        for one, stored in known:
            devices = audiences[one.timer.user].devices
            tested = tuple(device for device in devices if one.timer.subject.startswith(f"{device.id}:"))
            envelopes.append(self._delivery.prepare(one.timer.user, "test", stored.occurrence, Audience(tested, ())))
        reports = self._delivery.send(envelopes)
        steps = [partial(_tested, report, one.timer) for (one, _), report in zip(known, reports, strict=True)]
        self._finish(run, known, reports, steps)

    def _finish(
        self,
        run: Run,
        known: Sequence[tuple[HandedTimer, Stored]],
        reports: Sequence[Report],
        steps: Sequence[Callable[[Occurrence], Change]],
    ) -> list[Sent | None]:
        """Write each down with its timer; None for one that could not be.

        Who lost the timer has nothing left to do: another copy of it was quicker, or a newer end is announced by its own.
        """
        updates = [Update(one.timer.user, stored, step) for (one, stored), step in zip(known, steps, strict=True)]
        done: list[Sent | None] = []
        for (one, _), report, outcome in zip(known, reports, self._updates.run(updates), strict=True):
            if not isinstance(outcome, SmartAlarmError):
                done.append(Sent(one.timer.user, outcome, report))
                self._subscriptions.drop(one.timer.user, report.lost)
                continue
            done.append(None)
            if outcome.code not in SPENT:
                self._failures.hand_back(run, one, outcome)
        return done

    def _note(self, run: Run, sent: Sequence[Sent]) -> None:
        """The ledger of what was sent without a timer of its own, and once more what failed for now."""
        noted = []
        updates = [Update(one.user, one.stored, partial(_announced, one.report, None, None)) for one in sent]
        for one, outcome in zip(sent, self._updates.run(updates), strict=True):
            if isinstance(outcome, SmartAlarmError):
                self._telemetry.problem("stop_not_recorded", outcome, occurrence=one.stored.occurrence.id)
            else:
                noted.append(Sent(one.user, outcome, one.report, one.tries))
                self._subscriptions.drop(one.user, one.report.lost)
        self._retries.plan(run, noted, self._note)

    def _known(self, handed: Sequence[HandedTimer]) -> list[tuple[HandedTimer, Stored]]:
        """Timers with their occurrence; one whose occurrence is gone is cleared."""
        keys = [(one.timer.user, one.timer.subject) for one in handed]
        found = self._updates.read(keys)
        known = []
        for one, key in zip(handed, keys, strict=True):
            if key in found:
                known.append((one, found[key]))
            else:
                timer = one.timer
                clear = Commit(timer.user, self._clock.now(), timers=(clear_timer(timer.id, timer),))
                outcome = self._store.commit_many([clear])[0]
                if isinstance(outcome, SmartAlarmError) and outcome.code not in SPENT:
                    raise outcome
        return known

    def _envelope(self, user: str, occurrence: Occurrence, audience: Audience) -> Envelope:
        """How it ended, for everybody; nothing for anybody when it rings again."""
        is_over = occurrence.is_settled or occurrence.state == "snoozed"
        kind: Kind = "missed" if occurrence.state == "missed" else "stop"
        heard = audience if is_over else NOBODY
        return self._delivery.prepare(user, kind, occurrence, heard, by_device=occurrence.answered_by)


def _last_word(timer: Timer, occurrence: Occurrence) -> Timer | None:
    """The announcement to come after this one: a claimed ring that is not recorded as sent may still go out."""
    is_first = timer.due_at <= timer.set_at
    may_go_out = occurrence.ring_count > 0 and occurrence.released_at is None
    return replace(timer, due_at=timer.due_at + LAST_WORD) if is_first and may_go_out else None


def _announced(report: Report, timer: Timer | None, following: Timer | None, known: Occurrence) -> Change:
    lines = []
    for entry in report.entries:
        if entry.event == "accepted":
            lines.append(Entry(at=entry.at, event="stop_sent", device_id=entry.device_id, detail=entry.detail))
        elif entry.event in {"failed", "subscription_lost"}:
            lines.append(entry)
    after = known.note_all(lines)
    return Change(after if after != known else None, (TimerChange(timer.id, following, timer),) if timer else ())


def _tested(report: Report, timer: Timer, known: Occurrence) -> Change:
    return Change(known.note_all(report.entries), (clear_timer(timer.id, timer),))

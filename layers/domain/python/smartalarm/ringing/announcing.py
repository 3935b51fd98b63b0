"""Announcing: every device learns how a ring ended, and a test push goes to the one device it is about."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from smartalarm.errors import SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.ports import Clock, Commit, Store, Telemetry, Timer, TimerChange
from smartalarm.ringing.around import Around, Audience
from smartalarm.ringing.delivery import Delivery, Report
from smartalarm.ringing.notices import Kind
from smartalarm.ringing.occurrence import Entry, Occurrence
from smartalarm.ringing.run import SPENT, Run
from smartalarm.ringing.timers import LAST_WORD, clear_timer, set_timer
from smartalarm.ringing.updates import Change, Stored, Update, Updates

NOBODY = Audience((), ())


class Announcer:
    """Sends what replaces a ring on the screen."""

    def __init__(
        self, store: Store, updates: Updates, around: Around, delivery: Delivery, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._store = store
        self._updates = updates
        self._around = around
        self._delivery = delivery
        self._clock = clock
        self._telemetry = telemetry

    def announce(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Handle announce timers: to every device and socket. What is said right after an answer is quicker, this is certain."""
        for timer, stored in self._known(handed):
            occurrence = stored.occurrence
            is_over = occurrence.is_settled or occurrence.state == "snoozed"
            audience = self._around.audiences([timer.user])[timer.user] if is_over else NOBODY
            report = self._send(timer.user, occurrence, audience)
            following = _last_word(timer, occurrence)
            self._finish(Update(timer.user, stored, partial(_announced, report, timer, following)))
            run.follow([set_timer(following)] if following else [])

    def stop_again(self, ended: Sequence[tuple[str, Stored]]) -> None:
        """A ring went out while somebody answered it: stop it everywhere, sockets included."""
        for user, stored in ended:
            audience = self._around.audiences([user])[user]
            report = self._send(user, stored.occurrence, audience)
            outcome = self._updates.run([Update(user, stored, partial(_announced, report, None, None))])[0]
            if isinstance(outcome, SmartAlarmError):
                self._telemetry.problem("stop_not_recorded", outcome, occurrence=stored.occurrence.id)

    def test(self, _run: Run, handed: Sequence[HandedTimer]) -> None:
        """Handle test timers."""
        for timer, stored in self._known(handed):
            audience = self._around.audiences([timer.user])[timer.user]
            devices = tuple(device for device in audience.devices if timer.subject.startswith(f"{device.id}:"))
            envelope = self._delivery.prepare(timer.user, "test", stored.occurrence, Audience(devices, ()))
            report = self._delivery.send([envelope])[0]
            self._finish(Update(timer.user, stored, partial(_tested, report, timer)))

    def _finish(self, update: Update) -> None:
        """Write it down, unless another copy of the same timer did already: who lost the timer has nothing left to do."""
        outcome = self._updates.run([update])[0]
        if isinstance(outcome, SmartAlarmError) and outcome.code not in SPENT:
            raise outcome

    def _known(self, handed: Sequence[HandedTimer]) -> list[tuple[Timer, Stored]]:
        """Timers with their occurrence; one whose occurrence is gone is cleared."""
        keys = [(one.timer.user, one.timer.subject) for one in handed]
        found = self._updates.read(keys)
        known = []
        for one, key in zip(handed, keys, strict=True):
            if key in found:
                known.append((one.timer, found[key]))
            else:
                timer = one.timer
                clear = Commit(timer.user, self._clock.now(), timers=(clear_timer(timer.id, timer),))
                outcome = self._store.commit_many([clear])[0]
                if isinstance(outcome, SmartAlarmError) and outcome.code not in SPENT:
                    raise outcome
        return known

    def _send(self, user: str, occurrence: Occurrence, audience: Audience) -> Report:
        kind: Kind = "missed" if occurrence.state == "missed" else "stop"
        envelope = self._delivery.prepare(user, kind, occurrence, audience, by_device=occurrence.answered_by)
        return self._delivery.send([envelope])[0]


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

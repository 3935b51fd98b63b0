"""Arm, hold, claim, hold, release: how a ring leaves on time with the database's and the cipher's time hidden before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from smartalarm.alarms.plan import RING
from smartalarm.errors import Conflict, SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.ports import Clock, Commit, Committed, Entropy, Put, Store, Telemetry, Timer, TimerChange
from smartalarm.ringing.around import Around, Audience, Surroundings
from smartalarm.ringing.decide import Ring, Settle, decide_again, decide_early, decide_ring
from smartalarm.ringing.delivery import Delivery, Envelope
from smartalarm.ringing.latecomers import Latecomers, Released
from smartalarm.ringing.occurrence import Early, Occurrence
from smartalarm.ringing.recording import Recorder
from smartalarm.ringing.retrying import Sent
from smartalarm.ringing.run import SPENT, Failures, Run
from smartalarm.ringing.timers import AGAIN, CLAIM_LEAD, EARLY, clear_timer, early_claim_key, new_revision
from smartalarm.ringing.updates import Stored
from smartalarm.settings import Settings

MAX_DECISIONS: Final = 5


@dataclass(frozen=True)
class Armed:
    """A ring that is decided and encrypted."""

    handed: HandedTimer
    decisions: int
    ring: Ring
    audience: Audience
    envelope: Envelope

    @property
    def timer(self) -> Timer:
        """The timer that brought it."""
        return self.handed.timer


class Claiming:
    """From a ring timer to a ring."""

    def __init__(
        self,
        store: Store,
        around: Around,
        delivery: Delivery,
        latecomers: Latecomers,
        recorder: Recorder,
        failures: Failures,
        clock: Clock,
        entropy: Entropy,
        telemetry: Telemetry,
        settings: Settings,
    ) -> None:
        self._store = store
        self._around = around
        self._delivery = delivery
        self._latecomers = latecomers
        self._recorder = recorder
        self._failures = failures
        self._clock = clock
        self._entropy = entropy
        self._telemetry = telemetry
        self._grace = timedelta(minutes=settings.grace_minutes)
        self._keep_days = settings.history_retention_days

    def arm(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Read what is around, decide, encrypt; the claim waits for the last second, what rings not for its instant."""
        self._arm(run, handed, decisions=0)

    def _arm(self, run: Run, handed: Sequence[HandedTimer], *, decisions: int) -> None:
        around = self._around.timers([one.timer for one in handed])
        now = self._clock.now()
        rings: dict[datetime, list[Armed]] = {}
        for one, surroundings in zip(handed, around, strict=True):
            try:
                decision = self._decide(one.timer, surroundings, now)
                due_at = max(now, one.timer.due_at)
                if isinstance(decision, Settle):
                    run.at(due_at, partial(self._failures.guarded, run, [one], partial(self._settle, decision, decisions)))
                else:
                    rings.setdefault(due_at, []).append(self._armed(one, decisions, decision, surroundings))
            except Exception as error:  # noqa: BLE001  handed back alone, the others go on
                self._failures.hand_back(run, one, error)
        for due_at, armed in rings.items():
            run.at(due_at - CLAIM_LEAD, partial(self._claim, run, armed))

    def _decide(self, timer: Timer, around: Surroundings, now: datetime) -> Ring | Settle:
        if timer.purpose == AGAIN:
            return decide_again(timer, around, now, grace=self._grace)
        if timer.purpose == EARLY:
            why = self._store.claim(early_claim_key(timer.user, timer.subject), now=now)
            return decide_early(timer, Early.model_validate(why.value) if why else None, around, now)
        revision = new_revision(self._entropy)
        return decide_ring(timer, around, now, grace=self._grace, revision=revision)

    def _armed(self, handed: HandedTimer, decisions: int, ring: Ring, around: Surroundings) -> Armed:
        envelope = self._delivery.prepare(handed.timer.user, "ring", ring.occurrence, around.audience)
        return Armed(handed, decisions, ring, around.audience, envelope)

    def _claim(self, run: Run, armed: Sequence[Armed]) -> None:
        """Commit `claimed` for each user apart: the occurrence rings, the next timer and the watch stand.

        One user's alarms of one second are claimed one after the other, and released together with all others: the sending
        takes as long as its slowest push service.
        """
        begun_at = self._clock.now()
        claimed: dict[datetime, list[tuple[Armed, Stored]]] = {}
        for round_ in _one_per_user(armed):
            now = self._clock.now()
            claims = [one.ring.occurrence.note(now, "claimed") for one in round_]
            commits = [
                self._commit(one.timer.user, one.ring.stored, claim, one.ring.timers)
                for one, claim in zip(round_, claims, strict=True)
            ]
            try:
                outcomes = self._store.commit_many(commits)
            except Exception as error:  # noqa: BLE001  the whole round failed; each is handed back alone
                for one in round_:
                    self._failures.hand_back(run, one.handed, error)
                continue
            for one, claim, outcome in zip(round_, claims, outcomes, strict=True):
                if isinstance(outcome, Committed):
                    stored = Stored(claim, outcome.documents[0].version)
                    claimed.setdefault(max(begun_at, one.timer.due_at), []).append((one, stored))
                else:
                    self._lost(run, one.handed, one.decisions, outcome)
        for due_at, members in claimed.items():
            run.at(due_at, partial(self._release, run, members))

    def _commit(
        self, user: str, stored: Stored | None, occurrence: Occurrence | None, timers: tuple[TimerChange, ...]
    ) -> Commit:
        writes: tuple[Put, ...] = ()
        if occurrence is not None and stored is not None:
            writes = (occurrence.to_put(expected=stored.version, keep_days=self._keep_days),)
        return Commit(user, self._clock.now(), writes=writes, timers=timers)

    def _lost(self, run: Run, handed: HandedTimer, decisions: int, error: SmartAlarmError) -> None:
        """A commit that did not go through: spent, decided again, or handed back."""
        if error.code == "lost_timer" and handed.timer.purpose == EARLY:
            self._drop(handed.timer)  # the alarm changed since, or this was decided twice
        if error.code in SPENT:
            return
        if isinstance(error, Conflict) and decisions + 1 < MAX_DECISIONS:
            jitter = timedelta(milliseconds=20) * self._entropy.fraction()
            again = partial(self._arm, decisions=decisions + 1)
            run.at(self._clock.now() + jitter, partial(self._failures.guarded, run, [handed], again))
        else:
            self._failures.hand_back(run, handed, error)

    def _drop(self, timer: Timer) -> None:
        """Clear it, if it is still there. Where that fails it lapses."""
        clear = Commit(timer.user, self._clock.now(), timers=(clear_timer(timer.id, timer),))
        outcome = self._store.commit_many([clear])[0]
        if isinstance(outcome, SmartAlarmError) and outcome.code not in SPENT:
            self._telemetry.problem("early_ring_not_dropped", outcome, timer=timer.id)

    def _release(self, run: Run, claimed: Sequence[tuple[Armed, Stored]]) -> None:
        """Fire, from memory, then write down what happened. Who was held up for too long leaves it to the watch."""
        now = self._clock.now()
        claimed = [(armed, stored) for armed, stored in claimed if now < armed.ring.watched_at]
        reports = self._delivery.send([armed.envelope for armed, _ in claimed])
        self._latecomers.join(
            [
                Released(armed.timer.user, stored.occurrence, armed.audience, report)
                for (armed, stored), report in zip(claimed, reports, strict=True)
            ]
        )
        sent = []
        if claimed:
            self._telemetry.count("alarms_triggered_total", len(claimed))
        for (armed, stored), report in zip(claimed, reports, strict=True):
            self._telemetry.observe("ring_error_seconds", (now - armed.timer.due_at).total_seconds())
            sent.append(Sent(armed.timer.user, stored, report))
        self._recorder.record(run, sent, released_at=now)
        written = [change for armed, _ in claimed for change in armed.ring.timers]
        run.follow([change for change in written if change.timer and change.timer.purpose == RING])  # the watch moved on

    def _settle(self, settle: Settle, decisions: int, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Commit what needs no ring: a skip, a miss, a timer that moves on."""
        for one in handed:
            commit = self._commit(one.timer.user, settle.stored, settle.change.occurrence, settle.change.timers)
            outcome = self._store.commit_many([commit])[0]
            if isinstance(outcome, SmartAlarmError):
                self._lost(run, one, decisions, outcome)
            else:
                run.follow(settle.change.timers)


def _one_per_user(armed: Iterable[Armed]) -> list[list[Armed]]:
    """Rounds in which each user appears once: users commit apart."""
    rounds: list[list[Armed]] = []
    turn: dict[str, int] = {}
    for one in armed:
        index = turn.get(one.timer.user, 0)
        turn[one.timer.user] = index + 1
        if index == len(rounds):
            rounds.append([])
        rounds[index].append(one)
    return rounds

"""Changing occurrences: apply a pure step, commit with the timers that follow from it, and on a race apply it again.

The step sees the newest stored occurrence, so it may decide that nothing is left to do; the lattice makes that safe.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from smartalarm.errors import Conflict, SmartAlarmError
from smartalarm.ports import ClaimChange, Clock, Commit, Committed, Entropy, Key, Put, Store, TimerChange
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.settings import Settings

MAX_TRIES: Final = 5
JITTER: Final = timedelta(milliseconds=20)


@dataclass(frozen=True)
class Stored:
    """An occurrence as the store has it; version 0 when it is not there yet."""

    occurrence: Occurrence
    version: int


@dataclass(frozen=True)
class Change:
    """What a step wants committed together. None for the occurrence leaves it unwritten."""

    occurrence: Occurrence | None
    timers: tuple[TimerChange, ...] = ()
    writes: tuple[Put, ...] = ()
    claims: tuple[ClaimChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return self.occurrence is None and not self.timers and not self.writes and not self.claims


@dataclass(frozen=True)
class Update:
    """One occurrence to change: as last seen, and the step. The step may be called several times; it must be pure."""

    user: str
    stored: Stored
    step: Callable[[Occurrence], Change]


class Updates:
    """Applies updates."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._settings = settings

    def read(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Stored]:
        """Occurrences by (user, id), those that exist."""
        found = self._store.read([Key(user, "occurrence", occurrence_id) for user, occurrence_id in keys])
        return {(key.user, key.id): Stored(Occurrence.from_document(doc), doc.version) for key, doc in found.items()}

    def run_one(self, update: Update) -> Stored:
        """Apply one. Raises what its step raises, and Conflict when it lost its timer or too many races."""
        outcome = self.run([update])[0]
        if isinstance(outcome, SmartAlarmError):
            raise outcome
        return outcome

    def run(self, updates: Sequence[Update]) -> list[Stored | SmartAlarmError]:
        """Apply all, each for itself; outcomes in order. The steps' own errors are outcomes too."""
        outcomes: list[Stored | SmartAlarmError] = [Conflict("Too many changes at once. Try again.")] * len(updates)
        waiting = dict(enumerate(updates))
        for attempt in range(MAX_TRIES):
            if attempt:
                self._clock.wait_until(self._clock.now() + JITTER * attempt * self._entropy.fraction())
                try:
                    waiting = self._refreshed(waiting)
                except SmartAlarmError as error:  # what the others wrote stands, and their callers go on with it
                    outcomes = [error if i in waiting else outcome for i, outcome in enumerate(outcomes)]
                    break
            for round_ in _one_per_user(waiting):
                self._run_round(round_, outcomes)
            waiting = {i: update for i, update in waiting.items() if _is_stale(outcomes[i])}
            if not waiting:
                break
        return outcomes

    def _refreshed(self, waiting: dict[int, Update]) -> dict[int, Update]:
        stored = self.read([(update.user, update.stored.occurrence.id) for update in waiting.values()])
        return {
            i: replace(update, stored=stored.get((update.user, update.stored.occurrence.id), update.stored))
            for i, update in waiting.items()
        }

    def _run_round(self, round_: dict[int, Update], outcomes: list[Stored | SmartAlarmError]) -> None:
        commits: list[Commit] = []
        places: list[int] = []
        for i, update in round_.items():
            try:
                change = update.step(update.stored.occurrence)
            except SmartAlarmError as error:
                outcomes[i] = error
                continue
            outcomes[i] = update.stored
            if not change.is_empty:
                commits.append(self._commit(update, change))
                places.append(i)
        for i, result in zip(places, self._store.commit_many(commits) if commits else [], strict=True):
            outcomes[i] = result if isinstance(result, SmartAlarmError) else _stored(round_[i], result)

    def _commit(self, update: Update, change: Change) -> Commit:
        writes = change.writes
        if change.occurrence is not None:
            keep_days = self._settings.history_retention_days if change.occurrence.alarm_id else 1
            put = change.occurrence.to_put(expected=update.stored.version, keep_days=keep_days)
            writes = (put, *writes)
        return Commit(update.user, self._clock.now(), writes=writes, timers=change.timers, claims=change.claims)


def _stored(update: Update, result: Committed) -> Stored:
    for document in result.documents:
        if document.kind == "occurrence" and document.id == update.stored.occurrence.id:
            return Stored(Occurrence.from_document(document), document.version)
    return update.stored


def _is_stale(outcome: Stored | SmartAlarmError) -> bool:
    return isinstance(outcome, Conflict) and outcome.code == "stale_version"


def _one_per_user(waiting: dict[int, Update]) -> list[dict[int, Update]]:
    """Rounds in which each user appears once: users commit apart, and one user's commits follow each other."""
    rounds: list[dict[int, Update]] = []
    turn: dict[str, int] = {}
    for i, update in waiting.items():
        index = turn.get(update.user, 0)
        turn[update.user] = index + 1
        if index == len(rounds):
            rounds.append({})
        rounds[index][i] = update
    return rounds

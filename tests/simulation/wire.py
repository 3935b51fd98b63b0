"""What lies between a process and everything outside it: calls take time, fail before or after their effect, or kill."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from smartalarm.errors import Conflict, SmartAlarmError, Unavailable
from smartalarm.ports import Commit, Committed
from tests.simulation.faults import Failure, Faults
from tests.simulation.timeline import Died, Process, Timeline

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Fate:
    """What is to become of one call: seconds before its effect, seconds after it, and how it fails."""

    before: float
    after: float
    failure: Failure | None


class Wire:
    """The way out of one process."""

    def __init__(self, process: Process, timeline: Timeline, faults: Faults) -> None:
        self.process = process
        self.timeline = timeline
        self.faults = faults
        self.on_race: Callable[[Commit], None] | None = None

    def call(self, users: Sequence[str] | None, effect: Callable[[], T]) -> T:
        """Do it out there. `users`: whose data it is about, None for everybody's. Raises Unavailable, Died."""
        self._touch(users or ())
        return self._go(self._fate(users, self.faults.of_call(is_commit=False)), users, effect)

    def commit(self, commit: Commit, effect: Callable[[], Committed]) -> Committed:
        """The same for a commit, which may also be answered by a Conflict although it took effect."""
        self._touch([commit.user])
        return self._go(self._fate_of(commit), [commit.user], effect, commit)

    def commit_many(
        self, commits: Sequence[Commit], effect: Callable[[Commit], Committed]
    ) -> list[Committed | SmartAlarmError]:
        """Each commit meets its own fate; they travel side by side, and the slowest decides when all answers are there."""
        self._touch([commit.user for commit in commits])
        started_at = self.timeline.now
        fates = [self._fate_of(commit) for commit in commits]
        outcomes: dict[int, Committed | SmartAlarmError] = {}
        waited = 0.0
        for i in sorted(range(len(fates)), key=lambda i: fates[i].before):
            self.timeline.sleep(fates[i].before - waited)
            waited = fates[i].before
            commit = commits[i]
            try:
                outcomes[i] = self._happen(fates[i], [commit.user], lambda commit=commit: effect(commit), commit)  # type: ignore[misc]
            except SmartAlarmError as error:
                outcomes[i] = error
        longest = max((fate.before + fate.after for fate in fates), default=0.0)
        self.timeline.sleep(longest - (self.timeline.now - started_at).total_seconds())
        return [outcomes[i] for i in range(len(commits))]

    def send(self, effect: Callable[[], T]) -> T:
        """Post to devices: nothing is raised for one of them, but the process may die before or after."""
        faults = self.faults
        is_dying = faults.happens(faults.weather.death)
        self.timeline.sleep(faults.latency())
        if is_dying and faults.happens(0.5):
            self._die([])
        result = effect()
        if is_dying:
            self._die([])
        return result

    # ---- within

    def _touch(self, users: Sequence[str]) -> None:
        task = self.timeline.current
        if task is not None:
            task.users.update(dict.fromkeys(users))

    def _touched(self, users: Sequence[str] | None) -> list[str] | None:
        """Everybody who shares the run with these users and so waits when it waits, or dies with it."""
        task = self.timeline.current
        return None if users is None or task is None else list(task.users)

    def _fate_of(self, commit: Commit) -> _Fate:
        faults = self.faults
        fate = self._fate([commit.user], faults.of_call(is_commit=True))
        if self.on_race and faults.happens(faults.weather.race):
            self.on_race(commit)
            return _Fate(fate.before + faults.uniform(0, 0.04), fate.after, fate.failure)
        return fate

    def _fate(self, users: Sequence[str] | None, failure: Failure | None) -> _Fate:
        faults = self.faults
        if failure == "lag":
            return _Fate(faults.lag(), faults.lag(), None)
        if failure == "slow":
            before, after = (
                (faults.slowness(), faults.latency()) if faults.happens(0.5) else (faults.latency(), faults.slowness())
            )
            faults.note("slow", self._touched(users), before + after)
            return _Fate(before, after, None)
        return _Fate(faults.latency(), faults.latency(), failure)

    def _go(self, fate: _Fate, users: Sequence[str] | None, effect: Callable[[], T], commit: Commit | None = None) -> T:
        self.timeline.sleep(fate.before)
        try:
            result = self._happen(fate, users, effect, commit)
        except SmartAlarmError:
            self.timeline.sleep(fate.after)
            raise
        self.timeline.sleep(fate.after)
        return result

    def _happen(self, fate: _Fate, users: Sequence[str] | None, effect: Callable[[], T], commit: Commit | None) -> T:
        failure = fate.failure
        if failure is None:
            return effect()
        if failure == "error":
            self.faults.note("error", users)
            raise Unavailable("refused")
        if failure == "death":
            self._die(users)
        effect()
        if failure == "death_after":
            self._die(users)
        self.faults.note(failure, users)
        if failure == "conflict_after" and commit is not None:
            is_timer = any(change.expected is not None for change in commit.timers)
            raise Conflict("the answer was lost; a retry met it", code="lost_timer" if is_timer else "stale_version")
        raise Unavailable("no answer")

    def _die(self, users: Sequence[str] | None) -> None:
        self.faults.note("death", self._touched(users))
        self.process.die()
        raise Died(self.process.name)

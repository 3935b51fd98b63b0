"""Stores with one guard taken out each, to show that the simulation would see it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Commit, Committed, Timer
from tests.simulation.unreliable import SimulatedStore


class Altered(SimulatedStore):
    """Changes every commit before it is made."""

    def alter(self, commit: Commit) -> Commit:
        """What is committed instead."""
        return commit

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        return super().commit(self.alter(commit))

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`."""
        return super().commit_many([self.alter(commit) for commit in commits])


class NoTimerGuard(Altered):
    """The timer that a commit expects need not stand any more."""

    def alter(self, commit: Commit) -> Commit:
        """Expect nothing of timers."""
        return replace(commit, timers=tuple(replace(change, expected=None) for change in commit.timers))


class NoVersionGuard(Altered):
    """A document may be written over whatever happened to it in the meantime."""

    def alter(self, commit: Commit) -> Commit:
        """Expect nothing of documents."""
        return replace(commit, writes=tuple(replace(put, expected=None) for put in commit.writes))


class NoWatch(Altered):
    """The claim leaves no watch behind."""

    def alter(self, commit: Commit) -> Commit:
        """Without the ladder timer of a ring that is claimed and not yet released."""
        is_claim = any(
            put.kind == "occurrence" and put.fields["state"] == "ringing" and put.fields["released_at"] is None
            for put in commit.writes
        )
        kept = tuple(c for c in commit.timers if not (is_claim and c.timer and c.timer.purpose == "ladder"))
        return replace(commit, timers=kept)


class NoRetaking(SimulatedStore):
    """What was handed over once is never handed over again."""

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        taken = super().take_due(now=now, until=until, limit=limit)
        return [timer for timer in taken if now <= timer.due_at + timedelta(seconds=9)]

"""A store that lets a user's sockets know of each commit that changed something synced, whoever committed it."""

from collections.abc import Sequence
from typing import Any, Final

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Commit, Committed, Pokes, Store

SYNCED: Final = frozenset({"alarm", "skip", "settings", "profile", "device", "occurrence"})
"""Kinds that a pull gives (smartalarm.sync.changes)."""


class PokingStore:
    """`Store` over another. A commit is neither slower nor less certain for it: noting takes no time and never fails."""

    def __init__(self, store: Store, pokes: Pokes) -> None:
        self._store = store
        self._pokes = pokes

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        committed = self._store.commit(commit)
        self._note(commit.user, committed, is_ring=False)
        return committed

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`. Rings and their answers are written this way; sockets hear of those by themselves."""
        outcomes = self._store.commit_many(commits)
        for commit, outcome in zip(commits, outcomes, strict=True):
            if isinstance(outcome, Committed):
                self._note(commit.user, outcome, is_ring=True)
        return outcomes

    def __getattr__(self, name: str) -> Any:
        """All else is the other's."""
        return getattr(self._store, name)

    def _note(self, user: str, committed: Committed, *, is_ring: bool) -> None:
        if any(document.kind in SYNCED for document in committed.documents):
            self._pokes.note(user, committed.seq, is_ring=is_ring)

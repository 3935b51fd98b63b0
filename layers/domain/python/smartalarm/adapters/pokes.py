"""Pokes: a user's open sockets hear that there is something to pull; at most four times a second, and the last one always.

The local host tells from a thread of its own, so that no commit waits. A ring's own commits come right before its messages
leave: their pokes wait until those are out. A function on AWS tells at its end, and rings not at all: see docs/adr/0014.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

SPACING_SECONDS: Final = 0.25
AFTER_RING_SECONDS: Final = 3.0
"""A ring is committed at most a second before its instant; by then its messages and pushes have left."""
MOST_AT_ONCE: Final = 200
"""Users told in one go."""


class Pace:
    """Which user is due when. Pure; seconds of any clock."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[float, int]] = {}
        self._told_at: dict[str, float] = {}

    def note(self, user: str, seq: int, at: float) -> None:
        """The user is to hear of this seq, not before `at`; of several the latest is told, when the first is due."""
        due = max(at, self._told_at.get(user, at) + (SPACING_SECONDS if user in self._told_at else 0.0))
        known_due, known_seq = self._waiting.get(user, (due, seq))
        self._waiting[user] = min(due, known_due), max(seq, known_seq)

    def take(self, now: float) -> dict[str, int]:
        """Some that are due now, with their seqs."""
        due = [user for user, (at, _) in self._waiting.items() if at <= now][:MOST_AT_ONCE]
        self._told_at = {user: at for user, at in self._told_at.items() if at > now - SPACING_SECONDS}
        self._told_at |= dict.fromkeys(due, now)
        return {user: self._waiting.pop(user)[1] for user in due}

    @property
    def next_at(self) -> float | None:
        """When the next one is due."""
        return min((at for at, _ in self._waiting.values()), default=None)


class NoPokes:
    """`Pokes` where nobody holds a socket."""

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """Nothing to do."""

    def flush(self) -> None:
        """Nothing to do."""


class PokesAtTheEnd:
    """`Pokes` of a function: all that one call changed is told once, before its answer leaves."""

    def __init__(self, tell: Callable[[Mapping[str, int]], None]) -> None:
        self._tell = tell
        self._noted: dict[str, int] = {}

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """See `Pokes.note`. A ring tells the sockets it knows; to look for them once more would cost a read per ring."""
        if not is_ring:
            self._noted[user] = max(seq, self._noted.get(user, 0))

    def flush(self) -> None:
        """See `Pokes.flush`."""
        noted, self._noted = self._noted, {}
        if noted:
            self._tell(noted)


class PokeThread:
    """`Pokes` of the local host. The thread begins with the first note and ends with the process."""

    def __init__(self, tell: Callable[[Mapping[str, int]], None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now = now
        self._pace = Pace()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """See `Pokes.note`."""
        with self._change:
            self._pace.note(user, seq, self._now() + (AFTER_RING_SECONDS if is_ring else 0.0))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pokes", daemon=True)
                self._thread.start()
            self._change.notify()

    def flush(self) -> None:
        """See `Pokes.flush`: the thread does it."""

    def _run(self) -> None:
        while True:
            with self._change:
                due = self._pace.take(self._now())
                if not due:
                    at = self._pace.next_at
                    self._change.wait(None if at is None else max(0.0, at - self._now()))
                    continue
            self._tell(due)

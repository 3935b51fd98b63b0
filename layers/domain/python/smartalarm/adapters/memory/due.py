"""The due index in memory: every timer, sorted by due instant."""

from bisect import bisect_left, insort
from dataclasses import replace
from datetime import datetime, timedelta

from smartalarm.ports import RETAKE_SECONDS, Timer


class DueIndex:
    """All users' timers. Not thread-safe: the store holds its lock."""

    def __init__(self) -> None:
        self._timers: dict[str, dict[str, Timer]] = {}
        self._order: list[tuple[datetime, str, str]] = []

    def put(self, timer: Timer) -> None:
        """Add it, in place of the one with its name."""
        self.remove(timer.user, timer.id)
        self._timers.setdefault(timer.user, {})[timer.id] = timer
        insort(self._order, (timer.due_at, timer.user, timer.id))

    def remove(self, user: str, timer_id: str) -> None:
        """Drop it, if there."""
        mine = self._timers.get(user, {})
        timer = mine.pop(timer_id, None)
        if timer is None:
            return
        del self._order[bisect_left(self._order, (timer.due_at, user, timer_id))]
        if not mine:
            del self._timers[user]

    def of(self, user: str) -> list[Timer]:
        """The user's timers by due instant."""
        return sorted(self._timers.get(user, {}).values(), key=lambda timer: (timer.due_at, timer.id))

    def find(self, user: str, timer_id: str) -> Timer | None:
        """The timer, if there."""
        return self._timers.get(user, {}).get(timer_id)

    def take(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """See `Store.take_due`."""
        long_ago = now - timedelta(seconds=RETAKE_SECONDS)
        taken: list[Timer] = []
        for due_at, user, timer_id in self._order:
            if due_at > until or len(taken) >= limit:
                break
            timer = self._timers[user][timer_id]
            if timer.handed_at is None or (due_at < long_ago and timer.handed_at < long_ago):
                taken.append(replace(timer, handed_at=now))
        for timer in taken:
            self._timers[timer.user][timer.id] = timer
        return taken

    def release(self) -> int:
        """See `Store.release_handed`."""
        handed = [timer for mine in self._timers.values() for timer in mine.values() if timer.handed_at is not None]
        for timer in handed:
            self._timers[timer.user][timer.id] = replace(timer, handed_at=None)
        return len(handed)

    def users(self, purpose: str) -> list[str]:
        """Who has a timer of the purpose, sorted."""
        return sorted(u for u, mine in self._timers.items() if any(t.purpose == purpose for t in mine.values()))

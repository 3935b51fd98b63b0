"""Fixed-window counters in a dict."""

import threading
from datetime import datetime, timedelta

from smartalarm.ports import Count


class MemoryCounters:
    """`Counters` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Count] = {}

    def hit(self, key: str, window_seconds: int, *, now: datetime) -> Count:
        """See `Counters.hit`."""
        with self._lock:
            known = self._counts.get(key)
            if known is None or known.resets_at <= now:
                count = Count(1, now + timedelta(seconds=window_seconds))
            else:
                count = Count(known.count + 1, known.resets_at)
            self._counts[key] = count
            return count

    def clear(self, key: str) -> None:
        """See `Counters.clear`."""
        with self._lock:
            self._counts.pop(key, None)

    def purge(self, *, now: datetime, limit: int) -> int:
        """Remove ended windows, at most `limit`; how many. `Store.purge` calls it."""
        with self._lock:
            ended = [key for key, count in self._counts.items() if count.resets_at <= now][:limit]
            for key in ended:
                del self._counts[key]
            return len(ended)

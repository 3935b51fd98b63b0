"""The machine's own clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

LONGEST_NAP_SECONDS: Final = 0.5
"""The wall clock is asked again this often, so that a step of it (NTP, suspend) never makes a wait end late."""

SPIN_SECONDS: Final = 0.001
"""The operating system wakes a sleeper up to about this much late; the rest of the way is spun."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SystemClock:
    """`Clock` of this machine. `read` and `sleep` are the machine's; tests put in others."""

    def __init__(self, read: Callable[[], datetime] = _utc_now, sleep: Callable[[float], None] = time.sleep) -> None:
        self._read = read
        self._sleep = sleep

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._read()

    def wait_until(self, instant: datetime) -> None:
        """See `Clock.wait_until`."""
        while (left := (instant - self._read()).total_seconds()) > 0:
            # sleep(0) gives other threads their turn while the last millisecond passes
            self._sleep(min(left - SPIN_SECONDS, LONGEST_NAP_SECONDS) if left > SPIN_SECONDS else 0)

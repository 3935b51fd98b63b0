"""Listening on the line: one connection of its own per process, made again whenever it breaks."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

from smartalarm.adapters.sql.line import RINGERS, channel_of, lock_of
from smartalarm.adapters.sql.pooled import PooledEngine

NAP_SECONDS: Final = 0.5
IDLE_SECONDS: Final = 5.0
"""How often the connection is proved alive and `on_idle` is called."""
SHORTEST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 1.0


class Listener:
    """One thread that hears notices for `host`, and wakes for ringers if `is_ringer`.

    `on_listening` is called each time it begins to hear, before the first notice: whatever was said until then may have
    been lost. A callback that raises counts as a broken connection: it is made again, and `on_listening` comes again.
    """

    def __init__(
        self,
        engine: PooledEngine,
        host: str,
        *,
        is_ringer: bool,
        on_listening: Callable[[], None],
        on_notices: Callable[[list[str]], None],
        on_wake: Callable[[], None],
        on_idle: Callable[[], None],
        on_problem: Callable[[str, BaseException], None],
    ) -> None:
        self._engine = engine
        self._channel = channel_of(host)
        self._lock = lock_of(host)
        self._is_ringer = is_ringer
        self._on_listening = on_listening
        self._on_notices = on_notices
        self._on_wake = on_wake
        self._on_idle = on_idle
        self._on_problem = on_problem
        self._is_stopping = threading.Event()
        self._is_listening = threading.Event()
        self._thread = threading.Thread(target=self._main, name="listener", daemon=True)

    def start(self, wait_seconds: float) -> bool:
        """Begin; whether it listened within the time."""
        self._thread.start()
        return self._is_listening.wait(wait_seconds)

    def stop(self) -> None:
        """Leave the line; from then on this process is gone for the others."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=NAP_SECONDS + 5)

    def _main(self) -> None:
        pause = 0.0
        while not self._is_stopping.wait(pause):
            begun_at = time.monotonic()
            try:
                with closing(self._engine.dedicated()) as connection:
                    self._attend(connection)
            except Exception as error:  # noqa: BLE001  it must outlive everything: without it no socket here hears of a ring
                has_lasted = time.monotonic() - begun_at > IDLE_SECONDS
                pause = (
                    SHORTEST_PAUSE_SECONDS if has_lasted else min(2 * pause or SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
                )
                self._on_problem("listening_failed", error)

    def _attend(self, connection: Any) -> None:
        connection.execute(f'LISTEN "{self._channel}"')
        if self._is_ringer:
            connection.execute(f'LISTEN "{RINGERS}"')
        has_lock = self._take_lock(connection)
        self._on_listening()
        self._is_listening.set()
        idle_at = time.monotonic()
        while not self._is_stopping.is_set():
            heard = list(connection.notifies(timeout=NAP_SECONDS, stop_after=1))
            if any(notice.channel == RINGERS for notice in heard):
                self._on_wake()
            if payloads := [notice.payload for notice in heard if notice.channel == self._channel]:
                self._on_notices(payloads)
            if time.monotonic() >= idle_at:
                connection.execute("SELECT 1")
                # An earlier connection of ours may linger on the server, and with it the lock, which answers for us.
                if not has_lock and (has_lock := self._take_lock(connection)):
                    self._on_listening()  # between its end and now we were gone
                self._on_idle()
                idle_at = time.monotonic() + IDLE_SECONDS

    def _take_lock(self, connection: Any) -> bool:
        return bool(connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchone()[0])

"""Open sockets and last-seen instants in dicts."""

import threading
from collections.abc import Iterable
from datetime import datetime

from smartalarm.ports import Connection


class MemoryConnections:
    """`Connections` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Connection] = {}
        self._of_user: dict[str, dict[str, Connection]] = {}
        self._seen: dict[str, dict[str, datetime]] = {}

    def open(self, connection: Connection) -> None:
        """See `Connections.open`."""
        with self._lock:
            if connection.id not in self._open:
                self._open[connection.id] = connection
                self._of_user.setdefault(connection.user, {})[connection.id] = connection

    def find(self, connection_id: str) -> Connection | None:
        """See `Connections.find`."""
        with self._lock:
            return self._open.get(connection_id)

    def close(self, connection_id: str) -> None:
        """See `Connections.close`."""
        with self._lock:
            self._forget(connection_id)

    def close_host(self, host: str) -> None:
        """See `Connections.close_host`."""
        with self._lock:
            for connection in [c for c in self._open.values() if host and c.host == host]:
                self._forget(connection.id)

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """See `Connections.of`."""
        with self._lock:
            return {
                user: sorted(mine.values(), key=lambda c: (c.opened_at, c.id))
                for user in users
                if (mine := self._of_user.get(user))
            }

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """See `Connections.saw`."""
        with self._lock:
            devices = self._seen.setdefault(user, {})
            devices[device_id] = max(at, devices.get(device_id, at))

    def last_seen(self, user: str) -> dict[str, datetime]:
        """See `Connections.last_seen`."""
        with self._lock:
            return dict(self._seen.get(user, {}))

    def forget_user(self, user: str) -> None:
        """See `Connections.forget_user`."""
        with self._lock:
            for connection_id in list(self._of_user.get(user, ())):
                self._forget(connection_id)
            self._seen.pop(user, None)

    def _forget(self, connection_id: str) -> None:
        connection = self._open.pop(connection_id, None)
        if connection is None:
            return
        mine = self._of_user[connection.user]
        del mine[connection_id]
        if not mine:
            del self._of_user[connection.user]

"""Connections of a process that shares its database: what it holds itself is remembered, to be put back where need be."""

import threading
from collections.abc import Iterable
from datetime import datetime

from smartalarm.ports import Connection, Connections


class HeldConnections:
    """`Connections` over another. While a process is off the line, others rightly take its sockets for gone."""

    def __init__(self, inner: Connections, host: str) -> None:
        self._inner = inner
        self._host = host
        self._lock = threading.Lock()
        self._held: dict[str, Connection] = {}

    def held(self) -> list[Connection]:
        """Those of this very process."""
        with self._lock:
            return list(self._held.values())

    def put_back(self, connection: Connection) -> None:
        """Write it anew, unless it was closed in the meantime."""
        self._inner.open(connection)
        with self._lock:
            is_held = connection.id in self._held
        if not is_held:
            self._inner.close(connection.id)

    def open(self, connection: Connection) -> None:
        """See `Connections.open`."""
        if connection.host == self._host:
            with self._lock:
                self._held.setdefault(connection.id, connection)
        self._inner.open(connection)

    def find(self, connection_id: str) -> Connection | None:
        """See `Connections.find`."""
        return self._inner.find(connection_id)

    def close(self, connection_id: str) -> None:
        """See `Connections.close`."""
        with self._lock:
            self._held.pop(connection_id, None)
        self._inner.close(connection_id)

    def close_host(self, host: str) -> None:
        """See `Connections.close_host`."""
        if host == self._host:
            with self._lock:
                self._held.clear()
        self._inner.close_host(host)

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """See `Connections.of`."""
        return self._inner.of(users)

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """See `Connections.saw`."""
        self._inner.saw(user, device_id, at=at)

    def last_seen(self, user: str) -> dict[str, datetime]:
        """See `Connections.last_seen`."""
        return self._inner.last_seen(user)

    def forget_user(self, user: str) -> None:
        """See `Connections.forget_user`."""
        with self._lock:
            self._held = {name: one for name, one in self._held.items() if one.user != user}
        self._inner.forget_user(user)

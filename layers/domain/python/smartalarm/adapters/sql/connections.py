"""Open sockets and last-seen instants as rows."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.errors import Raced
from smartalarm.adapters.sql.keys import PORTION, KeyQuery
from smartalarm.adapters.sql.rows import (
    CONNECTION_COLUMNS,
    instant_to_micros,
    micros_to_instant,
    row_to_connection,
)
from smartalarm.adapters.sql.schema import connections, sightings
from smartalarm.ports import Connection
from smartalarm.storage.rules import is_storable

_FIND = sa.select(*CONNECTION_COLUMNS).where(connections.c.id == sa.bindparam("of_id"))
_OPEN = sa.insert(connections)
_CLOSE = sa.delete(connections).where(connections.c.id == sa.bindparam("of_id"))
_CLOSE_HOST = sa.delete(connections).where(connections.c.host == sa.bindparam("of_host"))
_OF_USERS = KeyQuery(
    [connections.c.user_id],
    lambda source, among: (
        sa.select(*CONNECTION_COLUMNS).select_from(source).where(among).order_by(connections.c.opened_at, connections.c.id)
    ),
)
_OF_DEVICE = (sightings.c.user_id == sa.bindparam("user"), sightings.c.device_id == sa.bindparam("device"))
_SEEN = sa.select(sightings.c.seen_at).where(*_OF_DEVICE)
_SEE_LATER = (
    sa.update(sightings).where(*_OF_DEVICE, sightings.c.seen_at < sa.bindparam("at")).values(seen_at=sa.bindparam("at"))
)
_SEE_FIRST = sa.insert(sightings)
_LAST_SEEN = sa.select(sightings.c.device_id, sightings.c.seen_at).where(sightings.c.user_id == sa.bindparam("user"))
_FORGET = (
    sa.delete(connections).where(connections.c.user_id == sa.bindparam("user")),
    sa.delete(sightings).where(sightings.c.user_id == sa.bindparam("user")),
)


class SqlConnections:
    """`Connections` in a SQL database whose tables exist."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, connection: Connection) -> None:
        """See `Connections.open`."""
        row = {
            "id": connection.id,
            "user_id": connection.user,
            "device_id": connection.device_id or None,
            "opened_at": instant_to_micros(connection.opened_at),
            "host": connection.host or None,
        }

        def work(database: sa.Connection, _: int) -> None:
            if database.execute(_FIND, {"of_id": connection.id}).first() is None:
                database.execute(_OPEN, row)

        self._engine.write(work)

    def find(self, connection_id: str) -> Connection | None:
        """See `Connections.find`."""
        if not is_storable(connection_id):
            return None
        row = self._engine.read(lambda database: database.execute(_FIND, {"of_id": connection_id}).first())
        return None if row is None else row_to_connection(row)

    def close(self, connection_id: str) -> None:
        """See `Connections.close`."""
        self._engine.write(lambda database, _: database.execute(_CLOSE, {"of_id": connection_id}))

    def close_host(self, host: str) -> None:
        """See `Connections.close_host`."""
        if host:
            self._engine.write(lambda database, _: database.execute(_CLOSE_HOST, {"of_host": host}))

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """See `Connections.of`."""
        wanted = [(user,) for user in users]
        if not wanted:
            return {}
        rows = self._engine.read(lambda database: list(_OF_USERS.run(database, wanted)), is_snapshot=len(wanted) > PORTION)
        found: dict[str, list[Connection]] = {}
        for connection in map(row_to_connection, rows):
            found.setdefault(connection.user, []).append(connection)
        return found

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """See `Connections.saw`."""
        device = {"user": user, "device": device_id}
        seen_at = instant_to_micros(at)

        def work(database: sa.Connection, _: int) -> None:
            if database.execute(_SEE_LATER, {**device, "at": seen_at}).rowcount:
                return
            known = database.execute(_SEEN, device).scalar()
            if known is None:
                database.execute(_SEE_FIRST, {"user_id": user, "device_id": device_id, "seen_at": seen_at})
            elif known < seen_at:  # it came between the two statements
                raise Raced

        self._engine.write(work)

    def last_seen(self, user: str) -> dict[str, datetime]:
        """See `Connections.last_seen`."""
        rows = self._engine.read(lambda database: database.execute(_LAST_SEEN, {"user": user}).all())
        return {device_id: micros_to_instant(seen_at) for device_id, seen_at in rows}

    def forget_user(self, user: str) -> None:
        """See `Connections.forget_user`."""

        def work(database: sa.Connection, _: int) -> None:
            for statement in _FORGET:
                database.execute(statement, {"user": user})

        self._engine.write(work)

"""What nobody waits for: erasing a user, removing what has expired."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.rows import instant_to_micros
from smartalarm.adapters.sql.schema import claims, counters, documents, timers, users

_USER: sa.BindParameter[str] = sa.bindparam("user")
_SPEND = sa.update(users).where(users.c.id == _USER).values(seq=0, is_erased=1)
_SPEND_UNUSED = sa.insert(users).values(id=_USER, seq=0, is_erased=1)
_OWNED = (
    sa.delete(documents).where(documents.c.user_id == _USER),
    sa.delete(timers).where(timers.c.user_id == _USER),
    sa.delete(claims).where(claims.c.owner == _USER),
)


def erase_user(engine: Engine, user: str) -> None:
    """See `Store.erase`. The row of the user stays, without anything personal: a random id and that it is spent."""

    def work(connection: sa.Connection, _: int) -> None:
        if connection.execute(_SPEND, {"user": user}).rowcount == 0:
            connection.execute(_SPEND_UNUSED, {"user": user})
        for statement in _OWNED:
            connection.execute(statement, {"user": user})

    engine.write(work)


def _expired(table: sa.Table, expiry: sa.Column[Any]) -> tuple[sa.Select[Any], sa.Delete]:
    """What to remove, and how: looked at again while removing, because it may have been renewed meanwhile."""
    is_expired = expiry <= sa.bindparam("now")
    names = table.primary_key.columns
    find = sa.select(*names).where(is_expired).limit(sa.bindparam("most", type_=sa.Integer()))
    return find, sa.delete(table).where(is_expired, *(name == sa.bindparam(f"of_{name.name}") for name in names))


_EXPIRED = (
    _expired(documents, documents.c.expires_at),
    _expired(claims, claims.c.expires_at),
    _expired(counters, counters.c.resets_at),
)


def purge_expired(engine: Engine, *, now: datetime, limit: int) -> int:
    """See `Store.purge`. One transaction per table, so that a commit never waits for all of it."""
    at = instant_to_micros(now)
    removed = 0
    for find, remove in _EXPIRED:

        def work(connection: sa.Connection, _: int, find: sa.Select[Any] = find, remove: sa.Delete = remove) -> int:
            found = connection.execute(find, {"now": at, "most": limit}).mappings().all()
            rows = [{"now": at, **{f"of_{name}": value for name, value in row.items()}} for row in found]
            return connection.execute(remove, rows).rowcount if rows else 0

        removed += engine.write(work)
    return removed

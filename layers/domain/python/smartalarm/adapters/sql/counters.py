"""Fixed-window counters: one row per key, raised by an update that holds its row."""

from datetime import datetime

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.rows import instant_to_micros, micros_to_instant
from smartalarm.adapters.sql.schema import counters
from smartalarm.ports import Count

_OF_KEY = counters.c.key == sa.bindparam("of_key")
_NOW: sa.BindParameter[int] = sa.bindparam("now")
_ADD = sa.update(counters).where(_OF_KEY, counters.c.resets_at > _NOW).values(hits=counters.c.hits + 1)
_GET = sa.select(counters.c.hits, counters.c.resets_at).where(_OF_KEY)
_RESTART = sa.update(counters).where(_OF_KEY, counters.c.resets_at <= _NOW).values(hits=1, resets_at=sa.bindparam("ends_at"))
_START = sa.insert(counters)
_CLEAR = sa.delete(counters).where(_OF_KEY)


class SqlCounters:
    """`Counters` in a SQL database whose tables exist."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def hit(self, key: str, window_seconds: int, *, now: datetime) -> Count:
        """See `Counters.hit`."""
        at = instant_to_micros(now)
        ends_at = at + window_seconds * 1_000_000

        def work(connection: sa.Connection, _: int) -> Count:
            if connection.execute(_ADD, {"of_key": key, "now": at}).rowcount:
                hits, resets_at = connection.execute(_GET, {"of_key": key}).one()
                return Count(hits, micros_to_instant(resets_at))
            if not connection.execute(_RESTART, {"of_key": key, "now": at, "ends_at": ends_at}).rowcount:
                connection.execute(_START, {"key": key, "hits": 1, "resets_at": ends_at})
            return Count(1, micros_to_instant(ends_at))

        return self._engine.write(work)

    def clear(self, key: str) -> None:
        """See `Counters.clear`."""
        self._engine.write(lambda connection, _: connection.execute(_CLEAR, {"of_key": key}))

"""From a URL to an engine."""

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from smartalarm.adapters.sql.engine import Engine, Limits
from smartalarm.adapters.sql.pooled import PooledEngine
from smartalarm.adapters.sql.sqlite import SqliteEngine

_POOLED = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "oracle": "oracle+oracledb"}


def open_engine(url: str, limits: Limits = Limits()) -> Engine:  # noqa: B008 - frozen
    """The database at `sqlite:////absolute/path` or `postgresql://user:password@host/database` (psycopg 3).

    Connects when first used. `oracle://...` is accepted, but compiles only: it never ran against a server. Raises
    ValueError for a URL that cannot be used, without repeating it, because it may hold a password.
    """
    scheme, colon, rest = url.partition(":")
    kind = scheme.partition("+")[0].lower()
    try:
        if kind == "sqlite":
            return SqliteEngine(sa.make_url("sqlite" + colon + rest), limits)
        if kind in _POOLED:
            return PooledEngine(sa.make_url(_POOLED[kind] + colon + rest), limits)
    except (ArgumentError, ImportError) as error:
        raise ValueError(f"this {kind} URL cannot be used: {type(error).__name__}") from None
    raise ValueError("a database URL starts with sqlite:, postgresql: or oracle:")

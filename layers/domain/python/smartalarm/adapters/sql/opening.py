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
            return SqliteEngine(_parsed(kind, "sqlite" + colon + rest), limits)
        if kind in _POOLED:
            return PooledEngine(_parsed(kind, _POOLED[kind] + colon + rest), limits)
    except ImportError as error:
        raise ValueError(f"this {kind} URL needs a driver that is not installed: {error.name}") from None
    raise ValueError("a database URL starts with sqlite:, postgresql: or oracle:")


def _parsed(kind: str, url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (ArgumentError, ValueError):  # their texts quote it: a password with an @ or : is taken for a port
        raise ValueError(f"this {kind} URL cannot be read; in a password @ : / # are %40 %3A %2F %23") from None

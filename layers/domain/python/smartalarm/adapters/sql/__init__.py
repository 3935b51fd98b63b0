"""SQLite and PostgreSQL through SQLAlchemy Core (Oracle compiles, never run). `migrations.migrate` makes the tables."""

from smartalarm.adapters.sql.connections import SqlConnections
from smartalarm.adapters.sql.counters import SqlCounters
from smartalarm.adapters.sql.engine import Engine, Limits
from smartalarm.adapters.sql.line import Line
from smartalarm.adapters.sql.listening import Listener
from smartalarm.adapters.sql.opening import open_engine
from smartalarm.adapters.sql.pooled import PooledEngine
from smartalarm.adapters.sql.store import SqlStore

__all__ = [
    "Engine",
    "Limits",
    "Line",
    "Listener",
    "PooledEngine",
    "SqlConnections",
    "SqlCounters",
    "SqlStore",
    "open_engine",
]

"""SQLite and PostgreSQL through SQLAlchemy Core (Oracle compiles, never run). `migrations.migrate` makes the tables."""

from smartalarm.adapters.sql.connections import SqlConnections
from smartalarm.adapters.sql.counters import SqlCounters
from smartalarm.adapters.sql.engine import Engine, Limits
from smartalarm.adapters.sql.opening import open_engine
from smartalarm.adapters.sql.store import SqlStore

__all__ = ["Engine", "Limits", "SqlConnections", "SqlCounters", "SqlStore", "open_engine"]

"""Brings a database to the newest schema (Alembic). Starting processes may all call `migrate` at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.errors import translated

_LOCK = 7_306_086_967_054_913_901  # any number, as long as nobody else in the database locks by it


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema; nothing happens when it is there. Raises Unavailable.

    One transaction, which other processes wait for: SQLite lets one writer begin, PostgreSQL has a lock for the purpose.
    Oracle commits each DDL statement by itself: there, one deployment step must do it alone.

    A schema that is newer than this code stays: the next version expands it before it is rolled out, and processes of
    this one go on working, and starting, until the last of them is gone; only then may it be contracted.
    """
    config = _config()
    with translated(), _administering(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        if _is_newer(connection, config):
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema. Raises Unavailable."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    return engine.read(lambda connection: MigrationContext.configure(connection).get_current_revision()) == newest


def _is_newer(connection: sa.Connection, config: Config) -> bool:
    """Whether a later version of the code was here: its revision is one that this code has no file for."""
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return current is not None and current not in known


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "smartalarm.adapters.sql:migrations")
    return config


@contextmanager
def _administering(engine: Engine) -> Iterator[sa.Connection]:
    admin = engine.admin()
    try:
        with admin.begin() as connection:
            yield connection
    finally:
        admin.dispose()

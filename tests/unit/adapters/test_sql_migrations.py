"""Migrations: they end at the schema the code speaks of, may run twice, and by many processes at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from smartalarm.adapters.sql import Engine, SqlStore, open_engine
from smartalarm.adapters.sql import migrations as package
from smartalarm.adapters.sql.migrations import is_current, migrate
from smartalarm.adapters.sql.schema import metadata
from smartalarm.errors import Unavailable
from tests.servers.sql_databases import KINDS, empty_database

PROCESSES = 4
MIGRATE = """
import sys
from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.migrations import is_current, migrate
engine = open_engine(sys.argv[1])
sys.stdin.readline()
migrate(engine)
sys.exit(0 if is_current(engine) else 3)
"""


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The same, opened."""
    engine = open_engine(url)
    yield engine
    engine.close()


def differences(engine: Engine, wanted: sa.MetaData) -> list[Any]:
    """What Alembic would still change."""
    admin = engine.admin()
    try:
        with admin.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
            return list(compare_metadata(context, wanted))
    finally:
        admin.dispose()


def test_the_migrated_schema_is_the_one_the_code_speaks_of(engine: Engine) -> None:
    """Alembic finds nothing to change."""
    migrate(engine)

    assert differences(engine, metadata) == []


def test_a_difference_would_be_found(engine: Engine) -> None:
    """A column, a type, an index: so that finding none means something."""
    migrate(engine)
    other = sa.MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(other)
    other.tables["users"].append_column(sa.Column("email", sa.String(9)))
    sa.Index("claims_value", other.tables["claims"].c.version)

    assert sorted(difference[0] for difference in differences(engine, other)) == ["add_column", "add_index"]


def test_names_keep_their_collation(engine: Engine) -> None:
    """Alembic does not compare collations, so this does."""
    migrate(engine)
    if engine.dialect.name != "postgresql":
        return
    query = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'character varying' AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
    )
    assert engine.read(lambda connection: connection.execute(query).all()) == []


def test_migrating_twice_is_harmless(engine: Engine) -> None:
    """And what was stored in between stays."""
    assert is_current(engine) is False
    migrate(engine)
    assert is_current(engine) is True
    SqlStore(engine).erase("anna")
    migrate(engine)

    assert is_current(engine) is True
    assert engine.read(lambda connection: connection.execute(sa.text("SELECT id FROM users")).scalars().all()) == ["anna"]


def test_a_schema_of_a_later_version_stays_as_it_is(engine: Engine) -> None:
    """While that version is rolled out, processes of this one still start."""
    migrate(engine)
    SqlStore(engine).erase("anna")
    later = sa.text("UPDATE alembic_version SET version_num = '9999'")
    engine.write(lambda connection, _: connection.execute(later))
    migrate(engine)

    assert is_current(engine) is False
    assert engine.read(lambda connection: connection.execute(sa.text("SELECT id FROM users")).scalars().all()) == ["anna"]


def test_many_processes_may_migrate_at_once(url: str, engine: Engine) -> None:
    """As when several instances of a new version start together."""
    command = [sys.executable, "-W", "error", "-c", MIGRATE, url]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.close()

    assert [process.wait(timeout=60) for process in processes] == [0] * PROCESSES
    assert differences(engine, metadata) == []


def test_a_migration_that_cannot_connect_says_unavailable(tmp_path: Path) -> None:
    """No driver's error comes through."""
    for url in (f"sqlite:///{tmp_path}/missing/x.db", "postgresql://nobody@127.0.0.1:1/nothing"):
        engine = open_engine(url)
        with pytest.raises(Unavailable):
            migrate(engine)
        with pytest.raises(Unavailable):
            is_current(engine)
        engine.close()


def test_versions_form_one_line() -> None:
    """One head, every step with a way back, files numbered like their revisions."""
    script = ScriptDirectory(str(Path(package.__file__).parent))
    revisions = list(script.walk_revisions())

    assert len(script.get_heads()) == 1
    for revision in revisions:
        assert Path(revision.path).name.startswith(f"{revision.revision}_")
        assert callable(revision.module.downgrade)

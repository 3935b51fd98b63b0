"""Every table and statement compiles for SQLite, PostgreSQL and Oracle. For Oracle that is all: it compiles, not run."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import oracle, postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from smartalarm.adapters import sql
from smartalarm.adapters.sql import documents
from smartalarm.adapters.sql.keys import KeyQuery
from smartalarm.adapters.sql.schema import metadata

DIALECTS: dict[str, sa.Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
    "oracle": oracle.dialect(),  # type: ignore[no-untyped-call]
}


def statements_in(value: Any, dialect: str) -> Iterator[sa.Executable]:
    """What can be executed, wherever a module keeps it."""
    if isinstance(value, sa.Executable) and isinstance(value, sa.ClauseElement) and not isinstance(value, sa.TableClause):
        yield value
    elif isinstance(value, KeyQuery):
        yield value.for_dialect(dialect)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from statements_in(part, dialect)


def all_statements(dialect: str) -> dict[str, sa.ClauseElement]:
    """Every statement of the adapter by its name."""
    found: dict[str, sa.ClauseElement] = {}
    for module in pkgutil.iter_modules(sql.__path__, f"{sql.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, statement in enumerate(statements_in(value, dialect)):
                if isinstance(statement, sa.Select | sa.Insert | sa.Update | sa.Delete):
                    found[f"{module.name.rpartition('.')[2]}.{name}.{number}"] = statement
    for flags in range(16):
        after, first, last, newest = (bool(flags & bit) for bit in (1, 2, 4, 8))
        found[f"page.{flags}"] = documents.page_statement(
            has_after=after, has_first=first, has_last=last, newest_first=newest
        )
    return found


@pytest.mark.parametrize("name", DIALECTS)
def test_every_table_compiles(name: str) -> None:
    """With its indexes."""
    for table in metadata.sorted_tables:
        assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=DIALECTS[name]))
        for index in table.indexes:
            assert f"INDEX {index.name}" in str(CreateIndex(index).compile(dialect=DIALECTS[name]))


@pytest.mark.parametrize("name", DIALECTS)
def test_every_statement_compiles_without_locks_of_one_dialect(name: str) -> None:
    """Rows are leased by guarded updates and their count."""
    statements = all_statements(name)
    assert len(statements) > 50
    for where, statement in statements.items():
        text = str(statement.compile(dialect=DIALECTS[name]))
        assert text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")), where
        assert "FOR UPDATE" not in text, where
        assert "SKIP LOCKED" not in text, where


def test_names_sort_by_code_point_on_postgresql() -> None:
    """Whatever the locale of the server; Oracle compares bytes unless told otherwise."""
    text = str(CreateTable(metadata.tables["documents"]).compile(dialect=DIALECTS["postgresql"]))
    for column in ("user_id", "kind", "order_key", "id"):
        assert f'{column} VARCHAR({64 if column == "kind" else 255}) COLLATE "C" NOT NULL' in text


def test_oracle_gets_a_clob_for_json_and_numbers_for_instants() -> None:
    """No type that Oracle lacks."""
    text = str(CreateTable(metadata.tables["documents"]).compile(dialect=DIALECTS["oracle"]))
    assert "fields CLOB NOT NULL" in text
    assert "expires_at NUMBER(19)" in text

"""Errors of the SQL drivers: each class they have becomes one of ours, and none comes through."""

import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.errors import Raced, is_race, outcome_of, translated
from smartalarm.errors import Conflict, SmartAlarmError, Unavailable


def subclasses(*roots: type[BaseException]) -> Iterator[type[BaseException]]:
    """The roots and all classes below them, warnings aside."""
    for root in roots:
        if not issubclass(root, Warning):
            yield root
        yield from subclasses(*root.__subclasses__())


DRIVER_ERRORS = sorted(
    {
        kind
        for kind in subclasses(sa.exc.SQLAlchemyError, sqlite3.Error, psycopg.Error)
        if kind.__module__.partition(".")[0] in {"sqlalchemy", "sqlite3", "psycopg"}
    },
    key=lambda kind: (kind.__module__, kind.__qualname__),
)


def test_the_drivers_have_the_classes_we_think_of() -> None:
    """So that an empty list does not pass for a complete one."""
    found = {f"{kind.__module__}.{kind.__name__}" for kind in DRIVER_ERRORS}
    assert len(found) > 250
    assert found >= {
        "sqlite3.OperationalError",
        "psycopg.errors.DeadlockDetected",
        "psycopg.errors.ConnectionTimeout",
        "psycopg.IntegrityError",
        "sqlalchemy.exc.TimeoutError",
        "sqlalchemy.exc.IntegrityError",
    }


@pytest.mark.parametrize("kind", DRIVER_ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_each_driver_error_has_an_outcome(kind: type[BaseException]) -> None:
    """A class that nobody thought of has none and fails here."""
    assert outcome_of(kind) is not None


def test_a_class_of_which_only_the_root_is_known_counts_as_unmapped() -> None:
    """Which is what makes the test above worth having."""

    class Unheard(sqlite3.Error):
        """A class of tomorrow."""

    assert outcome_of(Unheard) is None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (sqlite3.OperationalError("database is locked"), Unavailable),
        (sqlite3.DatabaseError("file is not a database"), Unavailable),
        (psycopg.OperationalError("connection refused"), Unavailable),
        (psycopg.errors.AdminShutdown("terminating"), Unavailable),
        (psycopg.errors.QueryCanceled("statement timeout"), Unavailable),
        (psycopg.errors.UndefinedTable("no such table"), Unavailable),
        (psycopg.errors.UniqueViolation("duplicate key"), Conflict),
        (psycopg.errors.StringDataRightTruncation("too long"), SmartAlarmError),
        (sa.exc.TimeoutError("pool"), Unavailable),
        (sa.exc.CompileError("oops"), SmartAlarmError),
        (Raced(), Unavailable),
    ],
)
def test_an_error_is_translated_and_its_text_is_not_told(error: Exception, outcome: type[SmartAlarmError]) -> None:
    """The driver's text may hold values; it stays in the cause, for the log."""
    with pytest.raises(SmartAlarmError) as caught, translated():
        raise error
    assert type(caught.value) is outcome
    assert caught.value.__cause__ is error
    assert str(error) not in caught.value.detail or not str(error)


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (psycopg.errors.UndefinedTable(), "The database's tables are missing: run `make migrate`"),
        (psycopg.errors.UndefinedColumn(), "The database's tables are not the newest: run `make migrate`"),
        (psycopg.errors.InsufficientPrivilege(), "The database user lacks a permission"),
        (psycopg.errors.InvalidPassword(), "The database does not take this user's password"),
        (psycopg.errors.AdminShutdown(), "The database does not answer"),
    ],
)
def test_what_somebody_has_to_see_to_is_said_outright(error: psycopg.Error, detail: str) -> None:
    """By SQLSTATE, also through SQLAlchemy's wrapper."""
    for raised in (error, sa.exc.DBAPIError.instance("SELECT", {}, error, psycopg.Error)):
        with pytest.raises(Unavailable) as caught, translated():
            raise raised
        assert caught.value.detail == detail


@pytest.mark.parametrize("error", [ValueError("not JSON"), Conflict(), KeyError("x")])
def test_other_errors_come_through_as_they_are(error: Exception) -> None:
    """Ours, and mistakes of the caller."""
    with pytest.raises(type(error)) as caught, translated():
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.DeadlockDetected(), True),
        (psycopg.errors.SerializationFailure(), True),
        (psycopg.errors.UniqueViolation(), True),
        (sqlite3.IntegrityError(), True),
        (psycopg.errors.LockNotAvailable(), False),
        (sqlite3.OperationalError(), False),
    ],
)
def test_a_race_is_told_from_a_failure(error: Exception, expected: bool) -> None:  # noqa: FBT001 - pytest's
    """By SQLSTATE where the driver has one."""
    drivers = psycopg if isinstance(error, psycopg.Error) else sqlite3
    wrapped = sa.exc.DBAPIError.instance("UPDATE", {}, error, drivers.Error)
    assert is_race(wrapped) is expected


@pytest.mark.parametrize("url", ["sqlite:///{}/alarm.db", "postgresql://ann@127.0.0.1:1/alarm"])
def test_no_error_repeats_what_was_to_be_written(tmp_path: Path, url: str) -> None:
    """Errors end in logs with their tracebacks; labels, addresses and push endpoints must not."""
    engine = open_engine(url.format(tmp_path)).admin()
    assert engine.hide_parameters
    engine.dispose()


def test_the_traceback_of_a_broken_write_is_free_of_its_values(tmp_path: Path) -> None:
    """The same, seen from the end."""
    engine = open_engine(f"sqlite:///{tmp_path}/alarm.db")
    label = str(tmp_path)  # not a literal: the traceback shows this file's lines

    def work(connection: sa.Connection, _: int) -> None:
        connection.execute(sa.text("INSERT INTO missing VALUES (:label)"), {"label": label})

    with pytest.raises(Unavailable) as broken:
        engine.write(work)
    assert label not in "".join(traceback.format_exception(broken.value))
    engine.close()

"""Errors of the SQL drivers: each class they have becomes one of ours, and none comes through."""

import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

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

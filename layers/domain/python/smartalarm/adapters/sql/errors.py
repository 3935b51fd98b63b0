"""The one place where a driver's error becomes one of ours.

sqlite3, psycopg and SQLAlchemy's wrappers all use the class names of PEP 249, so a class is looked up by the names along
its inheritance; no driver needs to be imported for that. Races are told apart by SQLSTATE (PostgreSQL, appendix A).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from smartalarm.errors import Conflict, SmartAlarmError, Unavailable

DRIVERS = frozenset({"sqlalchemy", "sqlite3", "psycopg"})

OUTCOMES: dict[str, type[SmartAlarmError]] = {
    # PEP 249: what the database said
    "IntegrityError": Conflict,
    "DatabaseError": Unavailable,
    "OperationalError": Unavailable,
    "InterfaceError": Unavailable,
    "InternalError": Unavailable,
    "ProgrammingError": Unavailable,  # no such table or permission: nobody can be served until somebody sees to it
    "DataError": SmartAlarmError,  # we sent what no column can hold: our own mistake
    "NotSupportedError": SmartAlarmError,
    # SQLAlchemy: no connection in time
    "TimeoutError": Unavailable,
    "DisconnectionError": Unavailable,
    "PendingRollbackError": Unavailable,
    "ResourceClosedError": Unavailable,
    # SQLAlchemy: our own mistakes
    "ArgumentError": SmartAlarmError,
    "AwaitRequired": SmartAlarmError,
    "CircularDependencyError": SmartAlarmError,
    "CompileError": SmartAlarmError,
    "DontWrapMixin": SmartAlarmError,
    "IdentifierError": SmartAlarmError,
    "InvalidRequestError": SmartAlarmError,
    "MissingGreenlet": SmartAlarmError,
    "NoForeignKeysError": SmartAlarmError,
    "NoReferenceError": SmartAlarmError,
    "ObjectNotExecutableError": SmartAlarmError,
    "StatementError": SmartAlarmError,
    "UnboundExecutionError": SmartAlarmError,
}
# The roots are mapped for themselves alone; a class of which only the root is known counts as unmapped.
ROOTS: dict[str, type[SmartAlarmError]] = {
    "Error": Unavailable,
    "DBAPIError": Unavailable,
    "SQLAlchemyError": SmartAlarmError,
    "Warning": SmartAlarmError,
}
_SAID_OUTRIGHT: dict[str, str] = {  # by SQLSTATE; what somebody has to see to, where the driver's own text may hold values
    "28000": "The database does not let this user in",
    "28P01": "The database does not take this user's password",
    "3D000": "The database does not exist",
    "42501": "The database user lacks a permission",
    "42703": "The database's tables are not the newest: run `make migrate`",
    "42P01": "The database's tables are missing: run `make migrate`",
}
_RACES = frozenset({"40001", "40P01"})  # serialization failure, deadlock


class Raced(Exception):
    """Somebody else changed what we had read; the transaction is tried again from the start."""


@contextmanager
def translated() -> Iterator[None]:
    """Let no driver's error through: Unavailable, Conflict, or a plain SmartAlarmError for a mistake of our own."""
    try:
        yield
    except Raced as error:
        raise Unavailable("Too many changes at once") from error
    except Exception as error:
        if not is_driver_error(error):
            raise
        outcome = outcome_of(type(error)) or SmartAlarmError
        raise outcome(_detail(error) if outcome is Unavailable else "") from error


def _detail(error: Exception) -> str:
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return _SAID_OUTRIGHT.get(str(state), "The database does not answer")


def outcome_of(kind: type[BaseException]) -> type[SmartAlarmError] | None:
    """What an error class of a driver becomes; None for a class nobody thought of."""
    for ancestor in kind.__mro__:
        if ancestor.__name__ in OUTCOMES:
            return OUTCOMES[ancestor.__name__]
    return ROOTS.get(kind.__name__)


def is_driver_error(error: BaseException) -> bool:
    """Whether the error comes from one of the drivers."""
    return type(error).__module__.partition(".")[0] in DRIVERS


def is_race(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is run again: somebody else was in between."""
    if isinstance(error, Raced):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return outcome_of(type(error)) is Conflict or getattr(error.orig, "sqlstate", None) in _RACES

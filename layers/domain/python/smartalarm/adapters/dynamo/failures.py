"""One place where the driver's errors become ours.

Some outcomes are answers that this package acts on, and never leave it:

    ConditionFailed   the item is not as the request's condition wants it
    Raced             others were at it, or what we had read holds no more: look and try again
    Cancelled         a transaction was refused, with a reason per step
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, UndefinedModelAttributeError
from pynamodb.exceptions import (
    AttributeDeserializationError,
    AttributeNullError,
    PynamoDBException,
    TransactWriteError,
)

from smartalarm.errors import SmartAlarmError, TooLarge, Unavailable

DRIVER_ERRORS = (
    PynamoDBException,
    AttributeDeserializationError,
    AttributeNullError,
    BotoCoreError,
    ClientError,
    UndefinedModelAttributeError,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one step stopped its transaction: DynamoDB's code and text."""

    code: str
    message: str


class ConditionFailed(Exception):
    """The item is not as the condition wants it; nothing was changed."""


class Raced(Exception):
    """Others were at it, or what we had read holds no more; nothing was changed. Look and try again."""


class Cancelled(Exception):
    """A transaction was refused as a whole. `reasons`: one per step in the order sent, None for a step that was fine."""

    def __init__(self, reasons: tuple[Reason | None, ...]) -> None:
        super().__init__("the transaction was cancelled")
        self.reasons = reasons


@contextmanager
def translated() -> Iterator[None]:
    """Around every call of the driver: nothing of its own comes through."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise error_to_ours(error) from error


def error_to_ours(error: BaseException) -> SmartAlarmError | ConditionFailed | Raced | Cancelled:
    """What a driver's error means to us. Whatever is not known to be our fault means: not available now."""
    cause = getattr(error, "cause", None) or error
    code, message = _answer(cause)
    match code:
        case "ConditionalCheckFailedException":
            return ConditionFailed()
        case "TransactionConflictException":
            return Raced()
        case "TransactionCanceledException" if isinstance(error, TransactWriteError):
            found = error.cancellation_reasons
            return Cancelled(tuple(Reason(r.code, r.message or "") if r is not None else None for r in found))
        case "ItemCollectionSizeLimitExceededException":
            return TooLarge("One user's data are over 10 GB")
        case "ValidationException":
            return refusal_to_error(message)
    return Unavailable("The database does not answer")  # why is in the log: callers read this text


def refusal_to_error(message: str) -> SmartAlarmError:
    """The error for a request that DynamoDB calls invalid: too large, or a mistake of this adapter."""
    if "size" in message.lower():
        return TooLarge("An item is larger than the database holds (400 KB)")
    return SmartAlarmError("The database refused the request")


def busy() -> Unavailable:
    """The error when others were first as often as we care to try."""
    return Unavailable("Too many changes at once", code="busy")


def _answer(error: BaseException) -> tuple[str, str]:
    """Code and message of a service's answer, empty for what never got one."""
    if not isinstance(error, ClientError):
        return "", ""
    answer = getattr(error, "response", {}).get("Error", {})
    return str(answer.get("Code", "")), str(answer.get("Message", ""))

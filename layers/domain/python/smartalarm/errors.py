"""The error tree. Each leaf has one HTTP status; every host answers it as RFC 9457 problem+json.

SmartAlarmError
 |- Malformed          400  not JSON, not UTF-8
 |- Unauthenticated    401  no, expired or wrong credentials
 |- Forbidden          403  known, but not allowed
 |- NotFound           404  absent, or somebody else's
 |- MethodNotAllowed   405  with Allow
 |- Conflict           409  stale version, lost claim, lost timer, limit reached
 |- Gone               410  a cursor too old
 |- TooLarge           413
 |- UnsupportedMedia   415
 |- Invalid            422  well-formed but wrong; names every field
 |- TooMany            429  with Retry-After
 `- Unavailable        503  something behind us does not answer
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it is (RFC 6901 pointer into the body, or the parameter's name) and what is wrong."""

    pointer: str
    message: str


class SmartAlarmError(Exception):
    """Base of all errors a caller may see. `detail` is for people, `code` for programs; neither holds secrets."""

    status = 500
    title = "Something went wrong on our side"
    code = "internal"

    def __init__(self, detail: str = "", *, code: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.code = code or type(self).code
        self.headers: dict[str, str] = dict(headers or {})


class Malformed(SmartAlarmError):
    """The body is not JSON or not UTF-8."""

    status, title, code = 400, "The request cannot be read", "malformed"


class Unauthenticated(SmartAlarmError):
    """No credentials, or none that are valid now."""

    status, title, code = 401, "Sign in first", "unauthenticated"

    def __init__(self, detail: str = "", *, code: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, code=code, headers={"www-authenticate": "Bearer", **(headers or {})})


class Forbidden(SmartAlarmError):
    """Signed in, but this is not allowed."""

    status, title, code = 403, "Not allowed", "forbidden"


class NotFound(SmartAlarmError):
    """It does not exist, or belongs to somebody else: the two are never told apart."""

    status, title, code = 404, "Not found", "not_found"


class MethodNotAllowed(SmartAlarmError):
    """The path exists, the method does not."""

    status, title, code = 405, "Method not allowed", "method_not_allowed"


class Conflict(SmartAlarmError):
    """Somebody else was first: a stale version, a taken claim, a lost timer, a full quota."""

    status, title, code = 409, "Conflict", "conflict"


class Gone(SmartAlarmError):
    """What is asked for existed once and is not kept any more."""

    status, title, code = 410, "Gone", "gone"


class TooLarge(SmartAlarmError):
    """The body is over the limit."""

    status, title, code = 413, "The request is too large", "too_large"


class UnsupportedMedia(SmartAlarmError):
    """The body is not declared as JSON."""

    status, title, code = 415, "Send application/json", "unsupported_media_type"


class Invalid(SmartAlarmError):
    """Well-formed but wrong. `errors` names each field."""

    status, title, code = 422, "Some fields are wrong", "invalid"

    def __init__(self, errors: Sequence[FieldError], *, code: str | None = None) -> None:
        super().__init__("; ".join(f"{e.pointer}: {e.message}" for e in errors[:3]), code=code)
        self.errors = tuple(errors)

    @classmethod
    def field(cls, pointer: str, message: str, *, code: str | None = None) -> "Invalid":
        """The common case: one wrong field."""
        return cls([FieldError(pointer, message)], code=code)


class TooMany(SmartAlarmError):
    """Too many tries; `retry_after_seconds` says when the next one may come."""

    status, title, code = 429, "Too many requests", "too_many"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after_seconds)})


class Unavailable(SmartAlarmError):
    """A store, queue or gateway behind us does not answer; trying again later is right."""

    status, title, code = 503, "Temporarily unavailable", "unavailable"

    def __init__(self, detail: str = "", *, code: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, code=code, headers={"retry-after": "2", **(headers or {})})

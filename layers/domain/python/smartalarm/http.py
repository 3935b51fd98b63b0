"""The neutral HTTP core: what a request and a response are on every host, and how an error leaves.

Hosts translate their runtime's request to `Request` and `Response` back; nothing between knows which host it runs on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote_to_bytes

from pydantic import ValidationError

from smartalarm.errors import FieldError, Invalid, SmartAlarmError

MAX_BODY_BYTES = 256 * 1024
PROBLEM = "application/problem+json"
T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One HTTP request. `path` is raw (percent-encoded), header names are lower case, `query` is the raw text.

    `client_address` is the peer's address as far as a trusted hop vouches for it.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client_address: str = "unknown"
    scheme: str = "http"

    @property
    def host(self) -> str:
        """The Host header, with the port if it has one."""
        return self.headers.get("host", "")

    @cached_property
    def cookies(self) -> dict[str, str]:
        """Cookies by name; the first of two alike wins (RFC 6265 sends the more specific path first)."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        found: dict[str, str] = {}
        for name, _, value in pairs:
            if name:
                found.setdefault(name, value.strip('"'))
        return found

    @cached_property
    def query_items(self) -> list[tuple[str, str]]:
        """Query parameters in order, decoded. Raises Invalid when they are not UTF-8 or too many."""
        try:
            return parse_qsl(self.query, keep_blank_values=True, errors="strict", max_num_fields=50)
        except (ValueError, UnicodeDecodeError):
            raise Invalid.field("/query", "The query cannot be read.") from None

    @property
    def bearer(self) -> str | None:
        """The token of `Authorization: Bearer ...`, if there is one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None


@dataclass(frozen=True)
class Response:
    """One HTTP response; header names are lower case, `set-cookie` at most once (some gateways carry only one)."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply(Generic[T]):
    """What a function returns when the body alone does not say it all: another status, more headers."""

    body: T
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_content(error: SmartAlarmError) -> dict[str, Any]:
    """The members of an RFC 9457 problem for an error of ours."""
    content: dict[str, Any] = {
        "type": f"urn:smartalarm:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if isinstance(error, Invalid):
        content["errors"] = [{"pointer": e.pointer, "message": e.message} for e in error.errors]
    return content


def problem(error: SmartAlarmError) -> Response:
    """RFC 9457 problem+json for an error of ours."""
    body = json.dumps(problem_content(error)).encode()
    return Response(error.status, body, {"content-type": PROBLEM, **error.headers})


def validation_to_invalid(error: ValidationError, prefix: str = "") -> Invalid:
    """Pydantic's findings as field errors: RFC 6901 pointers, plain words, never the value itself."""
    found = []
    for item in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
        path = [str(part).replace("~", "~0").replace("/", "~1") for part in item["loc"]]
        found.append(FieldError(prefix + "".join(f"/{part}" for part in path), _plain(item["type"], item["msg"])))
    return Invalid(found)


_PLAIN = {
    "extra_forbidden": "This field is unknown or cannot be written.",
    "missing": "This field is required.",
}


def _plain(kind: str, message: str) -> str:
    return _PLAIN.get(kind) or message.removeprefix("Value error, ")


def match_path(template: str, path: str) -> dict[str, str] | None:
    """The path parameters when the raw path fits the template, else None. Segments are decoded one by one."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    found: dict[str, str] = {}
    for want, have in zip(wanted, given, strict=True):
        if want.startswith("{"):
            try:
                text = unquote_to_bytes(have).decode()
            except UnicodeDecodeError:
                return None
            if not text or "\x00" in text:
                return None
            found[want[1:-1]] = text
        elif want != have:
            return None
    return found

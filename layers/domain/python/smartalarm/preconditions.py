"""Request headers that make a write conditional or repeatable: If-Match (RFC 9110, 13.1.1) and Idempotency-Key."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from smartalarm.errors import Invalid
from smartalarm.http import Request

# A gateway that compresses marks our strong tag as weak (W/); it still names the same version.
_VERSION_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,18})"')
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "header", "required": False, "description": description, "schema": schema}]}


@dataclass(frozen=True)
class IfMatch:
    """The version that a write expects to replace; None when the caller takes any (no header, or `*`)."""

    version: int | None = None

    openapi: ClassVar[dict[str, Any]] = _header(
        "If-Match",
        "The ETag of the version this write is based on; when it is stale the answer is 409. `*` or nothing: any version.",
        {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}")$'},
    )

    @classmethod
    def from_request(cls, request: Request) -> "IfMatch":
        """Read the header. Raises Invalid at /if-match when it is not one of our tags."""
        text = request.headers.get("if-match", "*").strip()
        if text == "*":
            return cls()
        if not (tag := _VERSION_TAG.fullmatch(text)):
            raise Invalid.field("/if-match", 'Send the ETag as it was given, like "3".')
        return cls(int(tag[1]))


@dataclass(frozen=True)
class IdempotencyKey:
    """The caller's name for this very request, so that sending it again does nothing new; None when it has none.

    `fingerprint` (SHA-256, hex, of method, path and body) tells whether a key comes back with another request.
    """

    key: str | None
    fingerprint: str

    openapi: ClassVar[dict[str, Any]] = _header(
        "Idempotency-Key",
        "A text of your own, unique for this request; sent again with the same request it gives the same answer.",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]{1,255}$"},
    )

    @classmethod
    def from_request(cls, request: Request) -> "IdempotencyKey":
        """Read the header. Raises Invalid at /idempotency-key when it is not 1-255 visible ASCII characters."""
        key = request.headers.get("idempotency-key")
        if key is not None and not _KEY.fullmatch(key):
            raise Invalid.field("/idempotency-key", "Send 1 to 255 visible ASCII characters.")
        digest = hashlib.sha256(b"\0".join((request.method.encode(), request.path.encode(), request.body)))
        return cls(key, digest.hexdigest())

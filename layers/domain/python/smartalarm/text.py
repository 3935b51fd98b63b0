"""Text that people and programs send: which characters it may have, how long it may be, and ids in their one spelling.

Refused everywhere: control characters (NUL among them), lone surrogates and Unicode noncharacters: no database, JSON
parser or screen agrees with another on what they are. Lengths count code points, as JSON Schema does.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

_ALWAYS_REFUSED: Final = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)
)
_REFUSED_IN_ONE_LINE: Final = re.compile(f"[\0-\x1f\x7f-\x9f{_ALWAYS_REFUSED}]")
_REFUSED_IN_MANY_LINES: Final = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_ALWAYS_REFUSED}]")

# The same for JSON Schema, whose regular expressions cannot name what lies beyond the first plane; some engines see an
# emoji as two surrogates there, so those are left out as well.
_SCHEMA_ONE_LINE: Final = r"\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff"
_SCHEMA_MANY_LINES: Final = _SCHEMA_ONE_LINE.replace(r"\u0000-\u001f", r"\u0000-\u0008\u000b\u000c\u000e-\u001f")


def has_control_characters(text: str, *, is_multiline: bool = False) -> bool:
    """Whether the text has a character that is refused; tab, line feed and carriage return may be in many lines."""
    return (_REFUSED_IN_MANY_LINES if is_multiline else _REFUSED_IN_ONE_LINE).search(text) is not None


@dataclass(frozen=True)
class PlainText:
    """Annotation of a str: no refused characters. One line must show something; several may have tabs and be empty."""

    is_multiline: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        allowed = f"[^{_SCHEMA_MANY_LINES}]*" if self.is_multiline else f"[^{_SCHEMA_ONE_LINE}]*"
        visible = "" if self.is_multiline else rf"[^{_SCHEMA_ONE_LINE}\s]{allowed}"
        return {**handler(schema), "pattern": f"^{allowed}{visible}$"}

    def _check(self, text: str) -> str:
        if has_control_characters(text, is_multiline=self.is_multiline):
            raise ValueError("Control characters and invalid Unicode are not allowed.")
        if not self.is_multiline and not text.strip():
            raise ValueError("Write something that can be seen.")
        return text


_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_canonical_uuid(text: str) -> bool:
    """Whether the text is a UUID in its one spelling, 8-4-4-4-12 hex digits in lower case."""
    return _UUID.fullmatch(text) is not None


def _canonical_uuid(text: str) -> str:
    lowered = text.lower()
    if not _UUID.fullmatch(lowered):
        raise ValueError("This is not a UUID, like 0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f.")
    return lowered


def _canonical_occurrence_id(text: str) -> str:
    uuid, colon, instant = text.partition(":")
    return f"{uuid.lower()}{colon}{instant.upper()}"


Name = Annotated[str, StringConstraints(min_length=1, max_length=200), PlainText()]
"""A person's or device's name, 1-200 characters."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=200), PlainText()]
"""What an alarm is called, 1-200 characters."""

Tag = Annotated[str, StringConstraints(min_length=1, max_length=50), PlainText()]
"""One tag, 1-50 characters."""

LongText = Annotated[str, StringConstraints(max_length=4000), PlainText(is_multiline=True)]
"""Several lines, up to 4,000 characters, possibly none."""

UuidText = Annotated[str, AfterValidator(_canonical_uuid), Field(json_schema_extra={"format": "uuid"})]
"""Any UUID in its canonical form (RFC 9562, 8-4-4-4-12 hex digits), made lower case."""

OccurrenceIdText = Annotated[str, AfterValidator(_canonical_occurrence_id)]
"""What names an occurrence, its UUID in lower case; whether there is such a one, only its alarm tells."""

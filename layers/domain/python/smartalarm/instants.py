"""Instants on the wire: RFC 3339 UTC with Z and milliseconds."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def instant_to_text(instant: datetime) -> str:
    """`2026-12-01T06:00:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_to_compact(instant: datetime) -> str:
    """`20261201T060000Z`, as occurrence ids end: whole seconds, and every year of `datetime` sorts as text."""
    utc = instant.astimezone(UTC)
    return f"{utc.year:04}{utc:%m%dT%H%M%SZ}"  # %Y has no leading zeros everywhere


def text_to_instant(text: str) -> datetime:
    """The instant of an RFC 3339 text with an offset. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("An instant needs Z or an offset.")
    return instant.astimezone(UTC)


def to_milliseconds(instant: datetime) -> datetime:
    """The instant cut to whole milliseconds: what the wire carries, so what is kept and what is sent agree."""
    return instant - timedelta(microseconds=instant.microsecond % 1000)


def _only_rfc_3339(value: Any) -> Any:
    """Pydantic would also read numbers and dates as instants, and in strict mode refuses a text that passed through here."""
    if not isinstance(value, str):
        return value
    if _RFC_3339.fullmatch(value):
        with suppress(ValueError, OverflowError):
            return text_to_instant(value.upper())
    raise ValueError("Write an instant like 2026-12-01T06:00:00.000Z.")


def _aware_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs Z or an offset, like 2026-12-01T06:00:00.000Z.")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("This instant is out of range.") from None


Instant = Annotated[
    datetime,
    BeforeValidator(_only_rfc_3339),
    AfterValidator(_aware_utc),
    PlainSerializer(instant_to_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware UTC datetime; JSON shows it as RFC 3339 with Z and milliseconds."""

"""Instants in bodies and queries."""

from datetime import UTC, datetime

import pytest
from pydantic import BaseModel, ValidationError

from smartalarm.instants import Instant


class Meeting(BaseModel):
    """Something at an instant."""

    at: Instant | None = None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01T06:00:00Z", datetime(2026, 12, 1, 6, tzinfo=UTC)),
        ("2026-12-01t06:00:00.123456789z", datetime(2026, 12, 1, 6, 0, 0, 123456, tzinfo=UTC)),
        ("2026-12-01T06:00:00+02:00", datetime(2026, 12, 1, 4, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_from_a_strict_body_and_from_a_query(text: str, instant: datetime) -> None:
    """Bodies are validated strictly, queries are all text; both take RFC 3339."""
    assert Meeting.model_validate_json(f'{{"at": "{text}"}}', strict=True).at == instant
    assert Meeting.model_validate_strings({"at": text}).at == instant


@pytest.mark.parametrize(
    "value",
    [
        "3",
        '"3"',
        '"2026-12-01"',
        '"2026-12-01T06:00:00"',
        '"2026-13-01T06:00:00Z"',
        '"2026-12-01T06:00:00+99:00"',
        '"0001-01-01T00:00:00+23:59"',
        '"٢٠٢٦-12-01T06:00:00Z"',
    ],
)
def test_what_is_no_instant_is_refused(value: str) -> None:
    """Numbers, dates, local times and what lies outside of time."""
    with pytest.raises(ValidationError):
        Meeting.model_validate_json(f'{{"at": {value}}}', strict=True)

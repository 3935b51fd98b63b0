"""Bodies of PATCH: absent is not null."""

import pytest
from pydantic import ValidationError

from smartalarm.change import ABSENT, Change
from smartalarm.text import LongText


class NoteChange(Change):
    """A note's."""

    text: LongText = ABSENT
    color: str | None = ABSENT


def test_only_what_was_sent_is_given() -> None:
    """Null is something that was sent."""
    assert NoteChange.model_validate_json("{}").given() == {}
    assert NoteChange.model_validate_json('{"color": null, "text": "a"}').given() == {"text": "a", "color": None}


def test_null_is_refused_at_the_field_that_cannot_be_null() -> None:
    """With its place, so that a form can show it there."""
    with pytest.raises(ValidationError) as caught:
        NoteChange.model_validate_json('{"text": null}')

    assert [error["loc"] for error in caught.value.errors()] == [("text",)]


def test_the_schema_has_neither_null_nor_a_default_for_it() -> None:
    """A generated client must not offer what is refused."""
    schema = NoteChange.model_json_schema()

    assert "required" not in schema
    assert schema["additionalProperties"] is False
    assert schema["properties"]["text"]["type"] == "string"
    assert not [name for name, field in schema["properties"].items() if "default" in field]

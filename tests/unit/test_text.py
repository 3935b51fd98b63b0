"""Which text is accepted, and that the JSON schema says the same."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from smartalarm.text import Label, LongText, Name, Tag, UuidText, has_control_characters

LABEL: TypeAdapter[str] = TypeAdapter(Label)
LONG: TypeAdapter[str] = TypeAdapter(LongText)
UUID: TypeAdapter[str] = TypeAdapter(UuidText)
REFUSED = [
    "\0", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f",
    "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff",
]  # fmt: skip


def _is_accepted(adapter: TypeAdapter[str], text: str) -> bool:
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("character", REFUSED)
def test_control_characters_and_noncharacters_are_refused(character: str) -> None:
    """Wherever they stand, in one line or in many."""
    for text in (character, f"a{character}b", f"{character}a", f"a{character}"):
        assert not _is_accepted(LABEL, text)
        assert not _is_accepted(LONG, text)


@pytest.mark.parametrize("character", ["\t", "\n", "\r"])
def test_line_breaks_belong_into_long_text_alone(character: str) -> None:
    """Instructions may have several lines, a label is one."""
    assert _is_accepted(LONG, f"a{character}b")
    assert not _is_accepted(LABEL, f"a{character}b")


@pytest.mark.parametrize(
    "text",
    ["Work", "é", "👩‍🚀 früh", "مرحبا", "\u202b\u05e2\u05d1\u05e8\u05d9\u05ea", " spaces around ", "\u3042", "a\u2028b"],
)
def test_what_people_write_is_accepted_as_it_is(text: str) -> None:
    """Nothing is stripped or normalised: what is sent comes back."""
    assert text == LABEL.validate_python(text) == LONG.validate_python(text)


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u3000"])
def test_a_line_shows_something(text: str) -> None:
    """A label of spaces cannot be told from none; instructions may be empty."""
    assert not _is_accepted(LABEL, text)
    assert _is_accepted(LONG, text)


@pytest.mark.parametrize(("kind", "longest"), [(Label, 200), (Name, 200), (Tag, 50), (LongText, 4000)])
def test_lengths_count_code_points(kind: Any, longest: int) -> None:
    """As JSON Schema does; an emoji is one."""
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    assert _is_accepted(adapter, "🦄" * longest)
    assert not _is_accepted(adapter, "x" * (longest + 1))


def test_a_lone_surrogate_is_found_where_no_parser_did() -> None:
    """Pydantic refuses it on its own; text from elsewhere may have one."""
    assert has_control_characters("a\ud800")
    assert not _is_accepted(LABEL, "a\ud800")


def test_the_message_is_plain() -> None:
    """A sentence, not a pattern."""
    with pytest.raises(ValidationError, match="Control characters and invalid Unicode are not allowed"):
        LABEL.validate_python("a\0")


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_the_schema_accepts_what_the_code_accepts(text: str) -> None:
    """The pattern in the JSON schema leaves out only the noncharacters beyond the first plane."""
    if re.search("[\U0001fffe-\U0010ffff]", text) and any(ord(c) & 0xFFFE == 0xFFFE for c in text):
        return
    for adapter in (LABEL, LONG):
        schema = adapter.json_schema()
        fits = re.fullmatch(schema["pattern"].rstrip("$") + r"\Z", text) is not None
        fits = fits and schema.get("minLength", 0) <= len(text) <= schema["maxLength"]
        assert fits == _is_accepted(adapter, text)


@pytest.mark.parametrize(
    "text",
    [
        "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f",
        "0198C2F2-6F5A-7CC1-8F3E-0A1B2C3D4E5F",
        "0" * 8 + "-0000-0000-0000-" + "0" * 12,
    ],
)
def test_a_uuid_is_made_lower_case(text: str) -> None:
    """So that one id has one spelling, in every key that is made of it."""
    assert text.lower() == UUID.validate_python(text) == UUID.validate_strings(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "0198c2f26f5a7cc18f3e0a1b2c3d4e5f",
        "{0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f}",
        "urn:uuid:0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f",
        "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5g",
        "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f\n",
        " 0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f",
        "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5\u0661",
    ],
)
def test_other_spellings_of_a_uuid_are_refused(text: str) -> None:
    """Several spellings would be several ids to a database."""
    assert not _is_accepted(UUID, text)


def test_schemas_say_what_a_client_generator_needs() -> None:
    """Format uuid, and bounds."""
    assert UUID.json_schema() == {"type": "string", "format": "uuid"}
    assert {"type", "minLength", "maxLength", "pattern"} == set(LABEL.json_schema())

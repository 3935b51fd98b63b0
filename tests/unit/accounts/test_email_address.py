"""Which addresses are accepted, and when two are one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from smartalarm.accounts.email_address import EmailAddress, address_key

ADDRESS: TypeAdapter[str] = TypeAdapter(EmailAddress)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        (" Ana.B+alarm@Mail.EXAMPLE.co.uk ", "Ana.B+alarm@mail.example.co.uk"),
        ("o'hara_1-2@xn--bcher-kva.example", "o'hara_1-2@xn--bcher-kva.example"),
        ("用户@例子.公司", "用户@例子.公司"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_an_address_is_kept_tidy(text: str, kept: str) -> None:
    """Spaces around go, the domain is in lower case, letters are composed."""
    assert kept == ADDRESS.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ana",
        "@",
        "ana@",
        "@example.com",
        "ana@localhost",
        "ana@@example.com",
        "a@b@example.com",
        "an a@example.com",
        "ana@exa mple.com",
        "ana\n@example.com",
        "ana@example.com\nbcc: x",
        "ana\0@example.com",
        "ana@example..com",
        "ana@.example.com",
        "ana@example.com.",
        "ana@-example.com",
        "ana@example-.com",
        "ana@exam_ple.com",
        ".ana@example.com",
        "ana.@example.com",
        "a..b@example.com",
        "<ana@example.com>",
        "Ana <ana@example.com>",
        f"{'a' * 65}@example.com",
        f"{'ж' * 33}@example.com",
        f"ana@{'a' * 64}.com",
        f"ana@{'.'.join(['a' * 60] * 5)}.com",
        "ana@[127.0.0.1]",
        "ana@example.com,bob@example.com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """In a sentence, with an example."""
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(text)


@settings(deadline=None)  # the machine may be busy
@given(st.emails())
def test_ordinary_addresses_are_accepted(text: str) -> None:
    """Everything of RFC 5322's dot-atom form."""
    assert ADDRESS.validate_python(text).casefold() == text.casefold()


@settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_every_text_has_a_key_that_its_spelling_does_not_change(text: str) -> None:
    """Signing in takes any text; spaces and letter case make no other account."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    assert len(address_key(text)) == 64
    assert address_key(text) == address_key(f" {text}\n")


@pytest.mark.parametrize("other", ["ANA@EXAMPLE.COM", "aNa@eXample.com", " ana@example.com"])
def test_spellings_of_one_address_have_one_key(other: str) -> None:
    """Nobody knows in which case they registered."""
    assert address_key("ana@example.com") == address_key(other)
    assert address_key("ana@example.com") != address_key("anna@example.com")

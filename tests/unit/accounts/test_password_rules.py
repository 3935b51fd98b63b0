"""Which passwords can be chosen."""

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from smartalarm.accounts.password_rules import NewPassword, normalised

PASSWORD: TypeAdapter[SecretStr] = TypeAdapter(NewPassword)


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple",
        "tr0ub4dor",
        " spaces count ",
        "ñandú veloz",
        "🦄🌈🚀🎸🍕🐳🌵🎲",
        "x" * 127 + "y",
        "Test1234!",
    ],
)
def test_anything_long_enough_can_be_chosen(text: str) -> None:
    """No rules of composition: they make passwords predictable."""
    assert PASSWORD.validate_python(text).get_secret_value() == text


@pytest.mark.parametrize(
    "text",
    ["", "1234567", "x" * 129, "password\0x", "pass\nword", "e\u0301" * 7],
)
def test_too_short_too_long_and_untypable_are_refused(text: str) -> None:
    """8 to 128 characters, counted as they are seen."""
    with pytest.raises(ValidationError):
        PASSWORD.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "password",
        "PassWord1",
        "12345678",
        "87654321",
        "1234567890",
        "aaaaaaaa",
        "abababab",
        "qwertyuiop",
        "abcdefgh",
        "hgfedcba",
        "iloveyou",
        "smartalarm",
        "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44",
    ],
)
def test_what_everybody_tries_first_is_refused_in_plain_words(text: str) -> None:
    """Also with capitals, and in full-width letters."""
    with pytest.raises(ValidationError, match="one of the first that anybody would try"):
        PASSWORD.validate_python(text)


def test_a_password_is_never_shown() -> None:
    """Not in a message, not in a representation."""
    with pytest.raises(ValidationError) as caught:
        PASSWORD.validate_python("password1")

    assert "password1" not in str(caught.value.errors(include_input=False))
    assert "staple" not in repr(PASSWORD.validate_python("horse staple"))


def test_the_normal_form_is_stable() -> None:
    """Normalising twice changes nothing, so a hash always fits again."""
    assert normalised("cafe\u0301 \ufb01") == "caf\u00e9 fi" == normalised(normalised("cafe\u0301 \ufb01"))

"""Which passwords are accepted, and in which form they are hashed (NIST SP 800-63B, 5.1.1.2).

Length is what counts: 8 to 128 characters of any kind, no rules of composition. Refused are the passwords that everybody
tries first, and the account's own address. Unicode is brought to NFKC before hashing, so the same password typed on another
keyboard fits. Control characters cannot be typed everywhere and are refused.
"""

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

from smartalarm.errors import Invalid
from smartalarm.text import has_control_characters

SHORTEST: Final = 8
LONGEST: Final = 128

_COMMON: Final = frozenset(
    """
    password password1 password12 password123 password1234 passw0rd passw0rd1 p@ssw0rd p@ssword pa$$word pa$$w0rd
    mypassword changeme letmein1 letmein123 welcome1 welcome123 admin123 admin1234 administrator iloveyou iloveyou1
    qwerty123 qwerty1234 qwertyuiop qwertyui qwerty12 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsxedc zaq12wsx q1w2e3r4 asdfghjkl
    asdfghjk zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abc123456 a1b2c3d4 aa123456 a1234567 1234qwer asdf1234 qwer1234
    sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman superman1 batman123
    starwars starwars1 pokemon1 pokemon123 trustno1 whatever whatever1 computer computer1 internet michelle jennifer
    jonathan danielle victoria samantha alexander charlie1 michael1 jessica1 ashley123 monkey123 dragon123 shadow123
    master123 killer123 freedom1 liverpool liverpool1 chocolate butterfly corvette mercedes maverick midnight
    smartalarm smartalarm1 alarmclock contraseña contrasena tequiero teamomucho senha123 senha1234 minhasenha brasil123
    12341234 123123123 12312312 147258369 987654321 87654321 11223344 1122334455 112233445566 01234567 0123456789
    """.split()  # noqa: SIM905  a table of words, not of quotes
)
_RUNS: Final = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz")


def normalised(password: str) -> str:
    """The form that is hashed and compared."""
    return unicodedata.normalize("NFKC", password)


def _accepted(password: SecretStr) -> SecretStr:
    text = normalised(password.get_secret_value())
    if has_control_characters(text):
        raise ValueError("Control characters and invalid Unicode are not allowed.")
    if len(text) < SHORTEST:
        raise ValueError(f"Use at least {SHORTEST} characters.")
    if _is_common(text.casefold()):
        raise ValueError("This password is one of the first that anybody would try. Choose another one.")
    return password


def _is_common(text: str) -> bool:
    repeats = any(len(text) % size == 0 and text[:size] * (len(text) // size) == text for size in (1, 2))
    return repeats or text in _COMMON or any(text in run or text[::-1] in run for run in _RUNS)


def check_not_address(password: SecretStr, email: str) -> None:
    """Raise Invalid at /password when the password is the account's own address, or the part before the @."""
    if normalised(password.get_secret_value()).casefold() in {email.casefold(), email.rpartition("@")[0].casefold()}:
        raise Invalid.field("/password", "Your e-mail address is no password. Choose another one.")


NewPassword = Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST), AfterValidator(_accepted)]
"""A password that somebody chooses."""

GivenPassword = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
"""A password that somebody signs in with; whether it is one that could be chosen today does not matter."""

"""E-mail addresses: which are accepted, how they are kept, and when two are the same account."""

import hashlib
import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from smartalarm.text import has_control_characters

MAX_BYTES: Final = 254  # RFC 5321, 4.5.3.1.3, as corrected by erratum 1690
MAX_LOCAL_BYTES: Final = 64
_LOCAL: Final = re.compile(r"""[^\s.@"(),:;<>\[\]\\]+(\.[^\s.@"(),:;<>\[\]\\]+)*""")
_DOMAIN_LABEL: Final = re.compile(r"[^\W_]([^\W_]|-){0,61}[^\W_]|[^\W_]")


def _accepted(text: str) -> str:
    """The address as it is kept. No library and no DNS: whether it exists only a message to it can tell."""
    kept = tidy(text)
    local, at, domain = kept.rpartition("@")
    labels = domain.split(".")
    is_plausible = (
        at
        and not has_control_characters(kept)
        and len(kept.encode()) <= MAX_BYTES
        and len(local.encode()) <= MAX_LOCAL_BYTES
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_DOMAIN_LABEL.fullmatch(label) for label in labels)
    )
    if not is_plausible:
        raise ValueError("This is not an e-mail address, like ana@example.com.")
    return kept


def tidy(text: str) -> str:
    """Without spaces around it, in Unicode NFC, the domain in lower case. Takes any text."""
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    return f"{local}{at}{domain.lower()}"


def address_key(text: str) -> str:
    """The same text for all spellings of one account's address, letter case included: SHA-256, hex. Takes any text.

    A hash, because keys turn up in logs and database tools, where addresses do not belong.
    """
    folded = unicodedata.normalize("NFC", tidy(text).casefold())
    return hashlib.sha256(folded.encode()).hexdigest()


EmailAddress = Annotated[
    str,
    Field(max_length=MAX_BYTES, json_schema_extra={"format": "email"}),
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
    AfterValidator(_accepted),
]
"""An address somebody registers with."""

"""JSON in which single values may be poisoned: read whole, so that only what holds such a value is refused.

Every parser has limits of its own: a lone surrogate, a number of thousands of digits, arrays a thousand levels deep. Here
they are read as something that the canonical form refuses at its own place (smartalarm.sync.canonical).
"""

import json
import re
from typing import Any, Final

READ_LEVELS: Final = 64
"""What lies deeper is not read. It is more than any value of ours may have, with the envelope around it."""
READ_DIGITS: Final = 400
"""A whole number of more digits is beyond a double; Python would be slow to read it, or refuse."""

# A text that does not end is one token up to the end, or each of its quotes would be tried as the begin of another.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def read_lenient(raw: bytes) -> Any:
    """The value. Raises ValueError for what is no JSON in UTF-8.

    A surrogate without its other half stays in its text, a number that no double holds is infinite, and what is nested
    deeper than 64 levels is left out there.
    """
    text = raw.decode()
    try:
        return _read(text)
    except RecursionError:
        return _read(_shallow(text))


def _read(text: str) -> Any:
    return json.loads(text, parse_int=_whole_number, parse_constant=_refused)


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= READ_DIGITS else float(digits)


def _refused(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")


def _shallow(text: str) -> str:
    """The text without what is nested too deep. Only brackets and strings are looked at, in one pass."""
    kept: list[str] = []
    level = begin = 0
    for token in _TOKEN.finditer(text):
        opens, closes = token[0] in "[{", token[0] in "]}"
        level += opens - closes
        if opens and level == READ_LEVELS + 1:
            kept.append(text[begin : token.start()] + "null")
        elif closes and level == READ_LEVELS:
            begin = token.end()
    return "".join(kept) + text[begin:] if level <= READ_LEVELS else ""

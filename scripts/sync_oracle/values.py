"""Canonical JSON (RFC 8785) by brute force: numbers are printed by trying how many digits suffice."""

import json
import sys
from typing import Any


class Refused(Exception):
    """The value has no canonical form."""


def units(text: str) -> list[int]:
    """The UTF-16 code units of a text, by arithmetic."""
    found = []
    for point in map(ord, text):
        found += [point] if point < 0x10000 else [0xD800 + (point - 0x10000 >> 10), 0xDC00 + (point - 0x10000 & 0x3FF)]  # noqa: PLR2004
    return found


def printed(number: float) -> str:
    """A double as ECMAScript prints it: the fewest digits that read back as the same double, then one of four layouts."""
    if number != number or abs(number) > sys.float_info.max:  # noqa: PLR0124  NaN alone is not itself
        raise Refused
    if number < 0:
        return "-" + printed(-number)
    if number == 0:
        return "0"
    shortest = next(text for text in (f"{number:.{digits}e}" for digits in range(18)) if float(text) == number)
    mantissa, _, exponent_text = shortest.partition("e")
    digits, exponent = mantissa.replace(".", ""), int(exponent_text)
    if exponent > 20 or exponent < -6:  # noqa: PLR2004
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{fraction}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
    return whole + "0" * (exponent + 1 - len(whole)) + (f".{fraction}" if fraction else "")


def quoted(text: str) -> str:
    """A string as RFC 8785, 3.2.2.2 writes it, character by character."""
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):  # noqa: PLR2004
        raise Refused
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if ord(c) < ord(" ") else c) for c in text) + '"'


def canonical(value: Any, levels: int = 32) -> str:
    """RFC 8785, at most 32 levels deep."""
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return quoted(value)
        case int() | float():
            return printed(float(str(value)))  # read as a double, as ECMAScript reads it
        case _ if levels == 0:
            raise Refused
        case list():
            return "[" + ",".join([canonical(item, levels - 1) for item in value]) + "]"
        case _:
            names = sorted(value, key=units)
            return "{" + ",".join([quoted(name) + ":" + canonical(value[name], levels - 1) for name in names]) + "}"


def canonical_or_none(text: str) -> str | None:
    """The canonical text of a JSON text, None when it is refused."""
    try:
        return canonical(json.loads(text))
    except Refused:
        return None

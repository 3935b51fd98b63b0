"""Canonical JSON (RFC 8785, JCS): one text for one value, the same from Python and from TypeScript.

It decides between equal clocks, and what it reads back as is what is kept: a number is the double that ECMAScript would
read, so -0.0 is 0, 1.0 is 1 and 9007199254740993 is ...992 on every side.
"""

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

MAX_DEPTH: Final = 32
"""Arrays and objects inside one another. The deepest field of ours has two; a bound keeps every reader's stack safe."""

_INTEGER_DIGITS: Final = 21  # ECMA-262, Number::toString: from 1e21 on with an exponent,
_LEADING_ZEROS: Final = 6  # and below 1e-6


class NotCanonical(ValueError):
    """The value has no canonical form: no JSON, a number beyond a double, a lone surrogate, or nested too deep."""


def canonical_json(value: Any) -> str:
    """The canonical text of a JSON value. Raises NotCanonical."""
    return _written(value, MAX_DEPTH)


def normalized(value: Any) -> Any:
    """The value that its canonical text stands for, new: equal values are then the same JSON. Raises NotCanonical."""
    return json.loads(canonical_json(value))


def utf16_key(text: str) -> bytes:
    """Sorts texts by UTF-16 code units, as ECMAScript's `<` does; code points differ from it above U+FFFF."""
    return text.encode("utf-16-be", "surrogatepass")


def _written(value: Any, depth_left: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping | list | tuple):
        if not depth_left:
            raise NotCanonical(f"It is nested deeper than {MAX_DEPTH} levels.")
        if not isinstance(value, Mapping):
            return f"[{','.join(_written(item, depth_left - 1) for item in value)}]"
        members = sorted((utf16_key(_name(name)), _string(name), item) for name, item in value.items())
        return f"{{{','.join(f'{name}:{_written(item, depth_left - 1)}' for _, name, item in members)}}}"
    raise NotCanonical(f"{type(value).__name__} is not JSON.")


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise NotCanonical("The names in an object are texts.")
    return name


def _string(text: str) -> str:
    r"""The standard encoder escapes exactly as RFC 8785 says: two-character escapes, else \u00xx below the space."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("A surrogate without its other half is no character.") from None
    return encode_basestring(text)


def _number(value: float) -> str:
    """ECMA-262, Number::toString (6.1.6.1.20). Python's repr finds the same shortest digits; only the layout differs."""
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double):
        raise NotCanonical("The number is not finite.")
    if double == 0:
        return "0"
    sign, digit_tuple, exponent = Decimal(repr(double)).as_tuple()
    all_digits = "".join(map(str, digit_tuple))
    point = len(all_digits) + int(exponent)  # how many digits stand before the decimal point
    digits = all_digits.rstrip("0")
    if len(digits) <= point <= _INTEGER_DIGITS:
        text = digits.ljust(point, "0")
    elif 0 < point <= _INTEGER_DIGITS:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -_LEADING_ZEROS < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        text = f"{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{point - 1:+}"
    return f"-{text}" if sign else text

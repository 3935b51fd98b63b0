"""How a night is kept: one text for each signal, a few bytes an epoch, so that a whole night stays within 8 KB.

Two bytes hold a number, first all low bytes, then all high ones, deflated and written in base 85, which every store keeps as
text. Counts have four digits: to 163.83 they are exact to 0.01, above it right within 0.04 %. Heart rate is exact to 0.01.
An epoch that never came and one that came without a reading are told apart, so that what is missing can be seen.
"""

import base64
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from smartalarm.ports import STAGES, Stage

T = TypeVar("T")

MISSING: Final = 0xFFFF
"""Nothing was ever sent for this epoch."""
EMPTY: Final = 0xFFFE
"""The epoch was sent, without a reading."""

_LARGEST: Final = 0x3FFF
_UNSTAGED: Final = 255
_NUMBER_OF: Final = {stage: number for number, stage in enumerate(STAGES)}


# ------------------------------------------------------------------------------------------------ one number


def count_to_code(count: float | None) -> int:
    """14 bits of digits and 2 of where the point is: hundredths, tenths, ones or tens. 0 to 100,000."""
    if count is None:
        return EMPTY
    for point in range(4):
        digits = round(count * (100, 10, 1, 0.1)[point])
        if digits <= _LARGEST:
            return point << 14 | digits
    raise ValueError("a count is at most 100,000")


def code_to_count(code: int) -> float | None:
    """The count again."""
    return None if code >= EMPTY else (code & _LARGEST) * (1, 10, 100, 1000)[code >> 14] / 100


def rate_to_code(rate: float | None) -> int:
    """Hundredths of a beat a minute."""
    return EMPTY if rate is None else round(rate * 100)


def code_to_rate(code: int) -> float | None:
    """The heart rate again."""
    return None if code >= EMPTY else code / 100


def stage_to_code(stage: Stage | None) -> int:
    """A stage that a device gave."""
    return EMPTY if stage is None else _NUMBER_OF[stage]


def code_to_stage(code: int) -> Stage | None:
    """The stage again."""
    return None if code >= EMPTY else STAGES[code]


# ------------------------------------------------------------------------------------------------ a night of them


def codes_to_text(codes: "array[int]") -> str:
    """Codes as text."""
    raw = _little_endian(codes).tobytes()
    return _pack(raw[::2] + raw[1::2])


def text_to_codes(text: str) -> "array[int]":
    """The codes again. Raises ValueError for what no `codes_to_text` gave."""
    planes = _unpack(text)
    half, odd = divmod(len(planes), 2)
    if odd:
        raise ValueError("a code has two bytes")
    raw = bytearray(len(planes))
    raw[::2], raw[1::2] = planes[:half], planes[half:]
    codes = array("H")
    codes.frombytes(bytes(raw))
    return _little_endian(codes)


def merged(stored: "array[int]", first: int, sent: Sequence[int]) -> "array[int]":
    """The codes with those of a batch that begins at epoch `first`.

    What is there stays, only what is missing or empty is filled: a batch that comes twice, late or out of order never
    changes what was told before.
    """
    codes = array("H", stored)
    codes.extend([MISSING] * (first + len(sent) - len(codes)))
    for index, code in enumerate(sent, start=first):
        codes[index] = min(codes[index], code) if codes[index] >= EMPTY else codes[index]
    return codes


def came(codes: Iterable[int]) -> int:
    """How many epochs were sent."""
    return sum(code != MISSING for code in codes)


def to_values(codes: "array[int]", read: Callable[[int], T | None], length: int) -> tuple[T | None, ...]:
    """What the first `length` epochs hold, None where there is nothing."""
    return (*map(read, codes), *[None] * (length - len(codes)))[:length]


# ------------------------------------------------------------------------------------------------ stages


def stages_to_text(stages: Sequence[Stage | None]) -> str:
    """Stages as text."""
    return _pack(bytes(_UNSTAGED if stage is None else _NUMBER_OF[stage] for stage in stages))


def text_to_stages(text: str) -> tuple[Stage | None, ...]:
    """The stages again."""
    return tuple(None if number == _UNSTAGED else STAGES[number] for number in _unpack(text))


def shares_to_text(shares: Sequence[float | None]) -> str:
    """Numbers between 0 and 1 as text, to the hundredth."""
    return _pack(bytes(_UNSTAGED if share is None else round(share * 100) for share in shares))


def text_to_shares(text: str) -> tuple[float | None, ...]:
    """The numbers again."""
    return tuple(None if number == _UNSTAGED else number / 100 for number in _unpack(text))


# ------------------------------------------------------------------------------------------------ bytes


def _pack(raw: bytes) -> str:
    return base64.b85encode(zlib.compress(raw, 9)).decode()


def _unpack(text: str) -> bytes:
    try:
        return zlib.decompress(base64.b85decode(text))
    except (zlib.error, ValueError) as error:
        raise ValueError("this is no packed signal") from error


def _little_endian(codes: "array[int]") -> "array[int]":
    if sys.byteorder == "little":
        return codes
    swapped = array("H", codes)
    swapped.byteswap()
    return swapped

"""The opaque `next` of a page: where it ended, as URL-safe text with a checksum, so that other texts are told apart."""

import base64
import binascii
import zlib

from smartalarm.errors import Invalid


def place_to_cursor(kind: str, place: str) -> str:
    """The cursor for continuing after `place` (an order key) in a list of `kind`."""
    raw = place.encode()
    return base64.urlsafe_b64encode(_checksum(kind, raw) + raw).decode().rstrip("=")


def cursor_to_place(kind: str, cursor: str) -> str:
    """The place again. Raises Invalid at pointer "/after" for a text that no page of this kind gave."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if raw[:4] == _checksum(kind, raw[4:]) and place_to_cursor(kind, place := raw[4:].decode()) == cursor:
            return place
    except (binascii.Error, ValueError):
        pass
    raise Invalid.field("/after", "is not the `next` of an earlier page")


def _checksum(kind: str, raw: bytes) -> bytes:
    return zlib.crc32(raw, zlib.crc32(kind.encode())).to_bytes(4, "big")

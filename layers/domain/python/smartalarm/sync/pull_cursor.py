"""The cursor of a pull: what a client was told so far, as opaque URL-safe text that only its own account can use."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from smartalarm.alarms.zones import TZDATA_VERSION
from smartalarm.errors import Gone
from smartalarm.ports import Cursor
from smartalarm.storage.rules import is_storable
from smartalarm.sync.clock import KEPT_FOR

START: Final = "0"
_BEGINNING: Final = Cursor()
FURTHEST_TOLD: Final = timedelta(hours=50)
"""Coming occurrences are told 48 hours ahead, by clocks of servers that hardly differ."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inside:
    """Where a page ended within what one alarm's document tells: the document, and the last instant told ("" none)."""

    document: Cursor
    instant: str


@dataclass(frozen=True, slots=True)
class ComingPlace:
    """Where coming occurrences go on: `until_hour` ends the window, the last one told is (`alarm_id`, `instant`)."""

    until_hour: int
    alarm_id: str = ""
    instant: str = ""


@dataclass(frozen=True, slots=True)
class PullCursor:
    """`feed`: the last stored document told, all of it. `inside`: how much of the next one was told as well.

    `fresh_seq`: the seq at which this client began from nothing: what was deleted by then it never knew.
    `told_seq`, `told_until_hour`: coming occurrences are told as of that seq, up to that hour since 1970 (0: none).
    `is_touched`: since then something was told that moves coming ones. `coming`: told in part.
    """

    feed: Cursor = _BEGINNING
    inside: Inside | None = None
    fresh_seq: int = 0
    told_seq: int = 0
    told_until_hour: int = 0
    is_touched: bool = False
    coming: ComingPlace | None = None

    @property
    def told_until(self) -> datetime:
        """The end of the window told."""
        return hour_to_instant(self.told_until_hour)

    def to_text(self, user: str, now: datetime) -> str:
        """The text for this user, issued now."""
        inside = self.inside or Inside(Cursor(), "")
        coming = self.coming or ComingPlace(0)
        row = [
            *((now - _EPOCH).days, TZDATA_VERSION),
            *(self.feed.seq, self.feed.kind, self.feed.id),
            *(inside.instant, inside.document.seq),
            *(self.fresh_seq, self.told_seq, self.told_until_hour, int(self.is_touched)),
            *(coming.until_hour, coming.alarm_id, coming.instant),
            *((inside.document.kind, inside.document.id) if self.inside else ()),
        ]
        raw = json.dumps(row, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_checksum(user, raw) + raw).decode().rstrip("=")


def text_to_cursor(text: str, user: str, now: datetime) -> PullCursor:
    """The reverse. Raises Gone: not ours, another account's, older than what is kept, or made by other zone data."""
    if text == START:
        return PullCursor()
    row = _row(text, user)
    if row is None:
        raise _unknown()
    day, zone_data, *rest = row
    if _EPOCH + timedelta(days=day + 1) <= now - KEPT_FOR:
        raise Gone("This cursor is too old. Pull from 0.", code="expired_cursor")
    if zone_data != TZDATA_VERSION:
        raise Gone("The zone data have changed since this cursor. Pull from 0.", code="expired_cursor")
    if max(row[9], row[11]) > instant_to_hour(now + FURTHEST_TOLD):
        raise _unknown()
    seq, kind, document_id, instant, inside_seq, fresh, told, told_until, touched, until, alarm_id, told_at, *inside = rest
    return PullCursor(
        feed=Cursor(seq, kind, document_id),
        inside=Inside(Cursor(inside_seq, *inside), instant) if inside else None,
        fresh_seq=fresh,
        told_seq=told,
        told_until_hour=told_until,
        is_touched=bool(touched),
        coming=ComingPlace(until, alarm_id, told_at) if until else None,
    )


def head_to_text(user: str, seq: int, now: datetime) -> str:
    """Where the server stands with `seq`. A client pulls from its own cursor: this one leaves out what others wrote."""
    return PullCursor(feed=Cursor(seq)).to_text(user, now)


def _unknown() -> Gone:
    return Gone("This cursor is not known here. Pull from 0.", code="unknown_cursor")


def hour_to_instant(hour: int) -> datetime:
    """The instant at which an hour since 1970 begins."""
    return _EPOCH + timedelta(hours=hour)


def instant_to_hour(instant: datetime) -> int:
    """The hour since 1970 that begins at the instant, or first after it."""
    return -((_EPOCH - instant) // timedelta(hours=1))


def _row(text: str, user: str) -> Any:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if raw[:4] != _checksum(user, raw[4:]):
            return None
        row = json.loads(raw[4:])
    except (binascii.Error, ValueError, RecursionError):
        return None
    types = tuple(map(type, row)) if isinstance(row, list) else ()
    return row if types in {_SHORT, (*_SHORT, str, str)} and all(map(_is_sane, row)) else None


def _is_sane(value: Any) -> bool:
    """The checksum is no secret: whoever writes a cursor of their own harms nobody, and gets no fault of ours to see."""
    return is_storable(value) if isinstance(value, str) else 0 <= value <= _MOST


_SHORT: Final = (int, str, int, str, str, str, int, int, int, int, int, int, str, str)
_MOST: Final = 2_000_000
"""So many days a datetime still holds, and so many commits nobody makes in one life."""


def _checksum(user: str, raw: bytes) -> bytes:
    return zlib.crc32(raw, zlib.crc32(user.encode())).to_bytes(4, "big")

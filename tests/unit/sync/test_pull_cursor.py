"""Cursors of pulls: what they say survives, and no text at all is more than refused."""

import base64
import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.alarms.zones import TZDATA_VERSION
from smartalarm.errors import Gone
from smartalarm.ports import Cursor
from smartalarm.sync.pull_cursor import (
    ComingPlace,
    Inside,
    PullCursor,
    hour_to_instant,
    instant_to_hour,
    text_to_cursor,
)
from tests.fakes import START

seqs, names = st.integers(0, 1_000_000), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
hours = st.integers(1, instant_to_hour(START))
documents = st.builds(Cursor, seqs, names, names)
cursors = st.builds(
    PullCursor,
    documents,
    st.none() | st.builds(Inside, documents, names),
    seqs,
    seqs,
    hours,
    st.booleans(),
    st.none() | st.builds(ComingPlace, hours, names, names),
)
GOOD: list[Any] = [(START - hour_to_instant(0)).days, TZDATA_VERSION, 1, "alarm", "x", "", 0, 1, 1, 1, 0, 0, "", ""]


def forged(row: Any, user: str = "ana") -> str:
    """The text of a row that nobody gave; the checksum is no secret."""
    raw = json.dumps(row).encode()
    check = zlib.crc32(raw, zlib.crc32(user.encode())).to_bytes(4, "big")
    return base64.urlsafe_b64encode(check + raw).decode().rstrip("=")


def changed(at: int, value: Any) -> list[Any]:
    """The good row with another value at one place."""
    return [*GOOD[:at], value, *GOOD[at + 1 :]]


@given(cursors)
def test_a_cursor_survives_the_way_and_is_safe_in_an_address(cursor: PullCursor) -> None:
    """Whatever it holds."""
    text = cursor.to_text("ana", START)
    assert text_to_cursor(text, "ana", START) == cursor
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    with pytest.raises(Gone):
        text_to_cursor(text, "ben", START)


def test_it_ends_after_ninety_days_and_with_the_zone_data() -> None:
    """The day of its issue counts in full."""
    text = PullCursor().to_text("ana", START)
    assert text_to_cursor(text, "ana", START + timedelta(days=90)) == PullCursor()
    with pytest.raises(Gone, match="too old"):
        text_to_cursor(text, "ana", START + timedelta(days=91))
    with pytest.raises(Gone, match="zone data"):
        text_to_cursor(forged([GOOD[0], "1999a", *GOOD[2:]]), "ana", START)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    """And nothing else happens; 0 is the start."""
    if text == "0":
        return
    with pytest.raises(Gone):
        text_to_cursor(text, "ana", START)


@pytest.mark.parametrize(
    "row",
    [
        *([], {}, 7, None, "x", GOOD[:-1], [*GOOD, "a"], [*GOOD, "a", 1]),
        *(
            [value if place == at else known for place, known in enumerate(GOOD)]
            for at, value in ((2, -1), (2, 1e3), (2, True))
        ),
        *(changed(2, value) for value in (-1, 1e3, True, 10**30, "1")),
        *(changed(0, 10**9), changed(3, "a\0"), changed(12, "\ud800"), changed(9, 10**6), changed(11, 10**6)),
    ],
)
def test_a_forged_one_is_refused_or_harmless(row: Any) -> None:
    """Numbers without bounds, texts that no store takes, a window of years: none of it is worked with."""
    assert text_to_cursor(forged(GOOD), "ana", START).feed == Cursor(1, "alarm", "x")
    with pytest.raises(Gone):
        text_to_cursor(forged(row), "ana", START)

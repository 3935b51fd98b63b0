"""Packed request bodies."""

import gzip
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.encodings import unpacked
from smartalarm.errors import Malformed, TooLarge, UnsupportedMedia
from smartalarm.http import MAX_BODY_BYTES, Request


def packed(body: bytes, encoding: str = "gzip") -> Request:
    """A request that says how its body is packed."""
    return Request("POST", "/x", headers={"content-encoding": encoding, "content-type": "application/json"}, body=body)


@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=4), level=st.integers(0, 9))
def test_what_was_packed_comes_out_whole(parts: list[bytes], level: int) -> None:
    """Also when a file is made of several, and the header that says so is gone."""
    request = unpacked(packed(b"".join(gzip.compress(part, level) for part in parts)))
    assert (request.body, dict(request.headers)) == (b"".join(parts), {"content-type": "application/json"})


@given(body=st.binary(min_size=1, max_size=300))
def test_whatever_is_sent_either_comes_out_or_is_refused(body: bytes) -> None:
    """No other error ever leaves."""
    with suppress(Malformed):
        unpacked(packed(body))


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_body_as_it_is_stays_as_it_is(encoding: str) -> None:
    """Nothing is looked for in it."""
    assert unpacked(packed(gzip.compress(b"x"), encoding)).body == gzip.compress(b"x")


def test_a_request_without_a_body_is_asked_nothing() -> None:
    """Whatever its headers say."""
    assert unpacked(packed(b"", "br")).body == b""


def test_the_limit_is_exact() -> None:
    """A body may have that many bytes and not one more."""
    assert len(unpacked(packed(gzip.compress(b"x" * MAX_BODY_BYTES))).body) == MAX_BODY_BYTES
    for body in (gzip.compress(b"x" * (MAX_BODY_BYTES + 1)), gzip.compress(b"x" * MAX_BODY_BYTES) + gzip.compress(b"x")):
        with pytest.raises(TooLarge):
            unpacked(packed(body))


def test_a_bomb_is_not_unpacked() -> None:
    """200 MB in 200 KB: what comes out of it before it is refused is little more than the limit."""
    bomb = gzip.compress(bytes(200_000_000), 9)
    assert len(bomb) < MAX_BODY_BYTES
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            unpacked(packed(bomb))
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BODY_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "*"])
def test_another_packing_is_told_which_one_is_read(encoding: str) -> None:
    """RFC 9110, 15.5.16."""
    with pytest.raises(UnsupportedMedia) as refused:
        unpacked(packed(gzip.compress(b"{}"), encoding))
    assert refused.value.headers == {"accept-encoding": "gzip"}

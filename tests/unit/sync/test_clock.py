"""Clocks: text that sorts by time, ticks that only rise, and clamps that keep every client's own order."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from smartalarm.sync.clock import (
    AHEAD_ALLOWED,
    ClientId,
    Stamp,
    clamp_all,
    greatest,
    is_ahead,
    is_expired,
    tick,
    unix_ms,
)
from tests.unit.sync.strategies import NOW, clocks_far_and_near, steady

client_ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
stamps = st.builds(Stamp, st.integers(0, 9_999_999_999_999), st.integers(0, 0xFFFF), client_ids)
LAST = "9999999999999-ffff-a"


def place(clock: str) -> str:
    """A clock without its client: one tick is never in the place of another that was seen."""
    return clock[:18]


@steady
@given(stamps, stamps)
def test_clocks_sort_as_text_as_their_parts_do(one: Stamp, other: Stamp) -> None:
    """By milliseconds, counter and client id; and the text reads back."""
    assert (one < other) == (str(one) < str(other))
    assert one == Stamp.parse(str(one))


@pytest.mark.parametrize(
    ("ms", "counter", "client_id"), [(-1, 0, "a"), (10**13, 0, "a"), (0, 0x10000, "a"), (0, -1, "a"), (0, 0, "")]
)
def test_what_does_not_fit_a_clock_is_refused(ms: int, counter: int, client_id: str) -> None:
    """There is no text for it."""
    with pytest.raises(ValueError, match="13 digits"):
        Stamp(ms, counter, client_id)


@steady
@given(client_ids, clocks_far_and_near | st.none())
def test_a_tick_is_later_than_all_that_was_seen_and_not_before_now(client_id: str, seen: str | None) -> None:
    """Whatever the counter."""
    ticked = tick(client_id, now=NOW, seen=seen)
    stamp = Stamp.parse(ticked)
    assert client_id == stamp.client_id
    assert unix_ms(NOW) <= stamp.ms
    assert seen is None or place(seen) < place(ticked)


def test_there_is_no_tick_after_the_last_clock() -> None:
    """It would not sort any more; a server's clamps keep everyone away from it."""
    with pytest.raises(ValueError, match="13 digits"):
        tick("a", now=NOW, seen=LAST)


def test_milliseconds_are_cut_and_zones_do_not_matter() -> None:
    """As the frontend's clock gives them."""
    moment = NOW + timedelta(microseconds=1999)
    assert 1_796_108_400_001 == unix_ms(moment) == unix_ms(moment.astimezone(timezone(timedelta(hours=5, minutes=45))))


def test_more_than_five_minutes_is_ahead() -> None:
    """To the millisecond."""
    at_limit = unix_ms(NOW + AHEAD_ALLOWED)
    assert tuple(is_ahead(str(Stamp(ms, 0, "a")), now=NOW) for ms in (at_limit, at_limit + 1)) == (False, True)


def test_older_than_ninety_days_is_expired() -> None:
    """To the millisecond."""
    at_limit = unix_ms(NOW - timedelta(days=90))
    assert tuple(is_expired(str(Stamp(ms, 0, "a")), now=NOW) for ms in (at_limit, at_limit - 1)) == (False, True)


def test_the_greatest_of_no_clocks_is_none() -> None:
    """As of an entity of defaults."""
    assert (greatest([]), greatest([None]), greatest([None, LAST, "0000000000000-0000-a"])) == (None, None, LAST)


@steady
@given(st.lists(clocks_far_and_near), clocks_far_and_near | st.none())
def test_a_clamp_touches_only_what_is_ahead_and_keeps_names(sent: list[str], seen: str | None) -> None:
    """And puts it after all that is seen and all that stays."""
    kept = clamp_all(sent, now=NOW, seen=seen)
    stays = [clock for clock in sent if not is_ahead(clock, now=NOW)]
    assert len(sent) == len(kept)
    for before, after in zip(sent, kept, strict=True):
        assert Stamp.parse(before).client_id == Stamp.parse(after).client_id
        if is_ahead(before, now=NOW):
            assert all(place(after) > place(other) for other in [*stays, *([seen] if seen else [])])
        else:
            assert before == after


@steady
@given(st.lists(clocks_far_and_near), clocks_far_and_near | st.none())
def test_a_clamp_keeps_order_and_equality(sent: list[str], seen: str | None) -> None:
    """Of all clocks of a push, so of every client's own."""
    pairs = list(zip(sent, clamp_all(sent, now=NOW, seen=seen), strict=True))
    for before, after in pairs:
        for other_before, other_after in pairs:
            assert (before < other_before) == (after < other_after)


@steady
@given(st.data(), st.lists(clocks_far_and_near), clocks_far_and_near | st.none())
def test_a_clamp_does_not_depend_on_the_order_of_the_push(data: st.DataObject, sent: list[str], seen: str | None) -> None:
    """The same clock gets the same place."""
    placed = dict(zip(sent, clamp_all(sent, now=NOW, seen=seen), strict=True))
    turned = data.draw(st.permutations(sent))
    assert placed == dict(zip(turned, clamp_all(turned, now=NOW, seen=seen), strict=True))


@pytest.mark.parametrize("text", ["a", "A-z_9", "x" * 64])
def test_a_client_id_is_64_plain_characters_at_most(text: str) -> None:
    """As it stands at the end of a clock."""
    assert text == TypeAdapter(ClientId).validate_python(text)


@pytest.mark.parametrize("text", ["", "x" * 65, "a b", "a:b", "é", "a\n"])
def test_another_client_id_is_refused(text: str) -> None:
    """It would not fit into a clock."""
    with pytest.raises(ValidationError):
        TypeAdapter(ClientId).validate_python(text)

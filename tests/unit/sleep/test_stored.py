"""How nights are packed: what comes back is what went in, as exactly as is promised, and nothing told before is changed."""

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartalarm.ports import STAGES, Stage
from smartalarm.sleep import stored

steady = settings(derandomize=True, deadline=None, database=None)  # the machine may be busy

COUNTS = st.one_of(st.none(), st.floats(0, 100_000, allow_subnormal=False))
RATES = st.one_of(st.none(), st.floats(25, 250))
CODES = st.lists(st.integers(0, 0xFFFF), max_size=50).map(lambda codes: array("H", codes))


@steady
@given(COUNTS)
def test_a_count_comes_back_within_half_a_hundredth_or_four_hundredths_of_a_percent(count: float | None) -> None:
    """Whichever is more; the model looks at logarithms of counts."""
    back = stored.code_to_count(stored.count_to_code(count))
    if count is None or back is None:
        assert back is count
    else:
        assert math.isclose(back, count, rel_tol=0.0004, abs_tol=0.005 + 1e-9)


@pytest.mark.parametrize("count", [0, 0.01, 3.07, 6.14, 42.98, 163.83, 163.8, 267.1, 1638.3, 1639, 16383, 16390, 100_000])
def test_short_counts_come_back_as_they_are(count: float) -> None:
    """Up to 163.83 to the hundredth, whole ones up to 16,383."""
    assert stored.code_to_count(stored.count_to_code(count)) == count


@steady
@given(st.integers(2500, 25_000))
def test_a_heart_rate_is_exact_to_the_hundredth(hundredths: int) -> None:
    """25 to 250 beats a minute."""
    assert stored.code_to_rate(stored.rate_to_code(hundredths / 100)) == hundredths / 100


def test_what_does_not_fit_is_refused() -> None:
    """The wire's own limit is lower."""
    with pytest.raises(ValueError, match="at most"):
        stored.count_to_code(200_000)


@steady
@given(st.lists(COUNTS, max_size=50), st.lists(RATES, max_size=50))
def test_no_reading_is_taken_for_a_missing_epoch(counts: list[float | None], rates: list[float | None]) -> None:
    """Whatever it is, its epoch was sent."""
    assert stored.came(map(stored.count_to_code, counts)) == len(counts)
    assert stored.came(map(stored.rate_to_code, rates)) == len(rates)


@steady
@given(CODES)
def test_codes_come_back_from_text(codes: "array[int]") -> None:
    """Every one, in order; the text is plain ASCII without quotes, so that JSON adds nothing to it."""
    text = stored.codes_to_text(codes)
    assert stored.text_to_codes(text) == codes
    assert text.isascii()
    assert '"' not in text
    assert "\\" not in text


@steady
@given(st.lists(st.sampled_from([*STAGES, None]), max_size=50), st.lists(st.integers(0, 100), max_size=50))
def test_stages_and_shares_come_back_from_text(stages: list[Stage | None], hundredths: list[int]) -> None:
    """Shares to the hundredth, None as None."""
    assert stored.text_to_stages(stored.stages_to_text(stages)) == tuple(stages)
    assert [stored.code_to_stage(stored.stage_to_code(stage)) for stage in stages] == stages
    shares = [None, *(hundredth / 100 for hundredth in hundredths)]
    assert stored.text_to_shares(stored.shares_to_text(shares)) == tuple(shares)


@pytest.mark.parametrize("text", ["", "x", '"', "00000", "ä"])
def test_what_is_no_packed_signal_is_told(text: str) -> None:
    """As a ValueError."""
    with pytest.raises(ValueError, match="packed"):
        stored.text_to_codes(text)


@steady
@given(CODES, st.integers(0, 60), st.lists(st.integers(0, stored.EMPTY), min_size=1, max_size=20))
def test_a_batch_adds_and_never_changes(codes: "array[int]", first: int, sent: list[int]) -> None:
    """A reading stays; an empty epoch is filled; the same batch again changes nothing."""
    merged = stored.merged(codes, first, sent)
    assert len(merged) == max(len(codes), first + len(sent))
    for index, code in enumerate(merged):
        before = codes[index] if index < len(codes) else stored.MISSING
        now = sent[index - first] if 0 <= index - first < len(sent) else stored.MISSING
        assert code == (before if before < stored.EMPTY else min(before, now))
    assert stored.merged(merged, first, sent) == merged


@steady
@given(st.permutations([(0, 5), (5, 3), (8, 10), (30, 4), (3, 9)]))
def test_the_order_in_which_batches_come_means_nothing(batches: list[tuple[int, int]]) -> None:
    """As long as they say the same of the same epoch."""
    codes: array[int] = array("H")
    for first, length in batches:
        codes = stored.merged(codes, first, range(first, first + length))
    expected = [*range(18), *[stored.MISSING] * 12, *range(30, 34)]
    assert list(codes) == expected


def test_values_are_as_long_as_the_night() -> None:
    """Also when a signal was never sent, or ends before the others."""
    codes = array("H", [100, stored.EMPTY, stored.MISSING, 200])
    assert stored.to_values(codes, stored.code_to_rate, 6) == (1.0, None, None, 2.0, None, None)
    assert stored.to_values(array("H"), stored.code_to_rate, 2) == (None, None)

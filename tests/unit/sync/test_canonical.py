"""Canonical JSON: one text for one value, as a real ECMAScript engine writes it, and nothing that breaks a reader."""

import json
import math
import random
import shutil
import struct
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.sync.canonical import MAX_DEPTH, NotCanonical, canonical_json, normalized, utf16_key
from tests.unit.sync.strategies import json_values, steady

ENGINE = """
const sorted = (v) => v === null || typeof v !== "object" ? JSON.stringify(v)
  : Array.isArray(v) ? `[${v.map(sorted).join(",")}]`
  : `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${sorted(v[k])}`).join(",")}}`;
const values = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(values.map(sorted)));
"""
finite = st.floats(allow_nan=False, allow_infinity=False)


def numbers_of_all_sizes(count: int) -> list[float]:
    """Doubles of random bits, and rounder ones around the places where the layout changes."""
    chance = random.Random(8785)  # noqa: S311  a sample, not a secret
    bits = (struct.unpack(">d", chance.randbytes(8))[0] for _ in range(count))
    near = (round(chance.uniform(-10, 10), chance.randint(0, 16)) * 10.0 ** chance.randint(-9, 22) for _ in range(count))
    powers = (10.0**exponent for exponent in range(-330, 309))
    return [number for number in (*bits, *near, *powers, 5e-324, -0.0, 2.0**53) if math.isfinite(number)]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
def test_values_are_written_as_an_ecmascript_engine_writes_them() -> None:
    """RFC 8785 is JSON.stringify with sorted names: 20,000 numbers, and texts and objects of all planes."""
    chance = random.Random(3)  # noqa: S311  a sample, not a secret
    planes = [0x00, 0x1F, 0x20, 0x22, 0x5C, 0x7F, 0x80, 0x2028, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF]
    texts = ["".join(chr(chance.choice(planes)) for _ in range(chance.randint(0, 4))) for _ in range(500)]
    objects = [{name: [text] for name, text in zip(texts[i : i + 5], texts, strict=False)} for i in range(0, 500, 5)]
    integers = [2**53 + 1, -(2**63), 10**21, 10**20, 123456789012345678901234567890]
    values: list[Any] = [*numbers_of_all_sizes(10_000), *integers, *texts, *objects]
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, "-e", ENGINE], input=json.dumps(values).encode(), capture_output=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == [canonical_json(value) for value in values]


@steady
@given(json_values)
def test_what_is_normalised_stays_as_it_is(value: Any) -> None:
    """And has the canonical text of what it was."""
    once = normalized(value)
    assert canonical_json(value) == canonical_json(once)
    assert repr(once) == repr(normalized(once))


@steady
@given(finite)
def test_a_number_reads_back_as_the_same_double(number: float) -> None:
    """Zero has one sign."""
    assert number == float(canonical_json(number))
    assert canonical_json(number) == canonical_json(json.loads(canonical_json(number)))


@steady
@given(st.integers())
def test_a_whole_number_is_the_double_that_ecmascript_would_read(number: int) -> None:
    """Beyond 2^53 some are the same."""
    assert canonical_json(float(number)) == canonical_json(number)


@steady
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_are_ordered_by_utf16_code_units(one: str, other: str) -> None:
    """Unit by unit, as ECMAScript compares them."""
    units = [[int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)] for raw in (utf16_key(one), utf16_key(other))]
    assert (units[0] < units[1]) == (utf16_key(one) < utf16_key(other))
    if all(ord(c) < 0xD800 for c in one + other):
        assert (one < other) == (utf16_key(one) < utf16_key(other))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(10**309), [{"a": math.inf}]])
def test_a_number_that_is_not_finite_is_refused(value: Any) -> None:
    """1e400 is read as infinite, here as there."""
    with pytest.raises(NotCanonical, match="finite"):
        canonical_json(value)


@pytest.mark.parametrize("value", ["\ud83d", "a\ude00b", ["\udfff"], {"\ud800": 1}, {"a": {"\udc00": 1}}])
def test_a_lone_surrogate_is_refused(value: Any) -> None:
    """In texts and names; RFC 8785 3.2.2.2 asks for an error."""
    with pytest.raises(NotCanonical, match="surrogate"):
        canonical_json(value)


@pytest.mark.parametrize("value", [b"bytes", {1: 2}, {1, 2}, object()])
def test_what_is_not_json_is_refused(value: Any) -> None:
    """Names that are no texts included."""
    with pytest.raises(NotCanonical):
        canonical_json(value)


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 100_000])
@pytest.mark.parametrize("is_object", [False, True])
def test_deep_nesting_is_refused_before_it_is_walked(levels: int, *, is_object: bool) -> None:
    """However deep, the stack is not."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value} if is_object else [value]
    with pytest.raises(NotCanonical, match="32 levels"):
        canonical_json(value)
    while not isinstance(value, int):  # taken apart here: Python would do it deeper and deeper
        value = value["a"] if is_object else value[0]


def test_a_very_long_text_is_no_trouble() -> None:
    """Length is the kind's business."""
    assert len(canonical_json("\0" * 1_000_000)) == 2 + 6_000_000

"""A document's fields as an attribute: plain while they are short, packed when they are long, always the same again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.adapters.dynamo.rows import PACKED_FROM_BYTES, fields_to_value, value_to_fields
from smartalarm.adapters.entropy import SystemEntropy
from smartalarm.errors import TooLarge

ENTRY = {"at": "2026-12-01T06:00:00.123Z", "event": "accepted", "device_id": "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60"}


def test_a_ledger_of_a_whole_night_stays_within_the_first_kilobyte() -> None:
    """Sixty lines are over 6 KB of JSON; a transaction would pay for twelve units instead of two."""
    fields = {"ledger": [{**ENTRY, "at": f"2026-12-01T06:{i:02}:{i * 7 % 60:02}.{i * 37 % 1000:03}Z"} for i in range(60)]}
    assert len(json.dumps(fields)) > 6 * 1024
    assert len(fields_to_value(fields)["B"]) < 900


def test_short_fields_stay_readable() -> None:
    """Packing would gain nothing: the first kilobyte is paid for anyway."""
    assert fields_to_value({"label": "Work"}) == {"S": '{"label":"Work"}'}


def test_what_packing_would_lengthen_stays_as_it_is() -> None:
    """Random characters of many kinds, for one."""
    text = "".join(chr(0x4E00 + byte * 80) for byte in SystemEntropy().token(180).encode())
    value = fields_to_value({"text": text})
    assert value_to_fields(value) == {"text": text}


def test_a_document_written_before_packing_is_read() -> None:
    """Long ones stand in tables as text until they are written again."""
    long = {"text": "u" * PACKED_FROM_BYTES}
    assert value_to_fields({"S": json.dumps(long)}) == long


def test_the_limit_counts_what_is_said_and_not_how_it_is_packed() -> None:
    """The same document must fit into every store."""
    with pytest.raises(TooLarge):
        fields_to_value({"text": "u" * 410_000})


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.lists(st.text(max_size=300))), max_size=30))
def test_fields_are_the_same_again(fields: dict[str, object]) -> None:
    """Whatever they are."""
    assert value_to_fields(fields_to_value(fields)) == json.loads(json.dumps(fields))

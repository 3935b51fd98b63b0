"""What is refused before the merge, and what the kinds are made of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.accounts.profile import Preferences
from smartalarm.alarms.alarm import AlarmChange
from smartalarm.ringing.device import NewDevice
from smartalarm.sync.clock import Stamp, unix_ms
from smartalarm.sync.kinds import READ_ONLY, WRITABLE
from smartalarm.sync.mutation import Mutation, Rejection, admit
from tests.unit.sync.strategies import NOW, clocks, clocks_far_and_near, field_sets, json_values, steady

CLOCK = str(Stamp(unix_ms(NOW), 0, "phone"))


def test_the_fields_of_a_kind_are_those_of_its_resource() -> None:
    """What PATCH takes is what sync takes, and `deleted` where there is a DELETE."""
    assert WRITABLE["alarm"] == {*AlarmChange.model_fields, "deleted"}
    assert WRITABLE["settings"] == set(Preferences.model_fields)
    assert WRITABLE["profile"] == {"name", "locale", "time_zone"}
    assert WRITABLE["device"] == {*NewDevice.model_fields, "deleted"}
    assert not READ_ONLY & WRITABLE.keys()


@steady
@given(field_sets, clocks)
def test_a_good_mutation_is_admitted_with_its_values_normalised(fields: dict[str, Any], clock: str) -> None:
    """Once, for good: admitting it again changes nothing."""
    admitted = admit(Mutation("m", "alarm", "one", fields, clock), now=NOW)
    assert isinstance(admitted, Mutation)
    assert repr(admitted) == repr(admit(admitted, now=NOW))


def test_values_are_kept_as_ecmascript_reads_them() -> None:
    """-0.0 is 0, 30.0 is 30, and beyond 2^53 it is the double."""
    fields = json.loads('{"smart_wake_minutes": -0.0, "snooze": {"minutes": 30.0, "limit": 9007199254740993}}')
    admitted = admit(Mutation("m", "alarm", "one", fields, CLOCK), now=NOW)
    assert isinstance(admitted, Mutation)
    assert json.dumps(admitted.fields) == '{"smart_wake_minutes": 0, "snooze": {"limit": 9007199254740992, "minutes": 30}}'


@steady
@given(
    st.text(max_size=12),
    st.text(max_size=30) | clocks_far_and_near,
    st.dictionaries(st.text(max_size=8), json_values, max_size=3),
)
def test_nothing_makes_it_fail(kind: str, clock: str, fields: dict[str, Any]) -> None:
    """Whatever texts a client sends, lone surrogates included."""
    for tried in (kind, "alarm", "skip"):
        assert isinstance(admit(Mutation("m", tried, "one", fields, clock), now=NOW), Mutation | Rejection)


@pytest.mark.parametrize(
    ("mutation", "rejection"),
    [
        (Mutation("m", "alien", "one", {}, "never"), Rejection("unknown_kind", "/kind")),
        (Mutation("m", "occurrence", "one", {}, "never"), Rejection("read_only_kind", "/kind")),
        (Mutation("m", "alarm", "one", {}, "never"), Rejection("invalid_clock", "/clock")),
        (Mutation("m", "alarm", "one", {"x": 1}, "0000000000000-0000-a"), Rejection("expired", "/clock")),
        (Mutation("m", "alarm", "one", {}, CLOCK), Rejection("no_fields", "/fields")),
        (
            Mutation("m", "alarm", "one", {"label": float("inf"), "a~/": 1}, CLOCK),
            Rejection("unknown_field", "/fields/a~0~1"),
        ),
        (Mutation("m", "alarm", "one", {"label": float("inf")}, CLOCK), Rejection("invalid_value", "/fields/label")),
    ],
)
def test_the_first_reason_is_told(mutation: Mutation, rejection: Rejection) -> None:
    """Kind, clock, names, values."""
    assert rejection == admit(mutation, now=NOW)

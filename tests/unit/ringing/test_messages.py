"""The body of a ring message: every timer survives it, and nothing else gets through."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.errors import Malformed
from smartalarm.ports import Timer
from smartalarm.ringing.messages import body_to_timers, timers_to_body

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
TIMER = Timer("ring:1", "ada", NOW, "ring", "alarm-1", 3, NOW)

instants = st.datetimes(timezones=st.just(UTC))
timers = st.builds(
    Timer, st.text(), st.text(), instants, st.text(), st.text(), st.integers(0, 2**62), instants, handed_at=st.none()
)


@given(st.lists(timers, max_size=3), st.integers(1, 1000))
def test_what_was_written_is_read(carried: list[Timer], attempt: int) -> None:
    """Any text, any instant, to the microsecond; and the body is plain ASCII."""
    body = timers_to_body(carried, attempt)
    assert body.isascii()
    assert body_to_timers(body) == (carried, attempt)


def test_who_took_a_timer_does_not_travel() -> None:
    """So the sweep's message and the direct one carry equal timers, and a batch runs them once."""
    assert timers_to_body([replace(TIMER, handed_at=NOW)]) == timers_to_body([TIMER])


def test_25_timers_with_real_names_take_a_few_kilobytes() -> None:
    """Far from what a queue takes."""
    uuid = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
    timer = Timer(f"ring:{uuid}", uuid, NOW, "ring", f"{uuid}:2026-12-01T06:00:00.000Z", 12, NOW)
    assert len(timers_to_body([timer] * 25)) < 6_000


def body(**changes: Any) -> str:
    """A good body with some parts changed."""
    return json.dumps({**json.loads(timers_to_body([TIMER])), **changes})


ROW = json.loads(timers_to_body([TIMER]))["timers"][0]


@pytest.mark.parametrize(
    "poisoned",
    [
        "",
        "not json",
        "null",
        "7",
        "[]",
        "{}",
        "[" * 100_000,
        body(v=2),
        body(v=None),
        body(attempt=0),
        body(attempt="1"),
        body(attempt=True),
        body(timers=None),
        body(timers={"a": 1}),
        body(timers=["a timer"]),
        body(timers=[[]]),
        body(timers=[ROW[:-1]]),
        body(timers=[[*ROW, 1]]),
        body(timers=[[None, *ROW[1:]]]),
        body(timers=[[*ROW[:2], "2026", *ROW[3:]]]),
        body(timers=[[*ROW[:2], 1.5, *ROW[3:]]]),
        body(timers=[[*ROW[:2], True, *ROW[3:]]]),
        body(timers=[[*ROW[:2], 10**30, *ROW[3:]]]),
    ],
)
def test_a_poisoned_body_is_malformed(poisoned: str) -> None:
    """One error for all of them, so that the queue can park the message; it quotes nothing of the body."""
    with pytest.raises(Malformed) as raised:
        body_to_timers(poisoned)
    assert raised.value.code == "ring_message"
    assert "ada" not in str(raised.value)

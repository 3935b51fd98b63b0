"""Tellings: ids survive the way, nothing that a person wrote goes with them, and no payload is too long for NOTIFY."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.errors import Malformed
from smartalarm.ports import Connection
from smartalarm.ringing.notices import ring_message, stop_message
from smartalarm.ringing.tellings import (
    MAX_PAYLOAD_BYTES,
    Telling,
    message_to_telling,
    payload_to_tellings,
    tellings_to_payloads,
)
from tests.contract.samples import NOW
from tests.unit.ringing.told import occurrence

SOCKET = Connection("socket-1", "ann", "phone", NOW, "host-b")

ids = st.text(max_size=60)
tellings = st.builds(Telling, st.sampled_from(["ring", "stop", "poke"]), ids, ids, st.integers(0, 3), ids)


@given(st.lists(tellings, max_size=60))
def test_what_is_told_is_heard_in_order_and_fits(told: list[Telling]) -> None:
    """Any ids; each payload is plain ASCII of less than 8000 bytes and names the places of what it carries."""
    payloads = tellings_to_payloads(told)
    assert [telling for payload, _ in payloads for telling in payload_to_tellings(payload)] == told
    assert [place for _, places in payloads for place in places] == list(range(len(told)))
    assert all(len(payload) <= MAX_PAYLOAD_BYTES and payload.isascii() for payload, _ in payloads)


def test_forty_sockets_share_a_payload() -> None:
    """A burst takes few notices."""
    uuid = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
    assert len(tellings_to_payloads([Telling("ring", uuid, f"{uuid}:20261201T060000Z", 0, uuid)] * 40)) == 1


def test_a_ring_and_a_stop_become_ids_alone() -> None:
    """The label stays at home; an answer of a conversation never travels."""
    ringing = occurrence("ringing", label="Oncology at nine")
    told = [
        message_to_telling(SOCKET, ring_message(ringing, rung=2)),
        message_to_telling(SOCKET, stop_message(ringing, "tablet")),
        message_to_telling(SOCKET, {"type": "poke", "cursor": "12"}),
    ]
    assert told == [
        Telling("ring", "ann", ringing.id, 2, "socket-1"),
        Telling("stop", "ann", ringing.id, 0, "socket-1"),
        Telling("poke", "ann", "12", 0, "socket-1"),
    ]
    assert "Oncology" not in tellings_to_payloads([one for one in told if one])[0][0]
    assert message_to_telling(SOCKET, {"type": "hello", "connection_id": "socket-1"}) is None


GOOD = ["ring", "ann", "alarm:1", 0, "socket-1"]


@pytest.mark.parametrize(
    "payload",
    ["", "no json", "{}", "7", "[7]", "[[]]", json.dumps([["hello", *GOOD[1:]]]), json.dumps([[*GOOD[:3], True, "s"]])],
)
def test_anything_else_is_refused(payload: str) -> None:
    """Everybody who may connect to the database may send notices."""
    with pytest.raises(Malformed):
        payload_to_tellings(payload)

"""GET /api/v1/sync/pull through the front door: what changed, what comes, and cursors that cannot be gone on from."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.ports import Cursor, Store
from smartalarm.sync.changes import LIVE, ShownAs
from tests.fakes import memory_world
from tests.functions.front_door import FrontDoor
from tests.functions.pulling import Client

DAILY = {"label": "Work", "schedule": {"start": "2026-11-30T08:00:00", "rrule": "FREQ=DAILY"}}
DEVICE = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60"
DAY = 86_400


@pytest.fixture
def token(door: FrontDoor) -> str:
    """Ana, signed in."""
    signed_in: str = door.register()["access_token"]
    return signed_in


def test_a_first_pull_gives_everything_a_client_knows(door: FrontDoor, token: str) -> None:
    """Profile, settings, the alarm and its two coming occurrences, with the zone's table."""
    alarm = door.json("POST", "/alarms", DAILY, status=201, token=token)
    client = Client(door, token)
    client.pull()
    assert sorted({kind for kind, _ in client.known}) == ["alarm", "occurrence", "profile", "settings"]
    assert client.known["alarm", alarm["id"]]["fields"]["label"] == "Work"
    assert client.known["profile", "me"]["fields"]["email"] == "ana@example.com"
    assert client.coming() == ["2026-12-01T08:00:00+01:00", "2026-12-02T08:00:00+01:00"]
    assert list(client.zones) == ["Europe/Madrid"]
    assert client.zones["Europe/Madrid"][0] == [1806195600000, 3600]  # 28 March 2027, 01:00 UTC


def test_a_later_pull_gives_only_what_changed(door: FrontDoor, token: str) -> None:
    """Nothing, and then the alarm that was changed by a REST call, with what is to come of it."""
    alarm = door.json("POST", "/alarms", DAILY, status=201, token=token)
    client = Client(door, token)
    client.pull()
    assert client.pull() == []
    door.json("PATCH", f"/alarms/{alarm['id']}", {"label": "Later"}, token=token)
    items = client.pull()
    assert [item["kind"] for item in items] == ["alarm", "occurrence", "occurrence"]
    assert {item["fields"]["label"] for item in items} == {"Later"}


def test_a_skip_is_told_with_its_occurrence(door: FrontDoor, token: str) -> None:
    """The skip document, and the occurrence that will be left out, with the reason."""
    alarm = door.json("POST", "/alarms", DAILY, status=201, token=token)
    client = Client(door, token)
    client.pull()
    named = {"occurrence_id": f"{alarm['id']}:20261202T070000Z"}
    door.json("POST", f"/alarms/{alarm['id']}/skip", named, token=token)
    client.pull()
    assert client.known["skip", named["occurrence_id"]]["fields"] == {"skipped": True}
    left_out = client.known["occurrence", named["occurrence_id"]]["fields"]
    assert (left_out["status"], left_out["reason"], left_out["state"]) == ("skipped", "You skipped this one.", "pending")


def test_time_alone_brings_what_comes_into_the_window(door: FrontDoor, token: str, advance: Callable[[float], None]) -> None:
    """A day later the next day's occurrence is told, and only that."""
    door.json("POST", "/alarms", DAILY, status=201, token=token)
    client = Client(door, token)
    client.pull()
    advance(DAY - 600)
    client = _again(client, door)
    assert [item["fields"]["local"] for item in client.pull()] == ["2026-12-03T08:00:00+01:00"]


@pytest.mark.parametrize(
    "change",
    [
        {"schedule": {"start": "2026-11-30T09:30:00", "rrule": "FREQ=DAILY"}},
        {"enabled": False},
        {"time_zone": "America/New_York"},
        None,
    ],
)
def test_what_an_alarm_takes_back_is_told_as_deleted(door: FrontDoor, token: str, change: Any) -> None:
    """Another time, off, another zone, deleted: a client that only follows the changes knows what a new one knows."""
    alarm = door.json("POST", "/alarms", DAILY, status=201, token=token)
    client, fresh = Client(door, token), Client(door, token)
    client.pull()
    if change is None:
        door.json("DELETE", f"/alarms/{alarm['id']}", status=204, token=token)
    else:
        door.json("PATCH", f"/alarms/{alarm['id']}", change, token=token)
    client.pull()
    fresh.pull()
    assert client.known == fresh.known
    assert not any("T08:00:00+01:00" in local for local in client.coming())


def test_a_journey_moves_what_comes(door: FrontDoor, token: str) -> None:
    """Alarms that follow their user ring by the new zone's clocks; what was told of the old one is taken back."""
    door.json("POST", "/alarms", DAILY, status=201, token=token)
    client, fresh = Client(door, token), Client(door, token)
    client.pull()
    door.json("PATCH", "/me", {"time_zone": "Asia/Tokyo"}, token=token)
    client.pull()
    fresh.pull()
    assert client.known == fresh.known
    assert client.coming() == ["2026-12-02T08:00:00+09:00", "2026-12-03T08:00:00+09:00"]
    assert "Asia/Tokyo" in client.zones


@pytest.mark.parametrize("cursor", ["1", "", "nonsense", "AAAA", "ü", "0" * 2000, "W10"])
def test_a_cursor_that_nobody_gave_is_gone(door: FrontDoor, token: str, cursor: str) -> None:
    """410: the client drops what it pulled and begins anew."""
    answer = door.json("GET", f"/sync/pull?cursor={quote(cursor)}", token=token, status=410)
    assert answer["code"] == "unknown_cursor"


def test_a_cursor_of_another_account_is_gone(door: FrontDoor, token: str) -> None:
    """It names another history."""
    client = Client(door, token)
    client.pull()
    other = door.register("ben@example.com")["access_token"]
    door.json("GET", f"/sync/pull?cursor={client.cursor}", token=other, status=410)


def test_a_cursor_older_than_tombstones_live_is_gone(door: FrontDoor, token: str, advance: Callable[[float], None]) -> None:
    """After 90 days what was deleted in the meantime may be forgotten."""
    client = Client(door, token)
    client.pull()
    advance(89 * DAY)
    door.json("GET", f"/sync/pull?cursor={client.cursor}", token=_token_of(door))
    advance(2 * DAY)
    answer = door.json("GET", f"/sync/pull?cursor={client.cursor}", token=_token_of(door), status=410)
    assert answer["code"] == "expired_cursor"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "colour=red", "zone=Mars", "zone=" + "UTC," * 6])
def test_a_wrong_parameter_is_named(door: FrontDoor, token: str, query: str) -> None:
    """422, as everywhere."""
    door.json("GET", f"/sync/pull?{query}", token=token, status=422)


def test_zones_may_be_asked_for(door: FrontDoor, token: str) -> None:
    """An editor previews in a zone that no alarm has yet."""
    answer = door.json("GET", "/sync/pull?cursor=0&zone=Asia/Kolkata,UTC", token=token)
    assert {name: table[0][1] for name, table in answer["zones"].items()} == {
        "Asia/Kolkata": 19_800,
        "Europe/Madrid": 3_600,
        "UTC": 0,
    }


def test_every_item_has_the_fields_that_its_model_describes() -> None:
    """What is sent as it is stored, is what openapi.json says, neither more nor less."""
    door = FrontDoor(memory_world(vapid_private_key=SecretStr(generate_vapid_keys()[1])))
    token = door.register()["access_token"]
    alarm = door.json("POST", "/alarms", DAILY, status=201, token=token)
    named = {"occurrence_id": f"{alarm['id']}:20261202T070000Z"}
    door.json("POST", f"/alarms/{alarm['id']}/skip", named, token=token)
    device = {"name": "Phone", "platform": "android", "ring": "always", "push_subscription": None}
    door.json("PUT", f"/devices/{DEVICE}", device, token=token)
    client = Client(door, token)
    client.pull()
    assert {kind for kind, _ in client.known} == set(LIVE)
    for (kind, _), item in client.known.items():
        (shown,) = [one for one in LIVE[kind].model_fields["fields"].metadata if isinstance(one, ShownAs)]
        shown.model.model_validate(item["fields"])
        assert set(item["fields"]) == set(shown.model.model_fields), kind


def test_nothing_internal_is_pulled(door: FrontDoor, token: str) -> None:
    """Neither a test push's occurrence nor a field that nobody named."""
    user = door.json("GET", "/me", token=token)["id"]
    store = door.world.get(Store)
    assert {document.kind for document in store.changes(user, Cursor(), 100).items} == {"profile", "settings"}
    client = Client(door, token)
    client.pull()
    assert set(client.known["profile", "me"]["fields"]) == {"email", "name", "locale", "time_zone"}


def _token_of(door: FrontDoor) -> str:
    """A new access token: those live for minutes."""
    token: str = json.loads(door.log_in().body)["access_token"]
    return token


def _again(client: Client, door: FrontDoor) -> Client:
    """The same client, signed in anew."""
    following = Client(door, _token_of(door))
    following.cursor, following.known = client.cursor, client.known
    return following


def test_more_than_can_be_noted_begins_the_client_anew(door: FrontDoor, token: str) -> None:
    """An alarm of six hundred rings a day is taken back: who knew them is told 410, and from 0 all is well."""
    minutes = ",".join(map(str, range(60)))
    rule = f"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE={minutes}"
    many = {"label": "Many", "schedule": {"start": "2026-11-30T00:00:00", "rrule": rule}}
    alarm = door.json("POST", "/alarms", many, status=201, token=token)
    client, fresh = Client(door, token), Client(door, token)
    client.pull()
    assert len(client.coming()) > 1000
    assert client.pages > 5
    door.json("PATCH", f"/alarms/{alarm['id']}", {"enabled": False}, token=token)
    gone = door.json("GET", f"/sync/pull?cursor={client.cursor}", token=token, status=410)
    assert gone["code"] == "expired_cursor"
    fresh.pull()
    assert fresh.coming() == []
    assert fresh.pull() == []

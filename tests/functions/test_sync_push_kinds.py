"""Skips, settings, profile and devices by push."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.alarms.skips import MAX_SKIPS
from smartalarm.errors import Invalid
from smartalarm.ports import Commit, Put
from smartalarm.ringing.devices import MAX_DEVICES
from tests.functions.pushing import ALARM, DEVICE, clock_at, mutation, push, stored, told
from tests.stage import Stage

SUBSCRIPTION = {"endpoint": "https://push.example/tablet", "keys": {"p256dh": "x", "auth": "y"}}


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user and a phone."""
    made = Stage()
    made.sign_up(time_zone="Europe/Madrid")
    made.add_phone()
    return made


@pytest.fixture
def user(stage: Stage) -> str:
    """Their id."""
    user_id: str = stage.call("GET", "/me")["id"]
    return user_id


def write(stage: Stage, kind: str, entity_id: str, counter: int = 0, **fields: Any) -> dict[str, Any]:
    """A mutation made now."""
    return mutation(kind, entity_id, clock_at(stage.clock.now(), counter=counter), **fields)


def is_due(stage: Stage, alarm_id: str) -> bool:
    """Whether the alarm's next occurrence rings."""
    items = stage.call("GET", f"/alarms/{alarm_id}/occurrences?count=1")["items"]
    return bool(items) and items[0]["status"] == "will_ring"


# ---- skips


def test_a_skip_by_push_is_a_skip(stage: Stage) -> None:
    """The preview says so, nothing rings, and the history tells why; REST takes it back, and it rings."""
    alarm = stage.set_alarm(60)
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], skipped=True))) == ["applied"]
    assert not is_due(stage, alarm["id"])
    stage.call("POST", f"/alarms/{alarm['id']}/unskip", {"occurrence_id": alarm["next"]["id"]})
    assert is_due(stage, alarm["id"])
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], skipped=True))) == ["superseded"]
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], counter=9, skipped=True))) == ["applied"]
    stage.pass_time(90)
    assert stage.push_kinds() == []
    assert stage.occurrence(alarm["next"]["id"])["state"] == "skipped"


def test_an_unskip_by_push_rings(stage: Stage) -> None:
    """At the instant that REST had skipped."""
    alarm = stage.set_alarm(30)
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    stage.clock.advance(1)
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], skipped=False))) == ["applied"]
    stage.pass_time(40)
    assert stage.push_kinds() == ["ring"]


def test_a_skip_that_comes_before_its_alarm_counts(stage: Stage) -> None:
    """Both were made offline, and arrive in any order."""
    at = stage.clock.now() + timedelta(seconds=60)
    occurrence_id = f"{ALARM}:{at:%Y%m%dT%H%M%SZ}"
    start = {"start": at.replace(tzinfo=None).isoformat()}
    alarm = write(stage, "alarm", ALARM, label="Work", time_zone="UTC", schedule=start)
    assert told(push(stage, write(stage, "skip", occurrence_id, skipped=True), alarm)) == ["applied", "applied"]
    assert not is_due(stage, ALARM)
    stage.pass_time(90)
    assert (stage.push_kinds(), stage.occurrence(occurrence_id)["reason"]) == ([], "You skipped this one.")


@pytest.mark.parametrize("instant", ["20200101T060000Z", "20261201T055900Z", "99991231T235959Z", "00010101T000000Z"])
def test_a_skip_of_what_is_over_or_never_was_is_merged_and_changes_nothing(stage: Stage, user: str, instant: str) -> None:
    """It never fails: what it is of may have been different on the device."""
    for alarm_id in (stage.set_alarm(60)["id"], ALARM):
        occurrence_id = f"{alarm_id}:{instant}"
        assert told(push(stage, write(stage, "skip", occurrence_id, skipped=True))) == ["applied"]
        kept = stored(stage, user, "skip", occurrence_id)
        assert kept is not None
        assert kept.expires_at is not None
    stage.pass_time(70)
    assert stage.push_kinds() == ["ring"]


def test_a_late_skip_does_not_stop_what_rings(stage: Stage) -> None:
    """An occurrence becomes skipped only when its instant passes without a ring."""
    alarm = stage.set_alarm(10)
    stage.pass_time(15)
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], skipped=True))) == ["applied"]
    stage.pass_time(5)
    assert (stage.push_kinds(), stage.occurrence(alarm["next"]["id"])["state"]) == (["ring"], "ringing")


def test_a_skip_of_a_ring_that_is_just_being_claimed_stops_it(stage: Stage) -> None:
    """As by REST, in the last second."""
    alarm = stage.set_alarm(10)
    stage.pass_time(9.5)
    assert told(push(stage, write(stage, "skip", alarm["next"]["id"], skipped=True))) == ["applied"]
    stage.pass_time(5)
    assert stage.occurrence(alarm["next"]["id"])["state"] != "ringing"


def test_one_skip_too_many_is_refused(stage: Stage, user: str) -> None:
    """Those that are there can be changed."""
    store = stage.injector.get(ports.Store)
    ids = [f"{ALARM}:{datetime(2027, 1, 1) + timedelta(minutes=i):%Y%m%dT%H%M%SZ}" for i in range(MAX_SKIPS + 1)]  # noqa: DTZ001
    for start in range(0, MAX_SKIPS, 20):
        writes = tuple(Put("skip", one, {"skipped": True}) for one in ids[start : min(start + 20, MAX_SKIPS)])
        store.commit(Commit(user, stage.clock.now(), writes=writes))
    sent = [write(stage, "skip", one, skipped=False) for one in (ids[-1], ids[0])]
    assert told(push(stage, *sent)) == ["quota /kind", "applied"]


# ---- settings and profile


def test_settings_are_merged_field_by_field(stage: Stage) -> None:
    """Two devices change two of them; PATCH /me replaces all, and what is written after that wins again."""
    assert told(push(stage, write(stage, "settings", "me", theme="dark"))) == ["applied"]
    assert told(push(stage, write(stage, "settings", "me", larger_text=True, language="pt-BR"))) == ["applied"]
    settings = stage.call("GET", "/me")["settings"]
    assert (settings["theme"], settings["larger_text"], settings["language"]) == ("dark", True, "pt-BR")
    early = write(stage, "settings", "me", high_contrast=True)
    stage.clock.advance(60)
    assert stage.call("PATCH", "/me", {"settings": {"theme": "light"}})["settings"]["larger_text"] is False
    assert told(push(stage, early)) == ["superseded"]
    assert told(push(stage, write(stage, "settings", "me", counter=9, high_contrast=True))) == ["applied"]
    settings = stage.call("GET", "/me")["settings"]
    assert (settings["theme"], settings["high_contrast"], settings["larger_text"]) == ("light", True, False)


def test_the_profile_is_merged_field_by_field(stage: Stage) -> None:
    """What it does not say stays; the address cannot be written."""
    assert (
        told(push(stage, write(stage, "profile", "me", name="Anna"), write(stage, "profile", "me", locale="es")))
        == ["applied"] * 2
    )
    me = stage.call("GET", "/me")
    assert (me["name"], me["locale"], me["time_zone"], me["email"]) == ("Anna", "es", "Europe/Madrid", "ann@example.org")
    early = write(stage, "profile", "me", name="Early", locale="pt-BR")
    stage.clock.advance(1)
    stage.call("PATCH", "/me", {"name": "Rest"})
    assert told(push(stage, early)) == ["merged"]
    assert (stage.call("GET", "/me")["name"], stage.call("GET", "/me")["locale"]) == ("Rest", "pt-BR")


def test_a_journey_by_push_moves_the_alarms_that_follow_it(stage: Stage) -> None:
    """As PATCH /me does."""
    start = (stage.clock.now() + timedelta(hours=10)).replace(tzinfo=None).isoformat()
    alarm = stage.call("POST", "/alarms", {"label": "Home", "schedule": {"start": start}}, status=201)
    assert told(push(stage, write(stage, "profile", "me", time_zone="Asia/Tokyo"))) == ["applied"]
    moved = stage.call("GET", f"/alarms/{alarm['id']}")["next"]
    before = datetime.fromisoformat(alarm["next"]["at"])
    assert before - datetime.fromisoformat(moved["at"]) == timedelta(hours=8)
    stage.pass_time((before - timedelta(hours=8) - stage.clock.now()).total_seconds() + 5)
    assert stage.push_kinds() == ["ring"]


# ---- devices


def test_a_device_by_push_is_a_device(stage: Stage) -> None:
    """It rings there; what is left out has its default; deleted it does not ring."""
    assert told(push(stage, write(stage, "device", DEVICE, name="Tablet", push_subscription=SUBSCRIPTION))) == ["applied"]
    view = stage.call("GET", f"/devices/{DEVICE}")
    assert (view["name"], view["platform"], view["ring"], view["push"]) == ("Tablet", "web", "always", "ok")
    stage.set_alarm(10)
    stage.pass_time(12)
    assert (stage.push_kinds("tablet"), stage.push_kinds()) == (["ring"], ["ring"])
    assert told(push(stage, write(stage, "device", DEVICE, deleted=True))) == ["applied"]
    stage.call("GET", f"/devices/{DEVICE}", status=404)
    stage.set_alarm(3600)
    stage.pass_time(3610)
    assert stage.push_kinds("tablet").count("ring") == 1


def test_a_device_without_a_name_is_not_one_yet(stage: Stage) -> None:
    """Until the name comes; then it was made just then."""
    assert told(push(stage, write(stage, "device", DEVICE, ring="backup"))) == ["applied"]
    assert DEVICE not in [item["id"] for item in stage.call("GET", "/devices")["items"]]
    stage.clock.advance(60)
    assert told(push(stage, write(stage, "device", DEVICE, name="Tablet"))) == ["applied"]
    view = stage.call("GET", f"/devices/{DEVICE}")
    assert (view["ring"], datetime.fromisoformat(view["created_at"])) == ("backup", stage.clock.now())


def test_putting_a_device_replaces_all_it_has_and_beats_what_was_written_before(stage: Stage) -> None:
    """An older delete too: a device that puts itself is there."""
    early = [write(stage, "device", DEVICE, deleted=True), write(stage, "device", DEVICE, ring="never")]
    stage.clock.advance(60)
    stage.call("PUT", f"/devices/{DEVICE}", {"name": "Tablet", "push_subscription": SUBSCRIPTION})
    assert told(push(stage, *early)) == ["superseded", "superseded"]
    stage.clock.advance(60)
    assert told(push(stage, write(stage, "device", DEVICE, ring="never"))) == ["applied"]
    view = stage.call("GET", f"/devices/{DEVICE}")
    assert (view["ring"], view["name"], view["push"]) == ("never", "Tablet", "ok")
    stage.clock.advance(1)
    stage.call("DELETE", f"/devices/{DEVICE}", status=204)
    assert told(push(stage, write(stage, "device", DEVICE, counter=9, deleted=False))) == ["applied"]
    assert stage.call("GET", f"/devices/{DEVICE}")["push"] == "none"


def test_a_lost_subscription_is_a_write_that_every_device_sees(stage: Stage, user: str) -> None:
    """It beats the subscription written before, and a new one written later beats it."""
    assert told(push(stage, write(stage, "device", DEVICE, name="Tablet", push_subscription=SUBSCRIPTION))) == ["applied"]
    same = write(stage, "device", DEVICE, push_subscription=SUBSCRIPTION)
    now = stage.clock.now()
    stage.push.answers["https://push.example/tablet"] = [ports.PushResult("gone", 410, now, "unknown")]
    stage.set_alarm(10)
    stage.pass_time(12)
    assert stage.call("GET", f"/devices/{DEVICE}")["push"] == "lost"
    kept = stored(stage, user, "device", DEVICE)
    assert kept is not None
    assert kept.fields["clocks"]["push_subscription"].endswith("-server")
    assert kept.fields["clocks"]["name"].endswith("-phone")
    assert told(push(stage, same)) == ["superseded"]
    assert told(push(stage, write(stage, "device", DEVICE, counter=9, push_subscription=SUBSCRIPTION))) == ["applied"]
    view = stage.call("GET", f"/devices/{DEVICE}")
    assert (view["push"], view["push_lost_at"]) == ("ok", None)


def test_a_subscription_that_reaches_nobody_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by PUT: at its own place in the mutation."""

    def check(_: ports.Subscription) -> None:
        raise Invalid.field("/push_subscription/endpoint", "must lie on a known push service's host")

    monkeypatch.setattr(stage.push, "check", check)
    sent = write(stage, "device", DEVICE, name="Tablet", push_subscription=SUBSCRIPTION)
    without = write(stage, "device", DEVICE, name="Tablet", push_subscription=None)
    assert told(push(stage, sent, without)) == ["invalid_value /fields/push_subscription/endpoint", "applied"]


def test_one_device_too_many_is_refused(stage: Stage, user: str) -> None:
    """Those that are there can be changed."""
    store = stage.injector.get(ports.Store)
    [phone] = stage.call("GET", "/devices")["items"]
    fields = store.get(user, "device", phone["id"]).fields
    for start in range(0, MAX_DEVICES - 1, 20):
        some = range(start, min(start + 20, MAX_DEVICES - 1))
        writes = tuple(Put("device", f"00000000-0000-4000-8000-{number:012}", fields) for number in some)
        store.commit(Commit(user, stage.clock.now(), writes=writes))
    stage.clock.advance(1)
    sent = [write(stage, "device", DEVICE, name="Tablet"), write(stage, "device", phone["id"], name="Mine")]
    assert told(push(stage, *sent)) == ["quota /kind", "applied"]

"""A device that stopped answering: GET /devices says so, and the others are told the evening before the next ring."""

from datetime import timedelta
from typing import Any

from smartalarm.ports import PushResult
from tests.stage import Stage

DAILY = {"rrule": "FREQ=DAILY"}
DAY = 24 * 3600.0


def two_phones(**roles: str) -> tuple[Stage, dict[str, str]]:
    """Somebody with a daily alarm, due in a minute, and two phones; their ids by name."""
    stage = Stage()
    stage.sign_up()
    phones = {name: stage.add_phone(name, ring=roles.get(name, "always")) for name in ("good", "bad")}
    start = (stage.clock.now() + timedelta(seconds=60)).replace(tzinfo=None, microsecond=0).isoformat()
    body = {"label": "Work", "time_zone": "UTC", "schedule": {"start": start, **DAILY}}
    stage.call("POST", "/alarms", body, status=201)
    stage.pass_time(30)
    return stage, phones


def answer(stage: Stage, *shown_by: str, seconds: float = 40) -> None:
    """The ring goes out; these phones show it, and the first of them dismisses it."""
    stage.pass_time(31)
    rings = [[push for push in stage.pushes(name) if push.body["type"] == "ring"][-1].body for name in shown_by]
    for ring in rings:
        path = ring["answer"]["url"].partition("/api/v1")[2]
        stage.call("POST", f"{path}/ack", {"event": "shown"}, authorization=f"Bearer {ring['answer']['token']}")
    stage.pass_time(seconds)
    path, token = rings[0]["answer"]["url"].partition("/api/v1")[2], rings[0]["answer"]["token"]
    stage.call("POST", f"{path}/dismiss", {}, authorization=f"Bearer {token}")
    stage.pass_time(5)


def until_next_ring(stage: Stage) -> None:
    """To half a minute before it, hours in which little happens."""
    stage.pass_time(DAY - 76)


def devices(stage: Stage) -> dict[str, Any]:
    """GET /devices by name."""
    return {item["name"]: item for item in stage.call("GET", "/devices")["items"]}


def test_a_device_that_shows_its_rings_is_ok_and_when_is_told() -> None:
    """By its own word, not by the push service's."""
    stage, _ = two_phones()
    assert [(one["health"], one["last_shown_at"]) for one in devices(stage).values()] == [("ok", None)] * 2
    answer(stage, "good", "bad")
    assert {one["health"] for one in devices(stage).values()} == {"ok"}
    assert all(one["last_shown_at"] for one in devices(stage).values())


def test_a_device_that_let_two_rings_pass_is_quiet_and_the_other_is_told_the_evening_before() -> None:
    """Once, and not at the ring that was just over."""
    stage, phones = two_phones()
    answer(stage, "good")
    assert devices(stage)["bad"]["health"] == "ok"  # one silence is a battery
    until_next_ring(stage)
    assert "readiness" not in stage.push_kinds("good")
    answer(stage, "good")
    stage.pass_time(60)
    found = devices(stage)
    assert (found["bad"]["health"], found["bad"]["last_shown_at"], found["good"]["health"]) == ("quiet", None, "ok")
    assert "readiness" not in stage.push_kinds("good")
    stage.pass_time(DAY / 2 + 60)
    told = [push.body for push in stage.pushes("good") if push.body["type"] == "readiness"]
    assert told == [{"type": "readiness", "device": {"id": phones["bad"], "name": "bad", "health": "quiet"}}]
    assert "readiness" not in stage.push_kinds("bad")


def test_a_device_that_stays_quiet_is_told_once() -> None:
    """Nobody needs to hear every evening that an old phone lies in a drawer."""
    stage, _ = two_phones()
    for _ in range(4):
        answer(stage, "good")
        until_next_ring(stage)
    assert stage.push_kinds("good").count("readiness") == 1


def test_a_device_that_answers_again_before_the_evening_is_not_reported() -> None:
    """A test push that arrives is its word, too."""
    stage, phones = two_phones()
    answer(stage, "good")
    until_next_ring(stage)
    answer(stage, "good")
    stage.pass_time(60)
    stage.call("POST", f"/devices/{phones['bad']}/test", status=202)
    stage.pass_time(2)
    tested = stage.pushes("bad")[-1].body
    path, token = tested["answer"]["url"].partition("/api/v1")[2], tested["answer"]["token"]
    stage.call("POST", f"{path}/ack", {"event": "shown"}, authorization=f"Bearer {token}")
    stage.pass_time(DAY / 2 + 60)
    assert devices(stage)["bad"]["health"] == "ok"
    assert "readiness" not in stage.push_kinds("good")


def test_a_device_that_never_rings_is_nobodys_worry() -> None:
    """It is not even sent the rings."""
    stage, _ = two_phones(bad="never")
    for _ in range(2):
        answer(stage, "good")
        until_next_ring(stage)
    assert devices(stage)["bad"]["health"] == "ok"
    assert "readiness" not in stage.push_kinds("good")


def test_a_ring_that_was_over_at_once_proves_nothing() -> None:
    """Its stop may have replaced it on the way to the phone that lay in a bag."""
    stage, _ = two_phones()
    for _ in range(3):
        answer(stage, "good", seconds=1)
        stage.pass_time(39)
        until_next_ring(stage)
    assert devices(stage)["bad"]["health"] == "ok"


def test_a_subscription_that_is_lost_is_told_the_others_the_evening_before() -> None:
    """And what was subscribed anew by then is not."""
    for is_renewed in (False, True):
        stage, phones = two_phones()
        stage.push.answers["https://push.example/bad"] = [PushResult("gone", 410, stage.clock.now(), "gone")]
        answer(stage, "good")
        assert devices(stage)["bad"]["health"] == "lost"
        assert "readiness" not in stage.push_kinds("good")
        if is_renewed:
            new = {"endpoint": "https://push.example/bad", "keys": {"p256dh": "x", "auth": "y"}}
            stage.call("PUT", f"/devices/{phones['bad']}", {"name": "bad", "push_subscription": new})
        stage.pass_time(DAY / 2 + 60)
        assert stage.push_kinds("good").count("readiness") == (0 if is_renewed else 1)


def test_a_new_subscription_is_judged_by_its_own_rings() -> None:
    """What the old one let pass is forgotten."""
    stage, phones = two_phones()
    answer(stage, "good")
    until_next_ring(stage)
    answer(stage, "good")
    stage.pass_time(60)
    assert devices(stage)["bad"]["health"] == "quiet"
    new = {"endpoint": "https://push.example/new", "keys": {"p256dh": "x", "auth": "y"}}
    renewed = stage.call("PUT", f"/devices/{phones['bad']}", {"name": "bad", "push_subscription": new})
    assert (renewed["health"], devices(stage)["bad"]["health"]) == ("ok", "ok")


def test_a_healthy_ring_writes_nothing_of_readiness() -> None:
    """No device is touched, and no timer set."""
    stage, phones = two_phones()
    before = [stage.call("GET", f"/devices/{phone}")["version"] for phone in phones.values()]
    answer(stage, "good", "bad")
    assert [stage.call("GET", f"/devices/{phone}")["version"] for phone in phones.values()] == before


def test_a_device_whose_app_is_open_is_not_looked_at() -> None:
    """The ring reached it by its socket, whatever became of the push."""
    stage, phones = two_phones()
    stage.open_socket(phones["bad"])
    for _ in range(2):
        answer(stage, "good")
        until_next_ring(stage)
    assert "readiness" not in stage.push_kinds("good")

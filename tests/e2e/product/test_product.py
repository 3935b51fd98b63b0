"""The main job on every host: the same tests and expectations, through HTTP, push and, where there are any, sockets."""

import json
import random
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests

from smartalarm.adapters.onnx import OnnxStager
from tests.e2e.client import Client, hear, rings
from tests.e2e.product.deployment import Deployment
from tests.e2e.product.far_alarm import FarAlarm

pytestmark = [pytest.mark.alone, pytest.mark.usefixtures("far_alarm")]  # it is set first and comes while the others pass
FIRING_SECONDS = 0.5
STOP_SECONDS = 10.0
PATIENCE_SECONDS = 10.0
NEAR_SECONDS = 20
CALLS = 40
PASSWORD = "correct horse battery"


@pytest.fixture
def person(deployment: Deployment) -> Client:
    """Somebody who has just signed up."""
    return Client(deployment.api_url)


def answer_to(deployment: Deployment, method: str, path: str, **given: Any) -> requests.Response:
    """One call without an account."""
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, f"{deployment.api_url}{path}", timeout=30, **given)


# ------------------------------------------------------------------------------------------------------------ accounts


def test_a_person_signs_in_stays_signed_in_and_leaves(deployment: Deployment, person: Client) -> None:
    """By tokens in the body, and by a browser's cookie that no script sees."""
    sign_in = {"email": person.email, "password": PASSWORD}
    signed_in = person.call("POST", "/auth/login", sign_in)
    renewed = person.call("POST", "/auth/refresh", {"refresh_token": signed_in["refresh_token"]})
    assert renewed["refresh_token"] != signed_in["refresh_token"]
    wrong = answer_to(deployment, "POST", "/api/v1/auth/login", json={**sign_in, "password": "wrong horse battery"})
    assert (wrong.status_code, wrong.json()["status"]) == (401, 401)

    with requests.Session() as browser:
        browser.trust_env = False
        url = f"{deployment.api_url}/api/v1/auth"
        assert browser.post(f"{url}/login?session=cookie", json=sign_in, timeout=30).json()["refresh_token"] is None
        kept = browser.post(f"{url}/refresh?session=cookie", json={}, timeout=30)
        headers = {"authorization": f"Bearer {kept.json()['access_token']}"}
        assert kept.status_code == 200
        assert browser.post(f"{url}/logout", json={}, headers=headers, timeout=30).status_code == 204
        assert browser.post(f"{url}/refresh?session=cookie", json={}, timeout=30).status_code == 204


def test_everything_somebody_owns_is_exported_and_erased(deployment: Deployment, person: Client) -> None:
    """One file with all of it; afterwards neither the token nor the password is worth anything."""
    person.subscribe(deployment.push)
    person.set_alarm(3600, label="Dentist")
    assert "Dentist" in json.dumps(person.call("GET", "/me/export"))
    person.call("DELETE", "/me", status=204)
    person.call("GET", "/me", status=401)
    gone = answer_to(deployment, "POST", "/api/v1/auth/login", json={"email": person.email, "password": PASSWORD})
    assert gone.status_code == 401


# ------------------------------------------------------------------------------------------------------------- planning


def test_what_will_ring_is_previewed_and_one_of_it_skipped(person: Client) -> None:
    """The next three mornings, saved and unsaved alike; the skipped one is not next any more, until it is unskipped."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    wanted = {
        "label": "Work",
        "time_zone": "Europe/Madrid",
        "schedule": {"start": f"{tomorrow}T07:00:00", "rrule": "FREQ=DAILY"},
    }
    unsaved = person.call("POST", "/alarms/preview", {"alarm": wanted, "count": 3})["items"]
    alarm = person.call("POST", "/alarms", wanted, status=201)
    path = f"/alarms/{alarm['id']}"
    saved = person.call("GET", f"{path}/occurrences?count=3")["items"]
    assert [item["local"][:16] for item in saved] == [f"{tomorrow + timedelta(days=day)}T07:00" for day in range(3)]
    assert [item["at"] for item in saved] == [item["at"] for item in unsaved]

    person.call("POST", f"{path}/skip", {"occurrence_id": saved[0]["id"]})
    assert person.call("GET", path)["next"]["id"] == saved[1]["id"]
    skipped = person.call("GET", f"{path}/occurrences?count=3")["items"]
    assert [item["status"] for item in skipped] == ["skipped", "will_ring", "will_ring"]
    person.call("POST", f"{path}/unskip", {"occurrence_id": saved[0]["id"]})
    assert person.call("GET", path)["next"]["id"] == saved[0]["id"]


def test_a_ticket_is_sold_only_where_a_socket_can_be_opened(deployment: Deployment, person: Client) -> None:
    """A host without a socket gateway says that there is nothing: its clients pull, and rings come by push."""
    person.call("POST", "/sync/ticket", {}, status=200 if deployment.has_sockets else 404)


# --------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", {}, 404, "not_found"),
        ("PUT", "/api/v1/auth/login", {"json": {}}, 405, "method_not_allowed"),
        ("GET", "/api/v1/me", {}, 401, "unauthenticated"),
        (
            "POST",
            "/api/v1/auth/login",
            {"data": "a=b", "headers": {"content-type": "text/plain"}},
            415,
            "unsupported_media_type",
        ),
        ("POST", "/api/v1/auth/login", {"data": "{", "headers": {"content-type": "application/json"}}, 400, "malformed"),
        ("POST", "/api/v1/auth/login", {"json": {"email": 1, "password": "x", "odd": True}}, 422, "invalid"),
    ],
)
def test_every_host_refuses_in_the_same_shape(
    deployment: Deployment, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    """RFC 9457 with the same members, whatever the gateway in front."""
    refused = answer_to(deployment, method, path, **sent)
    content = refused.json()
    members = {"type", "title", "status", "detail", "code"} | ({"errors"} if status == 422 else set())
    assert (refused.status_code, content["status"], content["code"]) == (status, status, code)
    assert (refused.headers["content-type"], set(content)) == ("application/problem+json", members)
    if status == 405:
        assert refused.headers["allow"] == "POST"
    if status == 422:
        assert [error["pointer"] for error in content["errors"]] == ["/email", "/odd"]


# ----------------------------------------------------------------------------------------------------------------- sync


def pushed(person: Client, kind: str, entity_id: str, fields: dict[str, Any], *, mutation_id: str = "") -> dict[str, Any]:
    """The outcome of one mutation, written just now on a device of the person's."""
    clock = f"{time.time_ns() // 1_000_000:013d}-0000-phone"
    mutation = {
        "id": mutation_id or str(uuid4()),
        "kind": kind,
        "entity_id": entity_id,
        "fields": fields,
        "clock": clock,
    }
    answer = person.call("POST", "/sync/push", {"client_id": "phone", "mutations": [mutation]})
    outcome: dict[str, Any] = answer["outcomes"][0]
    return outcome


def pulled(person: Client, cursor: str = "0") -> tuple[dict[tuple[str, str], dict[str, Any]], str]:
    """What changed since the cursor, by kind and id, and the new cursor."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    for _ in range(50):
        page = person.call("GET", f"/sync/pull?cursor={cursor}&limit=3")
        changes.update({(change["kind"], change["id"]): change for change in page["changes"]})
        cursor = page["cursor"]
        if not page["more"]:
            return changes, cursor
    raise AssertionError("a pull did not end")


def test_what_a_device_wrote_offline_meets_what_was_written_elsewhere(deployment: Deployment, person: Client) -> None:
    """Both edits of one alarm stay, a push sent twice counts once, everybody is poked and pulls the same."""
    alarm_id, mutation_id = str(uuid4()), str(uuid4())
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    fields = {"label": "Work", "schedule": {"start": f"{tomorrow}T07:00:00"}, "time_zone": "Europe/Madrid"}
    first = pushed(person, "alarm", alarm_id, fields, mutation_id=mutation_id)
    assert first["outcome"] == "applied"
    assert pushed(person, "alarm", alarm_id, fields, mutation_id=mutation_id) == first
    known, cursor = pulled(person)
    assert known["alarm", alarm_id]["version"] == 1
    coming = person.call("GET", f"/alarms/{alarm_id}")["next"]["id"]
    assert known["occurrence", coming]["fields"]["state"] == "pending"

    with person.open_socket() if deployment.has_sockets else nullcontext() as socket:
        person.call("PATCH", f"/alarms/{alarm_id}", {"label": "Office"})
        if socket:
            assert hear(socket, "poke", PATIENCE_SECONDS)["cursor"]
    assert pushed(person, "alarm", alarm_id, {"tags": ["early"]})["outcome"] == "applied"
    later, cursor = pulled(person, cursor)
    fields = later["alarm", alarm_id]["fields"]
    assert (fields["label"], fields["tags"]) == ("Office", ["early"])
    assert pulled(person, cursor) == ({}, cursor)
    person.call("GET", "/sync/pull?cursor=nobody-gave-this", status=410)


def test_an_alarm_that_was_pushed_rings_and_a_pushed_answer_ends_it(deployment: Deployment, person: Client) -> None:
    """The way of a device that was offline when it was set, and again when it was dismissed."""
    subscription = person.subscribe(deployment.push)
    alarm_id = str(uuid4())
    start = (datetime.now(UTC) + timedelta(seconds=NEAR_SECONDS)).strftime("%Y-%m-%dT%H:%M:%S")
    assert pushed(person, "alarm", alarm_id, {"label": "Tea", "schedule": {"start": start}})["outcome"] == "applied"
    ring = rings(deployment.push, subscription, "ring", NEAR_SECONDS + PATIENCE_SECONDS)[0]
    occurrence_id = json.loads(ring["text"])["occurrence"]["id"]
    answer = {
        "occurrence_id": occurrence_id,
        "event": "dismiss",
        "ring": 1,
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.000Z",
    }
    assert pushed(person, "answer", str(uuid4()), {**answer, "minutes": None})["outcome"] == "applied"
    assert person.call("GET", f"/occurrences/{occurrence_id}")["state"] == "dismissed"
    assert rings(deployment.push, subscription, "stop", PATIENCE_SECONDS)
    changes, _ = pulled(person)
    assert changes["occurrence", occurrence_id]["fields"]["state"] == "dismissed"


# ---------------------------------------------------------------------------------------------------------------- sleep


def made_night(seed: int = 960) -> tuple[list[float | None], list[float | None]]:
    """Eight hours of nobody: half an hour awake, then still but for a turn now and then, a pulse that goes in cycles."""
    chance = random.Random(seed)  # noqa: S311  the same night on every host
    counts: list[float | None] = [round(max(0.0, chance.gauss(90, 60)), 2) for _ in range(60)]
    counts += [round(chance.uniform(20, 200), 2) if chance.random() < 0.03 else 0.0 for _ in range(900)]
    beats: list[float | None] = [round(chance.gauss(58 + 5 * (epoch // 90 % 2), 2), 1) for epoch in range(960)]
    counts[500:540] = [None] * 40
    beats[500:540] = [None] * 40
    return counts, beats


def test_a_night_is_analyzed_with_the_same_result_on_every_host(
    deployment: Deployment, person: Client, note: Callable[[str], None]
) -> None:
    """The deployed model is the committed one; what was not measured has no stage, and nothing is kept."""
    counts, beats = made_night()
    start = {"start": "2030-01-06T22:00:00Z", "epoch_seconds": 30, "mode": "night", "source": "wrist"}
    started_at = time.perf_counter()
    told = person.call("POST", "/sleep/analyze", {**start, "counts": counts, "heart_rate": beats})
    note(f"{deployment.name}: the first analysis of a night took {_milliseconds(time.perf_counter() - started_at)}")
    expected = OnnxStager().stage(counts, beats, "night")
    assert (told["model"], told["version"]) == (expected.model, expected.version)
    assert [epoch["stage"] for epoch in told["epochs"]] == list(expected.stages)
    assert [index for index, epoch in enumerate(told["epochs"]) if epoch["stage"] is None] == list(range(510, 530))
    metrics = told["metrics"]
    assert metrics["time_in_bed_minutes"] == 480
    assert 5 <= metrics["sleep_onset_latency_minutes"] <= 60
    assert sum(metrics["stage_minutes"].values()) == 470
    assert metrics["total_sleep_time_minutes"] > 300
    assert (told["quality"]["note"], told["quality"]["signal_share"]) == (None, round(920 / 960, 4))
    refused = person.call("POST", "/sleep/analyze", {**start, "counts": [*counts, -1], "heart_rate": beats}, status=422)
    assert [error["pointer"] for error in refused["errors"]] == ["/counts/960"]
    assert "2030-01-06" not in json.dumps(person.call("GET", "/me/export"))


# -------------------------------------------------------------------------------------------------------------- ringing


def test_an_alarm_seconds_ahead_rings_everywhere_on_time_and_stops_everywhere(
    deployment: Deployment, person: Client, note: Callable[[str], None]
) -> None:
    """The direct path: whoever saves it hands it over; one answer ends it on every device, and the ledger tells it all."""
    phone, tablet = person.subscribe(deployment.push), person.subscribe(deployment.push, "tablet")
    sockets = [person.open_socket(), person.open_socket()] if deployment.has_sockets else []
    occurrence_id, due_at = person.set_alarm(NEAR_SECONDS)
    ring = rings(deployment.push, phone, "ring", NEAR_SECONDS + PATIENCE_SECONDS)[0]
    also = rings(deployment.push, tablet, "ring", PATIENCE_SECONDS)[0]
    note(
        f"{deployment.name}: direct path rang {_milliseconds(ring['at'] - due_at)} and {_milliseconds(also['at'] - due_at)}"
    )
    assert 0 <= ring["at"] - due_at <= FIRING_SECONDS
    assert 0 <= also["at"] - due_at <= FIRING_SECONDS
    for socket in sockets:
        assert hear(socket, "ring", PATIENCE_SECONDS)["occurrence"]["id"] == occurrence_id

    if sockets:
        sockets[0].send(json.dumps({"action": "dismiss", "request_id": "x", "occurrence_id": occurrence_id}))
    else:
        person.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    for socket in sockets:
        stopped = hear(socket, "stop", STOP_SECONDS)
        assert (stopped["occurrence_id"], stopped["state"]) == (occurrence_id, "dismissed")
        socket.close()
    for device in (phone, tablet):
        assert rings(deployment.push, device, "stop", STOP_SECONDS)[0]["topic"] == ring["topic"]
    ledger = person.call("GET", f"/occurrences/{occurrence_id}")["ledger"]
    events = [line["event"] for line in ledger]
    assert events[:3] == ["scheduled", "claimed", "due"]
    assert {"sent", "accepted", "dismissed", "stop_sent"} <= set(events)
    kinds = [_kind(message) for message in deployment.push.messages(phone["id"])]
    assert kinds[:2] == ["ring", "stop"]
    assert set(kinds[2:]) <= {"stop"}  # twice when the answer came before the sending was written down


def test_requests_are_answered_promptly(deployment: Deployment, person: Client, note: Callable[[str], None]) -> None:
    """Warm: reading oneself, and saving an alarm."""
    for name, call in (("GET /me", lambda: person.call("GET", "/me")), ("POST /alarms", lambda: person.set_alarm(86_400))):
        call()
        took = []
        for _ in range(CALLS):
            started_at = time.perf_counter()
            call()
            took.append(time.perf_counter() - started_at)
        median, slow = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        note(f"{deployment.name}: {name} p50 {_milliseconds(median)}, p95 {_milliseconds(slow)}")
        assert median < 0.5


def test_an_alarm_beyond_the_look_ahead_is_found_by_a_tick_and_rings_on_time(
    deployment: Deployment, far_alarm: FarAlarm, note: Callable[[str], None]
) -> None:
    """Nobody handed it over when it was saved; the notification's own token answers it."""
    client, phone, due_at = far_alarm.client, far_alarm.phone, far_alarm.due_at
    left = max(0.0, due_at - time.time())
    ring = rings(deployment.push, phone, "ring", left + PATIENCE_SECONDS)[0]
    cold = rings(deployment.push, far_alarm.cold_phone, "ring", PATIENCE_SECONDS)[0]
    note(f"{deployment.name}: the first ring after the deployment {_milliseconds(cold['at'] - far_alarm.cold_due_at)}")
    note(f"{deployment.name}: beyond the look-ahead rang {_milliseconds(ring['at'] - due_at)}")
    assert 0 <= ring["at"] - due_at <= FIRING_SECONDS
    answer = json.loads(ring["text"])["answer"]
    headers = {"authorization": f"Bearer {answer['token']}"}
    with requests.Session() as phone_without_account:
        phone_without_account.trust_env = False
        answered = phone_without_account.post(f"{answer['url']}/dismiss", json={}, headers=headers, timeout=30)
    assert (answered.status_code, answered.json()["state"]) == (200, "dismissed")
    assert rings(deployment.push, phone, "stop", STOP_SECONDS)[0]["topic"] == ring["topic"]
    events = [line["event"] for line in client.call("GET", f"/occurrences/{far_alarm.occurrence_id}")["ledger"]]
    assert events[:3] == ["scheduled", "claimed", "due"]
    assert "late" not in events


def _kind(message: dict[str, Any]) -> str:
    kind: str = json.loads(message["text"])["type"]
    return kind


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"

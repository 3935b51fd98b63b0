"""Recording a night on every host: it begins, comes in parts, ends with an analysis, is listed, exported and erased."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import requests

from tests.e2e.client import Client
from tests.e2e.product.deployment import Deployment

pytestmark = pytest.mark.alone
HOURS = timedelta(hours=8)
PARTS = 8
LENGTH = 960


@pytest.fixture
def sleeper(deployment: Deployment) -> Client:
    """Somebody who has just signed up and agreed to be recorded."""
    person = Client(deployment.api_url)
    person.call("PATCH", "/me", {"settings": {"sleep_consent": True}})
    return person


def counts_of(first: int, length: int) -> list[float | None]:
    """Still, but for a turn every ten minutes, with a number for each epoch."""
    return [round(40 + n / 10, 2) if n % 20 < 2 else 0.0 for n in range(first, first + length)]


def post_packed(person: Client, path: str, body: object) -> requests.Response:
    """A packed body, under the name that every gateway carries whole."""
    packed = gzip.compress(json.dumps(body).encode())
    headers = {"authorization": person.authorization, "content-type": "application/gzip"}
    with requests.Session() as http:
        http.trust_env = False
        return http.post(f"{person.url}/api/v1{path}", data=packed, headers=headers, timeout=30)


def test_a_night_is_recorded_in_parts_finished_listed_and_erased(sleeper: Client) -> None:
    """Its parts come packed, out of order and one of them twice; afterwards nothing of it is left to be read."""
    start = datetime.now(UTC).replace(microsecond=0) - HOURS
    night = str(uuid4())
    path = f"/sleep/sessions/{night}"
    body = {"start": start.isoformat(), "source": "wrist", "time_zone": "Europe/Madrid"}
    assert sleeper.call("PUT", path, body)["state"] == "recording"
    assert sleeper.call("PUT", path, body)["received_epochs"] == 0

    size = LENGTH // PARTS
    for part in [*reversed(range(PARTS)), 0]:
        first = part * size
        batch = {"first": first, "counts": counts_of(first, size), "heart_rate": [52.5 + part] * size}
        taken = post_packed(sleeper, f"{path}/epochs", batch)
        assert taken.status_code == 200, taken.text
    assert taken.json() == {"received_epochs": LENGTH, "last_epoch": LENGTH - 1, "smart_wake": None}

    analysis = sleeper.call("POST", f"{path}/finish", {})
    assert sleeper.call("POST", f"{path}/finish", {}) == analysis
    shown = sleeper.call("GET", f"{path}?signal=true")
    assert (shown["state"], shown["metrics"], shown["counts"]) == ("finished", analysis["metrics"], counts_of(0, LENGTH))
    assert [epoch["stage"] for epoch in shown["epochs"]] == [epoch["stage"] for epoch in analysis["epochs"]]
    assert [one["id"] for one in sleeper.call("GET", "/sleep/sessions")["items"]] == [night]
    exported = sleeper.call("GET", "/sleep/export")["items"]
    assert (exported[0]["id"], exported[0]["heart_rate"]) == (night, shown["heart_rate"])

    sleeper.call("DELETE", path, status=204)
    sleeper.call("GET", path, status=404)
    assert sleeper.call("GET", "/sleep/export")["items"] == []
    assert sleeper.call("PUT", path, body, status=410)["code"] == "session_deleted"


def test_what_must_not_be_stored_is_refused_and_leaves_nothing(sleeper: Client) -> None:
    """Without consent, over another night, and numbers that cannot be."""
    start = datetime.now(UTC).replace(microsecond=0) - HOURS
    body = {"start": start.isoformat(), "source": "mattress", "time_zone": "Europe/Madrid"}
    first, second = f"/sleep/sessions/{uuid4()}", f"/sleep/sessions/{uuid4()}"
    sleeper.call("PUT", first, body)
    assert sleeper.call("PUT", second, body, status=409)["code"] == "overlapping_session"
    refused = sleeper.call("POST", f"{first}/epochs", {"first": 0, "counts": [-1], "heart_rate": [700]}, status=422)
    assert {error["pointer"] for error in refused["errors"]} == {"/counts/0", "/heart_rate/0"}
    sleeper.call("POST", f"{first}/epochs", {"first": 0, "counts": [0] * 2881}, status=422)
    sleeper.call("PATCH", "/me", {"settings": {"sleep_consent": False}})
    refused = sleeper.call("POST", f"{first}/epochs", {"first": 0, "counts": [1]}, status=403)
    assert refused["code"] == "consent_required"
    assert sleeper.call("GET", first)["received_epochs"] == 0
    sleeper.call("DELETE", "/sleep/sessions", status=204)
    assert sleeper.call("GET", "/sleep/sessions")["items"] == []

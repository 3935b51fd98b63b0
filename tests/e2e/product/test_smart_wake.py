"""Smart wake from outside, with the real model and a real clock: somebody awake is rung early, and then left in peace."""

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.client import Client, rings
from tests.e2e.product.deployment import Deployment

pytestmark = pytest.mark.alone
AHEAD_SECONDS = 75
"""A little more than the last minute, in which nothing rings early."""
PATIENCE_SECONDS = 20.0
ASLEEP, AWAKE = 240, 20
"""Epochs of 30 seconds."""


def night(seed: int = 7) -> dict[str, list[float]]:
    """Two hours as still as sleep, then ten minutes of getting up."""
    chance = random.Random(seed)  # noqa: S311  it repeats
    counts = [0.0] * ASLEEP + [round(chance.uniform(300, 900), 1) for _ in range(AWAKE)]
    heart_rate = [round(chance.gauss(55, 1), 1) for _ in range(ASLEEP)] + [
        round(chance.gauss(82, 3), 1) for _ in range(AWAKE)
    ]
    return {"counts": counts, "heart_rate": heart_rate}


@pytest.mark.parametrize("deployment", ["local"], indirect=True)
def test_somebody_who_is_awake_before_the_alarm_is_rung_at_once_and_once(
    deployment: Deployment, note: Callable[[str], None]
) -> None:
    """The batch's answer, the push and the ledger say why; the same batch again and the alarm's own time bring nothing."""
    person = Client(deployment.api_url)
    person.call("PATCH", "/me", {"settings": {"sleep_consent": True}})
    phone = person.subscribe(deployment.push)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=30 * (ASLEEP + AWAKE))
    path = f"/sleep/sessions/{uuid4()}"
    person.call("PUT", path, {"start": start.isoformat(), "source": "wrist", "time_zone": "UTC"})
    occurrence_id, due_at = person.set_alarm(AHEAD_SECONDS, smart_wake_minutes=30)

    posted_at = time.time()
    decision: dict[str, Any] = person.call("POST", f"{path}/epochs", {"first": 0, **night()})["smart_wake"]
    assert (decision["rings"], decision["occurrence_id"]) == (True, occurrence_id)
    ring = rings(deployment.push, phone, "ring", PATIENCE_SECONDS)[0]
    note(f"{deployment.name}: smart wake rang {(ring['at'] - posted_at) * 1000:.0f} ms after the batch was sent")
    assert posted_at <= ring["at"] < due_at
    told = json.loads(ring["text"])["occurrence"]
    assert (told["id"], told["state"], told["early"]["minutes_early"]) == (
        occurrence_id,
        "ringing",
        decision["minutes_early"],
    )
    assert person.call("POST", f"{path}/epochs", {"first": 0, **night()})["smart_wake"] is None
    person.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})

    time.sleep(max(0.0, due_at + 3 - time.time()))
    known = person.call("GET", f"/occurrences/{occurrence_id}")
    events = [line["event"] for line in known["ledger"]]
    assert (known["state"], events.count("claimed"), events.count("early")) == ("dismissed", 1, 1)
    kinds = [json.loads(message["text"])["type"] for message in deployment.push.messages(phone["id"])]
    assert kinds.count("ring") == 1

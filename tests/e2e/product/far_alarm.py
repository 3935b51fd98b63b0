"""An alarm beyond the look-ahead that is set before a host's first test, so that the others pass while it comes."""

from dataclasses import dataclass
from typing import Any

from tests.e2e.client import Client
from tests.e2e.product.deployment import Deployment


@dataclass(frozen=True)
class FarAlarm:
    """Whose it is, the device it will ring on, and when, in Unix seconds."""

    client: Client
    phone: dict[str, Any]
    occurrence_id: str
    due_at: float


def set_far_alarm(deployment: Deployment) -> FarAlarm:
    """Somebody with one phone and one such alarm."""
    client = Client(deployment.api_url)
    phone = client.subscribe(deployment.push)
    client.set_alarm(86_400)  # cold starts are over: the next one is saved as soon as its instant is chosen
    return FarAlarm(client, phone, *client.set_alarm(deployment.far_seconds()))

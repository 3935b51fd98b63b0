"""An alarm beyond the look-ahead that is set before a host's first test, so that the others pass while it comes."""

from dataclasses import dataclass
from typing import Any

from tests.e2e.client import Client
from tests.e2e.product.deployment import Deployment

COLD_SECONDS = 8


@dataclass(frozen=True)
class FarAlarm:
    """Whose it is, the device it will ring on, and when, in Unix seconds.

    Before it, somebody else's rings: the first one after the deployment, with every function's cold start on its way.
    """

    client: Client
    phone: dict[str, Any]
    occurrence_id: str
    due_at: float
    cold_phone: dict[str, Any]
    cold_due_at: float


def set_far_alarm(deployment: Deployment) -> FarAlarm:
    """Two people with a phone and an alarm each."""
    first = Client(deployment.api_url)
    cold_phone = first.subscribe(deployment.push)
    _, cold_due_at = first.set_alarm(COLD_SECONDS)
    client = Client(deployment.api_url)
    phone = client.subscribe(deployment.push)
    return FarAlarm(client, phone, *client.set_alarm(deployment.far_seconds()), cold_phone, cold_due_at)

"""What Google's and Oracle's manifests share: names, rates, where unknown addresses lead, and each function's secrets.

The secrets follow from the ports that a function can reach: it is given these and no other.
"""

import json
from typing import Any

from smartalarm import ports
from smartalarm.function import Declaration, EndpointFunction, ScheduleFunction
from smartalarm.health import MetricsReader

UNMATCHED = "answer_unmatched"
"""The function that says, in our own shape, that there is nothing at an address."""
DATABASE = "CONNECTION_STRING"
SIGNING = "JWT_SECRET_KEY"
PUSH = "VAPID_PRIVATE_KEY"
METRICS = "METRICS_TOKEN"
SECRETS = (DATABASE, SIGNING, PUSH, METRICS)
SHORT = {DATABASE: "data", SIGNING: "sign", PUSH: "push", METRICS: "metrics"}

_OF_PORT: dict[type, str] = {
    ports.Store: DATABASE,
    ports.Counters: DATABASE,
    ports.Connections: DATABASE,
    ports.Signer: SIGNING,
    ports.PushService: PUSH,
}


def secrets_of(declaration: Declaration) -> tuple[str, ...]:
    """Names of settings, in the order of SECRETS."""
    needed = {_OF_PORT[port] for port in declaration.ports if port in _OF_PORT}
    if isinstance(declaration, ScheduleFunction):
        needed.add(SIGNING)  # the token that starts it over HTTP is one that we signed
    readers: set[object] = set(declaration.endpoint.readers.values()) if isinstance(declaration, EndpointFunction) else set()
    if MetricsReader in readers:
        needed.add(METRICS)
    return tuple(name for name in SECRETS if name in needed)


def service_name(function: str) -> str:
    """`create_alarm` -> `smartalarm-create-alarm`: clouds allow no underscores."""
    return f"smartalarm-{function.replace('_', '-')}"


def rate_to_cron(rate: str) -> str:
    """EventBridge's `rate(...)` as a cron expression in UTC, off the full hour. Raises KeyError for another."""
    return {"rate(1 minute)": "* * * * *", "rate(1 hour)": "7 * * * *", "rate(1 day)": "17 3 * * *"}[rate]


def to_text(content: Any) -> str:
    """A generated JSON file."""
    return json.dumps(content, indent=2) + "\n"

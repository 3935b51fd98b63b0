"""What the shared product suite needs to know of a host: where the product answers, and what a test that fails shows."""

import sys
from typing import Protocol

from tests.servers.push_service import RunningPushService

LOOK_AHEAD_SECONDS = 30
"""Short, so that a test need not wait for long until an alarm is beyond it."""


class Deployment(Protocol):
    """The product, deployed and reachable. Each host's file has `deployed(push)`, a context manager that gives one."""

    name: str
    """local, replicas, aws, gcp or oci."""
    api_url: str
    """Without a slash at the end and without /api/v1."""
    has_sockets: bool
    push: RunningPushService
    """Where devices subscribe; the deployment allows its host."""
    look_ahead_seconds: int
    """What is due later is left to the scheduler's tick."""

    def far_seconds(self) -> int:
        """How far ahead an alarm is that whoever saves it leaves to a tick, and that a tick finds before its instant."""

    def logs(self) -> str:
        """What the product wrote so far."""


def settings_for(push: RunningPushService) -> dict[str, str]:
    """The environment variables that the suite needs on every host."""
    return {"PUSH_ALLOWED_HOSTS": push.host, "RING_LOOK_AHEAD_SECONDS": str(LOOK_AHEAD_SECONDS)}


def say(line: str) -> None:
    """Progress of what takes a while."""
    print(f"  {line}", file=sys.stderr, flush=True)  # noqa: T201  where pytest -s shows it

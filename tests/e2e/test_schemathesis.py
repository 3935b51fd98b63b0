"""Generated calls against the real local host: whatever comes, the answer is one that openapi.json foretells.

Every operation is tried by a user of its own who owns an alarm, a device, an occurrence and a recorded night. The cases
are the same on every run. Values that no client would send come too; they must be refused, never break anything.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from schemathesis.core.parameters import ParameterLocation

from tests.servers.local_host import RunningLocalHost, running_local_host

EXAMPLES: Final = 8
TIME_OUT: Final = 20
CHECKS: Final = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.ignored_auth,
]

FRAMING: Final = ("content-length", "transfer-encoding", "connection", "expect", "upgrade", "host")
"""Headers of the transport: a wrong one is refused by the server before there is a request (400, on every path)."""

schema = schemathesis.openapi.from_path(Path(__file__).parents[2] / "openapi.json")
turn = count()


class Owner:
    """A user with an alarm, a device, an occurrence and a night; their ids by the name of the path parameter."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/v1"
        account = {
            "email": f"{uuid4().hex}@example.org",
            "password": uuid4().hex,
            "time_zone": "Europe/Madrid",
            "locale": "en",
        }
        self.token = ""
        self.token = self._call("POST", "/auth/register", account)["access_token"]
        alarm = {"label": "Work", "schedule": {"start": "2030-01-07T07:00:00", "rrule": "FREQ=DAILY"}}
        device_id = str(uuid4())
        subscription = {"endpoint": "http://127.0.0.1:9/push", "keys": _push_keys()}
        device = {"name": "Phone", "platform": "web", "ring": "always", "push_subscription": subscription}
        self._call("PUT", f"/devices/{device_id}", device)
        self.ids = {
            "alarm_id": self._call("POST", "/alarms", alarm)["id"],
            "device_id": device_id,
            "occurrence_id": self._call("POST", f"/devices/{device_id}/test")["test_id"],
            "session_id": self._sleep(),
            "recommendation_id": "long_latency",
        }

    def _sleep(self) -> str:
        """A night of an hour that is still being recorded; its id."""
        self._call("PATCH", "/me", {"settings": {"sleep_consent": True}})
        session_id = str(uuid4())
        start = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
        self._call("PUT", f"/sleep/sessions/{session_id}", {"start": start, "source": "wrist", "time_zone": "Europe/Madrid"})
        self._call("POST", f"/sleep/sessions/{session_id}/epochs", {"first": 0, "counts": [0, 30] * 55})
        return session_id

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = requests.request(method, self._url + path, json=body, headers=headers, timeout=TIME_OUT)
        answer.raise_for_status()
        return answer.json()


def _push_keys() -> dict[str, str]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        name: base64.urlsafe_b64encode(raw).decode().rstrip("=") for name, raw in (("p256dh", point), ("auth", b"a" * 16))
    }


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLocalHost]:
    """The local host; nobody is limited, and pushes go to a port where nobody listens."""
    limits = {"AUTH_REQUESTS_PER_ADDRESS": "1000000", "AUTH_FAILURES_PER_ACCOUNT": "1000000"}
    with running_local_host(tmp_path_factory.mktemp("host"), PUSH_ALLOWED_HOSTS="127.0.0.1:9", **limits) as started:
        yield started


@pytest.fixture
def owner(host: RunningLocalHost) -> Owner:
    """One for each operation: some of them end an account."""
    return Owner(host.url)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_foretells(
    case: schemathesis.Case[Any], host: RunningLocalHost, owner: Owner
) -> None:
    """No 5xx, no undocumented status, type or header, no body that breaks its schema, no nonsense accepted."""
    path = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    if path is not None and path.mode.is_positive and next(turn) % 3:  # one in three stays as generated: mostly nobody's
        case.path_parameters = {name: owner.ids.get(name, value) for name, value in case.path_parameters.items()}
    for name in FRAMING:
        case.headers.pop(name, None)
    headers = {"Authorization": f"Bearer {owner.token}"}
    response = case.call(base_url=host.url, headers=headers, timeout=TIME_OUT)
    case.validate_response(response, checks=CHECKS, headers=headers)

"""CloudFront's header: who goes around CloudFront is refused, and whom an edge talks to counts as the client."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest

from smartalarm import ports, wiring
from smartalarm.adapters.memory import MemoryCounters
from smartalarm.catalog import FUNCTIONS_ROOT
from smartalarm.injection import Injector
from smartalarm.settings import Settings
from tests.fakes import ManualClock
from tests.hosts.clients import AwsClient
from tests.hosts.conftest import SAMPLES, Notebook
from tests.servers.cloud_events import CLIENT, http_api_event, http_api_result, json_call

HEADER, NEW, OLD = "X_Origin_Verify", "the new value", "the value before it"
PATH = "/api/v1/people/Ann/greetings"
VIEWER, LIAR = "198.51.100.7", "6.6.6.6"


@pytest.fixture(autouse=True)
def _behind_cloudfront(notebook: Notebook) -> Iterator[None]:
    """Functions whose deployment stands behind CloudFront, while its header is being replaced."""
    settings = Settings(origin_secret_sha256=tuple(sha256(value.encode()).hexdigest() for value in (NEW, OLD)))
    made: dict[type, Callable[[], object]] = {
        Settings: lambda: settings,
        ports.Clock: ManualClock,
        ports.Counters: MemoryCounters,
        ports.Telemetry: lambda: notebook,
    }
    wiring.use(Injector(made))
    yield
    wiring.use(None)


@pytest.mark.parametrize("value", [NEW, OLD])
def test_the_client_is_whom_the_edge_talks_to(value: str) -> None:
    """Not the edge, and not what the client itself wrote further left; no list of edges is needed."""
    call = json_call("POST", PATH, {"text": "x"}, X_Forwarded_For=f"{LIAR}, {VIEWER}", **{HEADER: value})
    answer = AwsClient().send(SAMPLES / "greet_person", call)
    assert (answer.status, json.loads(answer.body)["client_address"]) == (201, VIEWER)


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "a guess"}, {HEADER: "\ud800"}])
@pytest.mark.parametrize("function", [SAMPLES / "greet_person", FUNCTIONS_ROOT / "answer_unmatched"])
def test_who_goes_around_cloudfront_is_refused(function: object, headers: dict[str, str], notebook: Notebook) -> None:
    """With an answer like any other, before the function sees anything; nobody is woken by it."""
    answer = AwsClient().send(function, json_call("POST", PATH, {"text": "x"}, **headers))  # type: ignore[arg-type]
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "not_the_front_door")
    assert answer.headers["content-type"] == "application/problem+json"
    assert notebook.problems == []


def test_the_pages_have_the_same_door() -> None:
    """Behind serverless-wsgi too."""
    event = http_api_event(json_call("GET", "/api/v1/docs"))
    assert http_api_result(AwsClient().invoke(FUNCTIONS_ROOT / "serve_docs", event)).status == 403
    event["headers"]["x-origin-verify"] = NEW
    assert http_api_result(AwsClient().invoke(FUNCTIONS_ROOT / "serve_docs", event)).status == 200


def test_without_a_digest_there_is_no_door() -> None:
    """An emulated cloud, or somebody else's gateway: the peer is the client, and the header changes nothing."""
    wiring.use(Injector({Settings: Settings, ports.Clock: ManualClock, ports.Telemetry: Notebook}))
    call = json_call("POST", PATH, {"text": "x"}, X_Forwarded_For=LIAR, **{HEADER: NEW})
    answer = AwsClient().send(SAMPLES / "greet_person", call)
    assert (answer.status, json.loads(answer.body)["client_address"]) == (201, CLIENT)

"""Every endpoint of the product answers through every cloud's real adapter, and through the local host."""

import http.client
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from smartalarm import ports, wiring
from smartalarm.adapters.onnx import OnnxStager
from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT, load_functions
from smartalarm.function import EndpointFunction, Host, PagesFunction
from smartalarm.http import Response
from smartalarm.settings import Settings
from tests.hosts.clients import AwsClient, GcpClient, HostClient, OciClient
from tests.hosts.story import Visit, tell
from tests.servers.cloud_events import Call
from tests.servers.local_host import RunningLocalHost, running_local_host
from tests.servers.runtimes import exchange

UNMATCHED = FUNCTIONS_ROOT / "answer_unmatched"


@cache
def deployed_as(host: Host) -> dict[str, str]:
    """The endpoints that exist there, without the one that answers what does not, and what is deployed for each.

    That is itself, or the one function that serves several static pages.
    """
    functions = load_functions()
    found = [function for function in functions if isinstance(function, EndpointFunction)]
    pages = {
        path: function.name
        for function in functions
        if isinstance(function, PagesFunction) and host in function.hosts
        for path in function.paths
    }
    own = {f.name: f.name for f in found if host in f.hosts and f.name != UNMATCHED.name}
    return own | {f.name: pages[f.endpoint.path] for f in found if f.endpoint.method == "GET" and f.endpoint.path in pages}


@pytest.fixture(autouse=True)
def _fresh_world() -> object:
    """Memory adapters of the product's own kind, and its own models, for one test."""
    settings = Settings(
        jwt_secret_key=SecretStr("a secret of at least 32 characters"),
        vapid_private_key=SecretStr(generate_vapid_keys()[1]),
    )
    wiring.use(wiring.memory_injector(settings, {ports.SleepStager: OnnxStager}))
    yield
    wiring.use(None)


@pytest.mark.parametrize(("host", "client"), [("aws", AwsClient()), ("gcp", GcpClient()), ("oci", OciClient())])
def test_the_whole_story_goes_the_same_way_on_every_cloud(host: Host, client: HostClient) -> None:
    """And no endpoint is left out: a new one has to be added to the story."""

    def send(function: str, call: Call) -> Response:
        return client.send(FUNCTIONS_ROOT / deployed_as(host)[function], call)

    visit: Visit = tell(send, metrics_status=404, has_sockets=host == "aws")
    assert visit.called == deployed_as(host).keys()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLocalHost]:
    """The real local host with SQLite."""
    with running_local_host(tmp_path_factory.mktemp("local")) as host:
        yield host


def send_to(host: RunningLocalHost, call: Call) -> Response:
    """The answer over real HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
    return exchange(connection, call.method, call.target, call.headers, call.body)


def test_the_story_goes_the_same_way_on_the_local_host(local: RunningLocalHost) -> None:
    """Its own router finds the functions."""
    visit = tell(lambda _function, call: send_to(local, call), metrics_status=200)
    assert deployed_as("local").keys() - visit.called == set()


@pytest.mark.parametrize("path", ["//", "/api/v1/alarms/a%0Ab", "/api/v1/me/", "/robots.txt", "/ws", "/%FF", "/api/v1/me;x"])
def test_the_local_host_answers_in_our_own_shape_wherever_nothing_is(local: RunningLocalHost, path: str) -> None:
    """No framework's page shows through, whatever the path."""
    answer = send_to(local, Call("GET", path))
    expected = 401 if "alarms" in path else 404  # an alarm whose id has a line feed is first of all somebody's
    assert (answer.status, answer.headers["content-type"]) == (expected, "application/problem+json")


def test_the_local_host_has_one_address_for_sockets(local: RunningLocalHost) -> None:
    """Another one is not there; the right one wants a ticket."""
    for path, status in (("/api/v1/ws", 404), ("/ws", 401)):
        with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{local.port}{path}", proxy=None, legacy=True):
            pass
        assert refused.value.response.status_code == status


@pytest.mark.parametrize("stage", ["$default", "live"])
@pytest.mark.parametrize(
    ("method", "path", "query", "status", "allow"),
    [
        ("GET", "/api/v1/nowhere", "", 404, None),
        ("GET", "/", "a=1&a=2", 404, None),
        ("PUT", "/api/v1/me", "", 405, "DELETE, GET, PATCH"),
        ("POST", "/api/v1/me/export", "x=y", 405, "GET"),
        ("OPTIONS", "/api/v1/me", "", 204, "DELETE, GET, OPTIONS, PATCH"),
    ],
)
def test_what_no_route_matches_is_answered_in_our_own_shape(
    stage: str, method: str, path: str, query: str, status: int, allow: str | None
) -> None:
    """The HTTP API's $default route leads there, whatever the stage is called."""
    answer = AwsClient(stage).send(Path(UNMATCHED), Call(method, path, query))
    assert (answer.status, answer.headers.get("allow")) == (status, allow)
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_pages_that_aws_serves_together_are_those_that_others_serve_one_by_one(path: str) -> None:
    """Same status, headers and bytes, whatever is asked of them; and all of it without a store and without a secret."""
    names = {"/docs": "show_docs", "/openapi.json": "show_openapi"}
    wiring.use(wiring.cloud_injector(Settings(database_provider="dynamodb", keyvault_provider="aws")))
    for method, expected in (("GET", 200), ("OPTIONS", 204), ("POST", 405)):
        call = Call(method, f"/api/v1{path}", headers={"origin": "https://elsewhere.example", "x-request-id": "caller"})
        together = AwsClient().send(FUNCTIONS_ROOT / "serve_docs", call)
        alone = GcpClient().send(FUNCTIONS_ROOT / names[path], call)
        assert together.status == alone.status == expected
        assert together.body == alone.body
        assert _own_headers(together) == _own_headers(alone)


def test_a_page_that_aws_does_not_have_is_a_problem_as_everywhere() -> None:
    """Not the gateway's own shape, and no stage is taken for a part of the path."""
    answer = AwsClient().send(FUNCTIONS_ROOT / "serve_docs", Call("GET", "/api/v1/docs/x"))
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def _own_headers(response: Response) -> dict[str, str]:
    """Without what differs from call to call or from server to server, as the type of nothing does."""
    servers = {"x-request-id", "content-length"} | (set() if response.body else {"content-type"})
    return {name: value for name, value in response.headers.items() if name not in servers}

"""Posting to sockets through API Gateway: what arrives, who is gone, and what a hiccup must not do."""

import io
import json
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws
from moto.apigatewaymanagementapi.models import apigatewaymanagementapi_backends
from websockets.sync.client import ClientConnection, connect

from smartalarm.adapters.side_by_side import SideBySide
from smartalarm.adapters.sockets_apigateway import GatewaySockets, new_gateway_client
from smartalarm.ports import Connection
from tests.servers.ministack import MinistackMissing, kept_ministack

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
REGION = "eu-west-1"
Message = tuple[Connection, dict[str, Any]]


class RecordingTelemetry:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.counts: list[tuple[str, dict[str, str]]] = []
        self.problems: list[tuple[str, dict[str, Any]]] = []

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """One more."""
        assert value == 1
        self.counts.append((name, labels))

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Not used here."""

    def log(self, event: str, **fields: Any) -> None:
        """Not used here."""

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Something went wrong."""
        assert error is None
        self.problems.append((event, fields))

    def exposition(self) -> str:
        """Not used here."""
        return ""


class FakeGateway:
    """Takes posts as boto3's client does; `failures`: per connection id the error it raises."""

    def __init__(self, failures: dict[str, Exception] | None = None, barrier: threading.Barrier | None = None) -> None:
        self.failures = failures or {}
        self.barrier = barrier
        self.posted: dict[str, bytes] = {}

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - boto3's names
        """One post."""
        if self.barrier is not None:
            self.barrier.wait(timeout=5)
        if ConnectionId in self.failures:
            raise self.failures[ConnectionId]
        self.posted[ConnectionId] = Data


def a_message(connection_id: str, **body: Any) -> Message:
    """A message for a connection."""
    return Connection(connection_id, "ada", None, NOW), body or {"type": "poke", "cursor": "7"}


def client_error(code: str) -> ClientError:
    """What boto3 raises for an answer with this code."""
    return ClientError({"Error": {"Code": code, "Message": "connection c1 of ada"}}, "PostToConnection")


def sockets_to(gateway: Any, telemetry: RecordingTelemetry | None = None) -> GatewaySockets:
    """The sockets under test."""
    return GatewaySockets(lambda: gateway, telemetry or RecordingTelemetry(), SideBySide())


# ------------------------------------------------------------------------------------------------ outcomes


def test_each_message_reaches_its_connection_as_compact_json() -> None:
    """UTF-8, no spaces: every byte is metered."""
    gateway = FakeGateway()
    messages = [a_message("c1", label="Früh", at=[1, 2]), a_message("c2", type="stop")]
    assert sockets_to(gateway).post(messages) == [True, True]
    assert gateway.posted == {"c1": '{"label":"Früh","at":[1,2]}'.encode(), "c2": b'{"type":"stop"}'}


def test_a_lone_surrogate_does_not_stop_the_message() -> None:
    """It is JSON but not UTF-8; the message arrives with a question mark in its place."""
    gateway = FakeGateway()
    assert sockets_to(gateway).post([a_message("c1", label="a\ud800b")]) == [True]
    assert gateway.posted == {"c1": b'{"label":"a?b"}'}


def test_only_what_the_gateway_calls_gone_is_gone() -> None:
    """In the order of the messages, whoever fails."""
    gateway = FakeGateway({"c2": client_error("GoneException"), "c3": client_error("LimitExceededException")})
    assert sockets_to(gateway).post([a_message("c1"), a_message("c2"), a_message("c3")]) == [True, False, True]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (client_error("LimitExceededException"), "LimitExceededException"),
        (client_error("ForbiddenException"), "ForbiddenException"),
        (client_error("PayloadTooLargeException"), "PayloadTooLargeException"),
        (client_error("InternalServerError"), "InternalServerError"),
        (ReadTimeoutError(endpoint_url="https://gateway/c1"), "ReadTimeoutError"),
    ],
)
def test_a_hiccup_is_reported_and_forgets_no_connection(error: Exception, reason: str) -> None:
    """Counted and logged by its kind; neither user nor connection is named."""
    telemetry = RecordingTelemetry()
    assert sockets_to(FakeGateway({"c1": error}), telemetry).post([a_message("c1")]) == [True]
    assert telemetry.counts == [("socket_post_failures_total", {"reason": reason})]
    assert telemetry.problems == [("socket_post_failed", {"reason": reason})]


def test_a_connection_that_is_gone_is_no_problem_to_report() -> None:
    """Devices sleep all the time."""
    telemetry = RecordingTelemetry()
    sockets_to(FakeGateway({"c1": client_error("GoneException")}), telemetry).post([a_message("c1")])
    assert (telemetry.counts, telemetry.problems) == ([], [])


def test_a_mistake_of_ours_is_raised() -> None:
    """What is not JSON is no matter of the network."""
    with pytest.raises(TypeError):
        sockets_to(FakeGateway()).post([a_message("c1", at=NOW)])


# ------------------------------------------------------------------------------------------------ how


def test_posts_go_side_by_side() -> None:
    """Five posts that each wait for the other four all return."""
    gateway = FakeGateway(barrier=threading.Barrier(5))
    assert sockets_to(gateway).post([a_message(f"c{number}") for number in range(5)]) == [True] * 5


def test_posts_that_hang_are_not_waited_for_for_ever() -> None:
    """What did not return in time counts as open, and is reported."""
    release = threading.Event()

    class Hanging(FakeGateway):
        def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - boto3's names
            assert ConnectionId != "c1" or release.wait(10)
            super().post_to_connection(ConnectionId, Data)

    telemetry = RecordingTelemetry()
    side_by_side = SideBySide(end_within_seconds=0.2)
    sockets = GatewaySockets(Hanging, telemetry, side_by_side)
    started = time.monotonic()
    assert sockets.post([a_message("c1"), a_message("c2")]) == [True, True]
    assert time.monotonic() - started < 5
    assert telemetry.problems == [("socket_post_failed", {"reason": "OutOfTime"})]
    release.set()
    side_by_side.close()


def test_the_client_is_made_at_the_first_post_and_once() -> None:
    """A function that never posts never pays for it."""
    made: list[FakeGateway] = []

    def make() -> FakeGateway:
        made.append(FakeGateway())
        return made[-1]

    sockets = GatewaySockets(make, RecordingTelemetry(), SideBySide())
    assert sockets.post([]) == []
    assert made == []
    sockets.post([a_message("c1")])
    sockets.post([a_message("c2")])
    assert len(made) == 1


# ------------------------------------------------------------------------------------------------ against the gateway


def test_the_client_has_time_limits_and_bounded_retries() -> None:
    """As made for the real service."""
    with mock_aws():
        config = new_gateway_client(REGION, "https://api.execute-api.eu-west-1.amazonaws.com/live").meta.config
    assert (config.connect_timeout, config.read_timeout, config.tcp_keepalive) == (1, 2, True)
    assert config.retries == {"total_max_attempts": 2, "mode": "standard"}


def test_a_post_passes_the_checks_of_the_real_client() -> None:
    """Its parameters are the operation's own."""
    with mock_aws():
        sockets = sockets_to(new_gateway_client(REGION, "https://api.execute-api.eu-west-1.amazonaws.com/live"))
        assert sockets.post([a_message("c1", type="ring")]) == [True]
        backend = apigatewaymanagementapi_backends["123456789012"][REGION]
        assert backend.connections["c1"].data == b'{"type":"ring"}'


TELLS_ITS_ID = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"id": event["requestContext"]["connectionId"]})}
"""


@contextmanager
def socket_api(endpoint: str) -> Iterator[str]:
    """A WebSocket API on the emulator whose $default route answers the connection's id; gives the API's id."""
    options = {"region_name": REGION, "endpoint_url": endpoint}
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
    functions, gateway = session.client("lambda", **options), session.client("apigatewayv2", **options)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("tell.py", TELLS_ITS_ID)
    name = f"tell-{uuid.uuid4().hex}"
    function = functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Handler="tell.handler",
        Role="arn:aws:iam::000000000000:role/tell",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    api = gateway.create_api(Name=name, ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")["ApiId"]
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    target = gateway.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=uri)["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="$default", Target=f"integrations/{target}")
    gateway.create_stage(ApiId=api, StageName="live", AutoDeploy=True)
    try:
        yield api
    finally:
        gateway.delete_api(ApiId=api)
        functions.delete_function(FunctionName=name)
        gateway.close()
        functions.close()


def id_of(socket: ClientConnection) -> str:
    """The gateway's name for a socket, asked through it."""
    socket.send("who am I")
    connection_id: str = json.loads(socket.recv(timeout=30))["id"]
    return connection_id


def test_a_message_arrives_at_an_open_socket_and_a_closed_one_is_gone() -> None:
    """Real sockets through the emulated gateway: two are open, one closes, one never was."""
    try:
        endpoint = kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))
    with socket_api(endpoint) as api:
        path = f"{endpoint}/_aws/execute-api/{api}/live"
        client = boto3.client(
            "apigatewaymanagementapi",
            endpoint_url=path,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        sockets = sockets_to(client)
        with connect(path.replace("http", "ws", 1), open_timeout=30) as stays:
            with connect(path.replace("http", "ws", 1), open_timeout=30) as leaves:
                ids = [id_of(stays), id_of(leaves)]
                assert sockets.post([a_message(name, type="ring") for name in ids]) == [True, True]
                assert [json.loads(socket.recv(timeout=10)) for socket in (stays, leaves)] == [{"type": "ring"}] * 2
            deadline = time.monotonic() + 10
            while sockets.post([a_message(ids[1])]) == [True] and time.monotonic() < deadline:
                time.sleep(0.05)  # the gateway notices a moment after the close
            assert sockets.post([a_message(ids[0]), a_message(ids[1]), a_message("never-was")]) == [True, False, False]
        client.close()

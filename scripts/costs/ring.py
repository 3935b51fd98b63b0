"""A real ring, counted: the deployed functions' own handlers on the AWS adapters, from the minute tick to the last `stop`.

So many users have a phone (push), a laptop (push and an open socket) and one daily alarm in the same second. The tick finds
it, the queue's message rings it, the phone reports `shown` over HTTP and dismisses; the announcement and the ladder follow.
DynamoDB and SQS are emulated, the push service is the tests' own, and the clock jumps over every wait.
"""

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import boto3
from pydantic import SecretStr

from scripts.costs.counted import CountedPush, CountedQueue, CountedSockets
from scripts.costs.counting import SECRET, VAPID
from scripts.costs.gateway import running_gateway
from scripts.costs.meter import JumpingClock, Meter, MeteredConnection, Tee
from smartalarm import ports, wiring
from smartalarm.accounts.accounts import Accounts
from smartalarm.accounts.profile import NewAccount
from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.adapters.dynamo import DynamoConnections, DynamoCounters, DynamoStore, Limits, Patience, Table, create_table
from smartalarm.adapters.dynamo.opening import open_connection
from smartalarm.adapters.entropy import SystemEntropy
from smartalarm.adapters.pokes import NoPokes
from smartalarm.adapters.side_by_side import SideBySide
from smartalarm.adapters.sockets_apigateway import GatewaySockets
from smartalarm.adapters.telemetry_aws import AwsTelemetry
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.adapters.webpush import WebPushService
from smartalarm.alarms.alarm import NewAlarm
from smartalarm.alarms.alarms import Alarms
from smartalarm.alarms.schedule import Schedule
from smartalarm.catalog import load_functions
from smartalarm.hosts.aws import answer
from smartalarm.injection import Injector
from smartalarm.preconditions import IdempotencyKey
from smartalarm.ringing.device import NewDevice, PushSubscription
from smartalarm.ringing.devices import Devices
from smartalarm.settings import Settings
from tests.fakes import QuickPasswords
from tests.servers.cloud_events import http_api_event, json_call, sqs_event
from tests.servers.ministack import running_ministack
from tests.servers.push_service import RunningPushService, running_push_service

REGION = "us-east-1"
PATIENT = Limits(connect_seconds=10, read_seconds=30)
SET_AHEAD = timedelta(hours=1)
TICK_BEFORE = timedelta(minutes=3)
ANSWER_HEAD_BYTES = 500  # headers of an HTTP answer


@dataclass
class Owner:
    """A user, the push subscriptions of phone and laptop, the occurrence that rings and the token that answers it."""

    id: str
    subscriptions: tuple[str, ...]
    occurrence: str
    answer_token: str = ""


class World:
    """All of it, ready to ring."""

    def __init__(
        self, meter: Meter, push: RunningPushService, endpoint: str, gateway: str, clock: ports.Clock | None = None
    ) -> None:
        self.meter, self.push = meter, push
        self.clock: ports.Clock = clock or JumpingClock(meter)
        settings = Settings(
            database_provider="dynamodb",
            jwt_secret_key=SecretStr(SECRET),
            vapid_private_key=SecretStr(VAPID),
            push_allowed_hosts=(push.host,),
            websocket_url="wss://sockets.example/live",
            api_base_url="https://alarm.example.org",
        )
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106  an emulator's
        client = open_connection(REGION, endpoint, PATIENT, session).client
        connection = MeteredConnection(client, meter)
        patience = Patience(self.clock, SystemEntropy())
        self.table = Table(connection, f"cost-{uuid.uuid4().hex}", patience=patience)
        create_table(self.table, removes_expired=False)
        bounds = {"connect_seconds": 5, "read_seconds": 10, "attempts": 1, "session": session}
        sqs = meter.watch(new_aws_client("sqs", REGION, endpoint, **bounds), "queue")
        self.queue_url = str(sqs.create_queue(QueueName=f"cost-{uuid.uuid4().hex}")["QueueUrl"])
        self.queue = CountedQueue(sqs, self.queue_url, meter)
        management = new_aws_client("apigatewaymanagementapi", REGION, gateway, **bounds)
        sockets = GatewaySockets(lambda: meter.watch(management, "socket"), AwsTelemetry(), SideBySide())
        pushing = WebPushService(VAPID, "mailto:cost@example.org", settings.push_allowed_hosts, clock=self.clock)
        table = self.table
        self.injector = Injector(
            {
                Settings: lambda: settings,
                ports.Clock: lambda: self.clock,
                ports.Entropy: SystemEntropy,
                ports.Passwords: QuickPasswords,
                ports.Signer: lambda: JwtSigner(SECRET, "smartalarm", "smartalarm"),
                ports.PushService: lambda: CountedPush(pushing, meter),
                ports.Store: lambda: DynamoStore(table),
                ports.Counters: lambda: DynamoCounters(table),
                ports.Connections: lambda: DynamoConnections(table),
                ports.RingQueue: lambda: self.queue,
                ports.Sockets: lambda: CountedSockets(sockets, meter),
                ports.Pokes: NoPokes,  # rings and their answers poke nobody there (docs/adr/0014)
                ports.Telemetry: AwsTelemetry,
            }
        )
        self._functions = {function.name: function for function in load_functions()}

    # ---- people

    def settle(self, number: int, ahead: timedelta = SET_AHEAD) -> list[Owner]:
        """So many users with two devices each, and the alarm of all, so far ahead."""
        due_at = (self.clock.now() + ahead).replace(microsecond=0)
        return [self._owner(index, due_at) for index in range(number)]

    def _owner(self, index: int, due_at: Any) -> Owner:
        get = self.injector.get
        new = NewAccount(email=f"{uuid.uuid4().hex}@example.org", password=uuid.uuid4().hex, time_zone="Europe/Madrid")
        user = get(Accounts).register(new, client_address=f"address-{index}").user.id
        names = ("Phone", "Laptop")
        ids, subscriptions = [str(uuid.uuid4()) for _ in names], [self.push.subscribe() for _ in names]
        for name, device_id, made in zip(names, ids, subscriptions, strict=True):
            keys = PushSubscription.model_validate({key: made[key] for key in ("endpoint", "keys")})
            get(Devices).put(user, device_id, NewDevice(name=name, platform="web", push_subscription=keys), expected=None)
        connection = ports.Connection(f"{uuid.uuid4().hex[:15]}=", user, ids[1], self.clock.now())
        get(ports.Connections).open(connection)
        schedule = Schedule(start=due_at.replace(tzinfo=None), rrule="FREQ=DAILY")
        alarm = NewAlarm(label="Get up for work", time_zone="UTC", schedule=schedule)
        view = get(Alarms).create(user, alarm, IdempotencyKey(None, ""))
        if view.next is None:
            raise RuntimeError("the alarm has no next occurrence")
        return Owner(user, tuple(made["id"] for made in subscriptions), view.next.id)

    # ---- what Amazon does

    def invoke(self, name: str, function: str, event: Mapping[str, Any]) -> Any:
        """One invocation."""
        declaration = self._functions[function]
        context = SimpleNamespace(aws_request_id=str(uuid.uuid4()))
        with self.meter.invocation(name, function, declaration.memory_mb):
            result = answer(declaration, dict(event), context)
        told = result if isinstance(result, dict) else {}
        if told.get("batchItemFailures") or told.get("statusCode", HTTPStatus.OK) != HTTPStatus.OK:
            raise RuntimeError(f"{name}: {result}")
        return result

    def deliver(self, name: str) -> int:
        """Every message that waits, each a batch of its own as on a quiet queue: received, consumed, deleted."""
        bodies, self.queue.bodies[:] = list(self.queue.bodies), []
        for body in bodies:
            self.invoke(name, "ring_due", sqs_event({str(uuid.uuid4()): body}))
            self.meter.phases[name].counts["sqs_requests"] += 2
        return len(bodies)

    def post(self, name: str, function: str, owner: Owner, verb: str, body: Mapping[str, Any]) -> None:
        """One HTTP call of the phone with the token that its push message brought."""
        path = f"/api/v1/occurrences/{owner.occurrence}/{verb}"
        call = json_call("POST", path, dict(body), authorization=f"Bearer {owner.answer_token}")
        result = self.invoke(name, function, http_api_event(call))
        phase = self.meter.phases[name]
        phase.counts["http_requests"] += 1
        phase.bytes_out += len(result["body"]) + sum(len(k) + len(v) + 4 for k, v in result["headers"].items())
        phase.bytes_out += ANSWER_HEAD_BYTES

    def pass_time(self, **by: float) -> None:
        """Jump ahead."""
        self.clock.wait_until(self.clock.now() + timedelta(**by))


def ring(together: int, *, looks: bool = True) -> Meter:
    """Count so many users' ring in one second. Raises RuntimeError when it is no ring as it should be."""
    meter = Meter(looks=looks)
    with ExitStack() as stack:
        endpoint = stack.enter_context(running_ministack())
        push = stack.enter_context(running_push_service())
        gateway = stack.enter_context(running_gateway())
        stack.enter_context(contextlib.redirect_stdout(Tee(meter)))
        stack.callback(partial(wiring.use, None))
        world = World(meter, push, endpoint, gateway)
        stack.callback(world.table.client.delete_table, TableName=world.table.name)
        stack.enter_context(_warmed(world))
        _tell(world, together)
    return meter


@contextmanager
def _warmed(world: World) -> Iterator[None]:
    """Everything imported and connected, as in a process that has rung before."""
    wiring.use(world.injector)
    _tell(world, 2)
    world.meter.phases.clear()
    world.meter.commits.clear()
    yield


def _tell(world: World, together: int) -> None:
    owners = world.settle(together)
    world.pass_time(seconds=(SET_AHEAD - TICK_BEFORE).total_seconds())
    world.invoke("tick", "dispatch_due", {})
    world.pass_time(seconds=TICK_BEFORE.total_seconds() - 4)
    if world.deliver("ring") != 1:
        raise RuntimeError("the alarms of one second did not travel in one message")
    ladder, world.queue.bodies[:] = list(world.queue.bodies), []
    for owner in owners:
        owner.answer_token = _answer_token(world.push, owner)
    world.pass_time(seconds=1)
    for owner in owners:
        world.post("shown", "acknowledge_occurrence", owner, "ack", {"event": "shown"})
    world.pass_time(seconds=9)
    for owner in owners:
        world.post("dismiss", "dismiss_occurrence", owner, "dismiss", {})
    if world.deliver("announce") != together:
        raise RuntimeError("not every dismissal was announced")
    world.pass_time(seconds=20)
    world.queue.bodies[:] = ladder
    world.deliver("ladder")
    world.pass_time(hours=1)
    world.invoke("idle tick", "dispatch_due", {})
    for owner in owners:
        ledger = world.injector.get(ports.Store).get(owner.id, "occurrence", owner.occurrence).fields
        events = [entry["event"] for entry in ledger["ledger"]]
        is_reached = events.count("accepted") == len(owner.subscriptions)
        if ledger["state"] != "dismissed" or not is_reached or "shown" not in events:
            raise RuntimeError(f"this is no ring to count: {events}")


def _answer_token(push: RunningPushService, owner: Owner) -> str:
    for message in push.messages(owner.subscriptions[0], 5):
        body = json.loads(message["text"])
        if body["type"] == "ring":
            return str(body["answer"]["token"])
    raise RuntimeError("the phone did not ring")

"""What each function may do follows from its ports; and what may only read, does."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from scripts.manifest.cloudformation import Json, read
from scripts.manifest.roles import PERMISSIONS, PermissionsError, only_reads, schedule_role, statements
from smartalarm import ports, wiring
from smartalarm.adapters import memory
from smartalarm.adapters.onnx import OnnxStager
from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT, load_functions
from smartalarm.http import Response
from smartalarm.injection import PORTS
from smartalarm.settings import Settings
from tests.fakes import RecordingQueue
from tests.hosts.clients import GcpClient
from tests.hosts.story import tell
from tests.servers.cloud_events import Call

FUNCTIONS = {declaration.name: declaration for declaration in load_functions()}
ON_AWS = {name: declaration for name, declaration in FUNCTIONS.items() if "aws" in declaration.hosts}
READS: dict[type, set[str]] = {
    ports.Store: {
        *("get", "read", "page", "list_many", "count", "changes", "seq", "timers", "users_with_timers", "claim", "ping"),
    },
    ports.Connections: {"find", "of", "last_seen"},
    ports.Counters: set(),
    ports.RingQueue: set(),
    ports.Sockets: set(),
}


def actions(name: str) -> set[str]:
    """All that a function may do, anywhere."""
    return {action for statement in statements(FUNCTIONS[name]) for action in statement["Action"]}


def who_may(action: str) -> set[str]:
    """The functions on AWS that may do it."""
    return {name for name in ON_AWS if action in actions(name)}


def test_a_function_without_ports_may_write_its_log_and_nothing_else() -> None:
    """Also the documentation, which needs neither database nor secret."""
    own = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert actions("check_live") == actions("serve_docs") == actions("answer_unmatched") == actions("show_metrics") == own


def test_a_function_may_write_its_own_log_group_alone() -> None:
    """By its name, in this stage."""
    first = statements(FUNCTIONS["create_alarm"])[0]
    assert first["Resource"]["Fn::Sub"].endswith(":log-group:/aws/lambda/smartalarm-${Stage}-create_alarm:*")


def test_the_secret_is_read_only_where_something_is_signed_or_pushed() -> None:
    """So the sweep never does, nor what answers a socket."""
    needs = {name for name, each in ON_AWS.items() if each.ports & {ports.Signer, ports.PushService}}
    assert who_may("secretsmanager:GetSecretValue") == needs
    assert needs.isdisjoint({"dispatch_due", "purge_expired", "open_socket", "close_socket", "answer_socket", "check_ready"})


def test_only_the_purge_walks_the_table() -> None:
    """A scan reads everybody's data."""
    assert who_may("dynamodb:Scan") == {"purge_expired"}


def test_only_the_consumer_takes_from_the_queue() -> None:
    """And who hands timers over may only put them in."""
    assert who_may("sqs:ReceiveMessage") == who_may("sqs:DeleteMessage") == {"ring_due"}
    assert actions("dispatch_due") >= {"sqs:SendMessage", "dynamodb:UpdateItem"}


def test_what_asks_by_get_may_change_nothing() -> None:
    """Neither documents nor queues nor sockets."""
    reading = {name for name, declaration in ON_AWS.items() if only_reads(declaration)}
    assert {"list_alarms", "get_alarm", "get_profile", "export_account", "list_occurrences"} <= reading
    for name in reading:
        allowed = {action for action in actions(name) if not action.startswith("logs:")}
        assert allowed <= {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "secretsmanager:GetSecretValue"}


def test_a_port_that_nobody_thought_of_stops_the_generation() -> None:
    """Rather than a function that is denied at three in the morning."""
    without = {name: value for name, value in read(PERMISSIONS).items() if name != "RingQueue"}
    with pytest.raises(PermissionsError, match="RingQueue, which dispatch_due can reach"):
        statements(FUNCTIONS["dispatch_due"], without)


def test_every_port_that_permissions_speak_of_exists() -> None:
    """And every function."""
    known = {port.__name__ for port in PORTS} | {type(each).__name__ for each in ON_AWS.values()} | {"Every", "Functions"}
    permissions: Json = read(PERMISSIONS)
    assert permissions.keys() - known == set()
    assert permissions["Functions"].keys() - ON_AWS.keys() == set()


def test_a_schedules_role_may_start_its_function_and_write_dead_letters() -> None:
    """Nothing else."""
    target = {"Fn::GetAtt": ["DispatchUnderscoredueLambdaFunction", "Arn"]}
    role = schedule_role(target)["Properties"]
    allowed = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert [(each["Action"], each["Resource"]) for each in allowed] == [
        (["lambda:InvokeFunction"], target),
        (["sqs:SendMessage"], {"Fn::GetAtt": ["TickDeadLetters", "Arn"]}),
    ]


class Guarded:
    """A port that refuses to change anything while `is_reading`."""

    is_reading = False

    def __init__(self, port: type, adapter: object) -> None:
        self._reads = READS[port]
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        if Guarded.is_reading and name not in self._reads:
            raise AssertionError(f"a GET calls {name}")
        return getattr(self._adapter, name)


@pytest.fixture
def guarded() -> Iterator[None]:
    """Memory adapters behind guards, and the real models, which have nothing to change."""
    settings = Settings(
        jwt_secret_key=SecretStr("a secret of at least 32 characters"),
        vapid_private_key=SecretStr(generate_vapid_keys()[1]),
    )
    made: Mapping[type, object] = {
        ports.Store: memory.MemoryStore(),
        ports.Connections: memory.MemoryConnections(),
        ports.Counters: memory.MemoryCounters(),
        ports.RingQueue: RecordingQueue(),
    }
    replacing = {port: lambda port=port, adapter=adapter: Guarded(port, adapter) for port, adapter in made.items()}
    wiring.use(wiring.memory_injector(settings, {**replacing, ports.SleepStager: OnnxStager}))
    yield
    Guarded.is_reading = False
    wiring.use(None)


@pytest.mark.usefixtures("guarded")
def test_no_get_of_the_whole_story_changes_anything() -> None:
    """What `only_reads` promises, on every endpoint that is asked by GET."""
    asked: set[str] = set()

    def send(function: str, call: Call) -> Response:
        Guarded.is_reading = call.method == "GET"
        asked.update({function} if Guarded.is_reading else set())
        return GcpClient().send(FUNCTIONS_ROOT / function, call)

    tell(send, metrics_status=404)
    assert asked >= {name for name, each in ON_AWS.items() if only_reads(each)}

"""What Google's and Oracle's clouds ask of us beyond the main job: ticks that overlap, come late or are killed or forged."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from smartalarm.adapters.tokens import JwtSigner
from smartalarm.catalog import functions_on
from smartalarm.hosts.ticks import sign_tick
from smartalarm.http import Response
from tests.e2e.client import Client, rings
from tests.hosts.story import tell
from tests.servers.cloud_events import Call
from tests.servers.function_cloud import SECRET, FunctionCloud, running_cloud
from tests.servers.instances import MOST, Cloud
from tests.servers.postgres import fresh_database, running_postgres
from tests.servers.push_service import RunningPushService, running_push_service
from tests.servers.runtimes import exchange

pytestmark = pytest.mark.alone
JOB = "watch_due"
FIRING_SECONDS = 0.25
COLD_CPU_SECONDS = 4.0
NEXT_YEAR = {"label": "Work", "time_zone": "UTC", "schedule": {"start": "2030-01-07T07:00:00"}}


@pytest.fixture(scope="module")
def push() -> Iterator[RunningPushService]:
    """A push service that really decrypts."""
    with running_push_service() as running:
        yield running


@pytest.fixture(scope="module", params=["gcp", "oci"])
def cloud(
    request: pytest.FixtureRequest, push: RunningPushService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FunctionCloud]:
    """A cloud whose scheduler the tests are."""
    home = tmp_path_factory.mktemp("cloud")
    with running_cloud(request.param, home, {"PUSH_ALLOWED_HOSTS": push.host}, is_ticking=False) as running:
        yield running
        assert "Traceback" not in running.instances.logs()


def begin_tick(cloud: FunctionCloud) -> None:
    """A tick that nobody waits for."""
    cloud.cron.tick(JOB)


def ring_count(push: RunningPushService, phone: dict[str, Any], occurrence_id: str) -> int:
    """How often the device was told to ring for it."""
    messages = [json.loads(message["text"]) for message in push.messages(phone["id"])]
    return sum(1 for text in messages if text["type"] == "ring" and text["occurrence"]["id"] == occurrence_id)


def test_ticks_that_come_late_overlap_or_are_killed_ring_each_alarm_once(
    cloud: FunctionCloud, push: RunningPushService
) -> None:
    """Three alarms: due before the first tick came, under two ticks at once, and held by a tick that is killed."""
    client = Client(cloud.api_url)
    phone = client.subscribe(push)
    client.set_alarm(3600)  # the function's cold start is not what this is about
    late, late_at = client.set_alarm(2)
    time.sleep(max(0.0, late_at + 2 - time.time()))
    asked_at = time.time()
    begin_tick(cloud)
    begin_tick(cloud)
    assert 0 <= rings(push, phone, "ring", 15)[0]["at"] - asked_at < 10  # a cold start, and no more
    shared, shared_at = client.set_alarm(6)
    time.sleep(max(0.0, shared_at + 1 - time.time()))
    (ring,) = [m for m in push.messages(phone["id"]) if json.loads(m["text"])["occurrence"]["id"] == shared]
    assert 0 <= ring["at"] - shared_at <= FIRING_SECONDS

    held, held_at = client.set_alarm(5)
    time.sleep(max(0.0, held_at - 1.5 - time.time()))
    assert cloud.instances.kill(JOB) == (1 if cloud.instances.cloud == "gcp" else 2)
    begin_tick(cloud)
    deadline = held_at + 25
    while not ring_count(push, phone, held) and time.time() < deadline:
        time.sleep(0.2)
    time.sleep(1)
    assert [ring_count(push, phone, one) for one in (late, shared, held)] == [1, 1, 1]
    ledger = [line["event"] for line in client.call("GET", f"/occurrences/{late}")["ledger"]]
    assert "late" in ledger
    for one in (late, shared, held):
        client.call("POST", f"/occurrences/{one}/dismiss", {})


@pytest.mark.parametrize("job", [JOB, "purge_expired", "replan_alarms"])
def test_nobody_else_starts_a_job(cloud: FunctionCloud, job: str) -> None:
    """Neither without proof, nor with another job's, another account's, a forged or an expired one; the log says why."""
    now = datetime.now(UTC)
    signer = JwtSigner(SECRET, "smartalarm", "smartalarm")
    other = sign_tick("another_job", signer, now=now, lifetime_seconds=60)
    refused = [("", 401), ("nonsense", 401)]
    if cloud.instances.cloud == "gcp":
        refused += [
            (cloud.google.forge(now=now), 401),
            (cloud.google.sign(now=now, aud="https://other.example"), 401),
            (cloud.google.sign(now=now, email="other@project.iam.gserviceaccount.com"), 403),
            (cloud.google.sign(now=now, exp=int(now.timestamp()) - 1), 401),
        ]
    else:
        refused += [(other, 403), (sign_tick(job, signer, now=now, lifetime_seconds=-1), 401)]
    assert [cloud.tick(job, token=token) for token, _ in refused] == [status for _, status in refused]
    assert '"event": "tick_refused"' in cloud.instances.logs()


def test_a_job_of_the_scheduler_runs_to_its_end(cloud: FunctionCloud) -> None:
    """The two that do not stay."""
    assert [cloud.tick(job) for job in ("purge_expired", "replan_alarms")] == [204, 204]


def test_every_endpoint_answers_with_the_secrets_that_it_is_given(cloud: FunctionCloud) -> None:
    """One user's story through all of them, each in a process that never sees the others' secrets, few at a time."""

    def send(_function: str, call: Call) -> Response:
        host = cloud.api_url.removeprefix("http://")
        return exchange(HTTPConnection(host, timeout=60), call.method, call.target, call.headers, call.body)

    started_before = len(cloud.instances.cold_starts)
    visit = tell(send, metrics_status=404, has_sockets=False)
    mine = {declaration.name for declaration in functions_on(cloud.instances.cloud)}
    jobs = {"purge_expired", "replan_alarms", JOB}
    assert mine - visit.called == jobs | {"answer_unmatched"}
    assert len(cloud.instances.cold_starts) - started_before > MOST
    assert cloud.instances.alive() <= MOST


def test_a_cold_start_is_over_within_seconds(cloud: FunctionCloud, note: Callable[[str], None]) -> None:
    """From no process to the answer: the runtime with as good as nothing in it, a read, and the busiest function."""
    client = Client(cloud.api_url)
    path = client.call("POST", "/alarms", NEXT_YEAR, status=201)["id"]
    calls: dict[str, Callable[[], Any]] = {
        "check_live": lambda: client.call("GET", "/health/live"),
        "get_alarm": lambda: client.call("GET", f"/alarms/{path}"),
        "create_alarm": lambda: client.call("POST", "/alarms", NEXT_YEAR, status=201),
    }
    for function, call in calls.items():
        cloud.instances.kill(function)
        started_at = time.monotonic()
        call()
        wall, cpu = time.monotonic() - started_at, cloud.instances.cpu_seconds(function)
        note(f"{cloud.instances.cloud}: cold start of {function} {wall * 1000:.0f} ms, {cpu * 1000:.0f} ms of CPU")
        assert cpu < COLD_CPU_SECONDS


def test_nothing_listens_beyond_this_machine(cloud: FunctionCloud) -> None:
    """Every socket that a function's process listens on is of the loopback address, or a unix socket."""
    Client(cloud.api_url)
    mine = cloud.instances.open_inodes()
    assert mine
    listening = {address for address, inode in listening_sockets() if inode in mine}
    assert listening == ({"0100007F"} if cloud.instances.cloud == "gcp" else set())


def listening_sockets() -> Iterator[tuple[str, str]]:
    """(address in hexadecimal, inode) of each TCP socket of this machine that listens (proc(5))."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                yield fields[1].partition(":")[0], fields[9]


# ------------------------------------------------------------------------------------------- what a deployer gets wrong

CLOUDS: list[Cloud] = ["gcp", "oci"]


def lines_of(cloud: FunctionCloud, named: str) -> list[str]:
    """Log lines with this text."""
    return [line for line in cloud.instances.logs().splitlines() if named in line]


@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("GRACE_MINUTES", "soon", "GRACE_MINUTES: "),
        ("JWT_SECRET_KEY", "short", "JWT_SECRET_KEY: needs at least 32 characters"),
        ("JWT_SECRET_KEY", "", "JWT_SECRET_KEY: is not set"),
        ("KEYVAULT_PROVIDER", "OCI", "KEYVAULT_PROVIDER: Input should be 'env' or 'aws'"),
        ("KEYVAULT_PROVIDER", "azure", "KEYVAULT_PROVIDER: "),
    ],
)
def test_a_wrong_setting_and_a_missing_secret_are_one_line_in_the_log(
    name: Cloud, setting: str, value: str, expected: str, tmp_path: Path
) -> None:
    """It names the setting; the caller learns nothing of it."""
    nowhere = "postgresql://"
    with running_cloud(name, tmp_path, {setting: value}, is_ticking=False, is_migrated=False, database_url=nowhere) as cloud:
        answer = requests.post(
            f"{cloud.api_url}/api/v1/auth/login", json={"email": "a@b.example", "password": "x"}, timeout=30
        )
        assert answer.status_code == 500
        assert setting not in answer.text
        assert len(lines_of(cloud, expected)) == 1
        assert len(lines_of(cloud, "Traceback")) <= 1


@pytest.mark.parametrize("name", CLOUDS)
def test_a_database_without_its_tables_or_permissions_says_so_in_one_line(name: Cloud, tmp_path: Path) -> None:
    """503 to the caller, and to the scheduler, which tries again; no function migrates anything."""
    with running_postgres() as server, fresh_database(server) as url:
        (tmp_path / "bare").mkdir()
        with running_cloud(name, tmp_path / "bare", is_ticking=False, is_migrated=False, database_url=url) as cloud:
            assert requests.get(f"{cloud.api_url}/api/v1/health/ready", timeout=30).status_code == 503
            assert cloud.tick(JOB) == 503
            assert len(lines_of(cloud, "tables are missing: run `make migrate`")) == 2
            assert not lines_of(cloud, "Traceback")
        _forbid(url)
        (tmp_path / "forbidden").mkdir()
        mine = url.replace("postgres@", "stranger@")
        with running_cloud(name, tmp_path / "forbidden", is_ticking=False, is_migrated=False, database_url=mine) as cloud:
            assert requests.get(f"{cloud.api_url}/api/v1/health/ready", timeout=30).status_code == 503
            assert len(lines_of(cloud, "The database user lacks a permission")) == 1


def _forbid(url: str) -> None:
    """Make the tables, and a user who may not read them."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute("CREATE TABLE users (id text)")
        connection.execute("DO $$ BEGIN CREATE USER stranger; EXCEPTION WHEN duplicate_object THEN NULL; END $$")

"""The product deployed to an emulated AWS on loopback by its own serverless.yml, for `make cloud`, `make cloud-up`, tests.

    with running_cloud(enforces_iam=True) as cloud:
        cloud.deploy({"RING_LOOK_AHEAD_SECONDS": "30"})
        cloud.site_url                                    # where devices are served, like CloudFront's domain
        cloud.client("sqs").send_message(...)             # as the deploying administrator

The emulator, what it stores and the functions it runs end with this process, however it ends.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from scripts.artefacts.target import this_machine
from scripts.deployment.secret import ensure_secret
from scripts.installing import ROOT, ToolMissing, locked, serverless
from tests.servers.edge import Edge, running_edge
from tests.servers.ministack_process import START_SECONDS, MinistackMissing, installed

REGION = "us-east-1"
STAGE = "dev"
STACK = f"smartalarm-{STAGE}"
ARTEFACTS = "dist/aws-emulated"
THIS_MACHINE = this_machine()
DEPLOY_SECONDS = 240
BUILD_SECONDS = 300
ROOM_BYTES = 4 << 30
METRICS = '{"_aws"'  # how a line in the embedded metric format begins
ADMINISTRATOR = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}  # the emulator's root, also with IAM enforced


class DeployFailed(Exception):
    """A step of the deployment failed; the text is the end of its output."""


class EmulatedCloud:
    """A started emulator. `endpoint` is its address, `edge` what devices reach; `say` takes progress lines."""

    def __init__(self, endpoint: str, edge: Edge, home: Path, say: Callable[[str], None]) -> None:
        self.endpoint = endpoint
        self.edge = edge
        self.site_url = edge.url
        self.api_url = ""
        self.sockets_url = ""
        self._home = home
        self._say = say

    def client(self, service: str, credentials: Mapping[str, str] | None = None) -> Any:
        """A boto3 client, with the administrator's or other credentials (the names of `sts.assume_role`)."""
        given = credentials or {"AccessKeyId": "test", "SecretAccessKey": "test"}
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given.get("SessionToken"),
        )

    def deploy(self, settings: Mapping[str, str]) -> None:
        """Make the secret and run `serverless deploy`; a second call builds and deploys again. Raises DeployFailed."""
        if self.api_url:  # `running_cloud` has just built
            self._step("build", _build)
        secret = ensure_secret(self.client("secretsmanager"), STAGE)
        environment = {**self.environment(), "ORIGIN_SECRET_SHA256": secret.origin_sha256, **settings}
        self._step("serverless deploy", lambda: self._tell_dropped(_serverless_deploy(environment, self._home)))
        self.api_url = f"{self.endpoint}/_aws/execute-api/{self.physical_id('HttpApi')}"
        self.sockets_url = (
            f"{self.endpoint.replace('http', 'ws', 1)}/_aws/execute-api/{self.physical_id('WebsocketsApi')}/{STAGE}"
        )
        self.open_site()

    def open_site(self) -> None:
        """Let the edge lead to the distribution that is deployed."""
        distribution = self.client("cloudfront").get_distribution(Id=self.physical_id("Distribution"))["Distribution"]
        self.edge.front(self.endpoint, distribution["DomainName"])

    def secret(self) -> dict[str, str]:
        """The stage's secret."""
        text = self.client("secretsmanager").get_secret_value(SecretId=f"smartalarm/{STAGE}")["SecretString"]
        content: dict[str, str] = json.loads(text)
        return content

    def physical_id(self, logical_id: str) -> str:
        """What a resource of the stack is really called."""
        stack = self.client("cloudformation")
        name: str = stack.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)["StackResourceDetail"][
            "PhysicalResourceId"
        ]
        return name

    def role_of(self, function: str) -> str:
        """The name of a function's own role."""
        arn = self.client("lambda").get_function_configuration(FunctionName=f"smartalarm-{STAGE}-{function}")["Role"]
        name: str = arn.rpartition("/")[2]
        return name

    def log_lines(self, function: str) -> list[str]:
        """What a function wrote, oldest first, without the platform's own START, END and ROOTRT."""
        lines = self.raw_log(function)
        return [line for line in lines if not line.startswith(("START ", "END ", "ROOTRT "))]

    def raw_log(self, function: str) -> list[str]:
        """Every line of a function's log group, oldest first; none when it never ran."""
        logs = self.client("logs")
        try:
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=f"/aws/lambda/smartalarm-{STAGE}-{function}"
            )
            return [event["message"].rstrip() for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def logs(self) -> str:
        """What every function and the emulator wrote, for the report of a test that failed."""
        groups = self.client("logs").get_paginator("describe_log_groups").paginate()
        prefix = f"/aws/lambda/smartalarm-{STAGE}-"
        names = [g["logGroupName"].removeprefix(prefix) for page in groups for g in page["logGroups"]]
        lines = [f"{name}: {line}" for name in names for line in self.log_lines(name) if not line.startswith(METRICS)]
        return "\n".join([*lines, (self._home / "server.log").read_text(errors="replace")[-3000:]])

    def _tell_dropped(self, output: str) -> None:
        """Repeat what the loopback plugin said."""
        for line in output.splitlines():
            if line.startswith("loopback: "):
                self._say(line)

    def _step(self, name: str, work: Callable[[], None]) -> None:
        started_at = time.monotonic()
        work()
        self._say(f"{name}: {time.monotonic() - started_at:.1f} s")

    def environment(self) -> dict[str, str]:
        """What `serverless deploy` sees; nothing of ours but the way to node."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **ADMINISTRATOR,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "SITE_URL": self.site_url,
            "SMARTALARM_DIST": ARTEFACTS,
            "SMARTALARM_RUNTIME": f"python{THIS_MACHINE.python}",
            "SMARTALARM_ARCHITECTURE": THIS_MACHINE.architecture,
            "SLS_AWS_MONITORING_FREQUENCY": "250",
            "SLS_TELEMETRY_DISABLED": "1",
            "SLS_NOTIFICATIONS_MODE": "off",
            "CI": "1",
        }


@contextmanager
def running_cloud(
    *, enforces_iam: bool, port: int = 0, say: Callable[[str], None] = lambda _: None
) -> Iterator[EmulatedCloud]:
    """An emulator of its own with nothing deployed yet, and an edge in front. Raises MinistackMissing or DeployFailed."""
    with running_edge(port) as edge, tempfile.TemporaryDirectory(prefix="smartalarm-cloud-", dir=_roomy_memory()) as home:
        python = _prepared(say)  # a port that is in use was refused before this takes its time
        command = [
            sys.executable,
            "-m",
            "tests.servers.ministack_process",
            str(python),
            home,
            *(["auth"] if enforces_iam else []),
        ]
        # The pipe to its standard input ends with us, however we end: then the keeper stops the emulator.
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
            assert keeper.stdin is not None
            try:
                yield EmulatedCloud(_announced(keeper), edge, Path(home), say)
            finally:
                keeper.stdin.close()
                try:
                    keeper.wait(30)
                except subprocess.TimeoutExpired:
                    keeper.kill()


def _roomy_memory() -> str | None:
    """Where the emulator unpacks every layer for every function: 70,000 files, which take a disk a minute."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own in it, like in /tmp
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES else None


def _prepared(say: Callable[[str], None]) -> Path:
    """Install the emulator and the deployment tool and build, side by side; gives the emulator's Python."""
    started_at = time.monotonic()
    with ThreadPoolExecutor() as pool:
        python = pool.submit(installed)
        for step in [pool.submit(_install_serverless), pool.submit(_build)]:
            step.result()
        say(f"emulator, deployment tool and build: {time.monotonic() - started_at:.1f} s")
        return python.result()


def _announced(keeper: "subprocess.Popen[str]") -> str:
    assert keeper.stdout is not None
    ready, _, _ = select.select([keeper.stdout], [], [], 2 * START_SECONDS)
    line = keeper.stdout.readline().strip() if ready else ""
    if not line.startswith("http://"):
        raise MinistackMissing("the emulated cloud did not start")
    return line


def _install_serverless() -> None:
    try:
        serverless()
    except ToolMissing as missing:
        raise DeployFailed(str(missing)) from missing


def _build() -> None:
    """Layers and functions for the interpreter and the machine that the emulator runs them with."""
    with locked(ROOT / "dist" / ".aws-emulated.lock"):
        _run([sys.executable, "scripts/build.py", "--here"], os.environ, BUILD_SECONDS)


def _serverless_deploy(environment: Mapping[str, str], home: Path) -> str:
    """Deploy serverless.yml from a folder of its own, because the tool keeps its state beside it; gives what it printed."""
    service = home / "service"
    shutil.rmtree(service, ignore_errors=True)
    shutil.copytree(ROOT / "infra" / "aws", service / "infra" / "aws")
    shutil.copy(ROOT / "serverless.yml", service)
    for name in ("dist", "node_modules", "package.json"):
        (service / name).symlink_to(ROOT / name)
    tool = str(ROOT / "node_modules" / ".bin" / "serverless")
    return _run([tool, "deploy", "--stage", STAGE], environment, DEPLOY_SECONDS, service)


def _run(command: list[str], environment: Mapping[str, str], seconds: float, cwd: Path = ROOT) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, env=dict(environment), capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DeployFailed(f"{' '.join(command[:3])} took longer than {seconds:.0f} s") from error
    if done.returncode != 0:
        raise DeployFailed(f"{' '.join(command[:3])} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout + done.stderr

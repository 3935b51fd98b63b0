"""What a cold start needs around it: the built layers unpacked, and an emulated AWS with a table, a queue and a secret.

Functions run as Lambda runs them (tests/bench/cold_process.py): each in a fresh process, or warm in one that stays.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import functions_on
from tests.servers.dynamo_table import REGION, fresh_table
from tests.servers.ministack import running_ministack
from tests.servers.push_service import RunningPushService, running_push_service

ROOT = Path(__file__).resolve().parents[2]
CALL_SECONDS = 60
BUILD_SECONDS = 300
SHORTEST_LOOK_AHEAD = "15"
LAYERS = ("opt", "opt-inference")
"""What every function has, and what those that infer have beside it."""
# What no function that stores anything can do without.
BASELINE = f"""
from datetime import datetime
from pydantic import BaseModel
from pynamodb.connection import Connection

class Alarm(BaseModel):
    id: str
    at: datetime
    days: list[int] = []

def aws(event, context):
    Alarm.model_validate({{"id": "a", "at": "2030-01-01T00:00:00Z"}})
    return Connection(region="{REGION}").client.meta.service_model.service_name
"""


@dataclass(frozen=True)
class Answer:
    """What a function gave, and the CPU seconds of its process up to then."""

    result: Any
    cpu_seconds: float


class ColdWorld:
    """Use `cold_world()`. `samples`: CPU seconds of cold starts by function; `baseline` those of the measure."""

    def __init__(
        self, home: Path, env: Mapping[str, str], queue: "Queue", push: RunningPushService, public_key: str
    ) -> None:
        self.queue, self.push, self.public_key = queue, push, public_key
        self.samples: dict[str, list[float]] = {}
        self._home, self._env = home, env
        self._inferring = {function.name for function in functions_on("aws") if function.infers}
        self._warm: subprocess.Popen[str] | None = None

    def cold(self, function: str, event: Any) -> Answer:
        """The first answer of a fresh process, whose CPU time is kept."""
        answer = self._ask(function, event)
        self.samples.setdefault(function, []).append(answer.cpu_seconds)
        return answer

    def unmeasured(self, function: str, event: Any) -> Answer:
        """The same, not kept."""
        return self._ask(function, event)

    def warm(self, function: str, event: Any) -> Answer:
        """The answer of the one process that stays; it sweeps and hands over no further ahead than it must."""
        if self._warm is None:
            self._warm = self._start(LAYERS, {"RING_LOOK_AHEAD_SECONDS": SHORTEST_LOOK_AHEAD})
        child = self._warm
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(self._order(function, event))
        child.stdin.flush()
        return Answer(**json.loads(child.stdout.readline()))

    def median(self, function: str) -> float:
        """CPU seconds of a cold start."""
        return statistics.median(self.samples[function])

    def measure_baseline(self) -> None:
        """One more sample of the measure."""
        assert self.cold("baseline", {}).result == "dynamodb"

    def close(self) -> None:
        """End the process that stays."""
        if self._warm is not None:
            self._warm.communicate(timeout=CALL_SECONDS)

    def _ask(self, function: str, event: Any) -> Answer:
        child = self._start(LAYERS if function in self._inferring else LAYERS[:1], {})
        try:
            output, errors = child.communicate(self._order(function, event), timeout=CALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise
        if not output:
            raise RuntimeError(f"{function} gave no answer:\n{errors[-3000:]}")
        return Answer(**json.loads(output))

    def _start(self, layers: Sequence[str], more: Mapping[str, str]) -> "subprocess.Popen[str]":
        interpreter = getattr(sys, "_base_executable", sys.executable)  # not this environment's: the layers are all it has
        places = [str(self._home / layer / "python") for layer in layers]
        program = [interpreter, "-I", "-S", str(ROOT / "tests/bench/cold_process.py"), *places]
        log = subprocess.PIPE if not more else subprocess.DEVNULL
        env = {**self._env, **more}
        return subprocess.Popen(program, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)

    def _order(self, function: str, event: Any) -> str:
        handler = self._home / "functions" / function / "handler.py"
        return json.dumps({"handler": str(handler), "event": event}) + "\n"


class Queue:
    """The ring queue."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self.url = client, url

    def receive(self, seconds: int) -> list[str]:
        """Bodies that became visible, taken off the queue; waits for the first."""
        found = self._client.receive_message(QueueUrl=self.url, WaitTimeSeconds=seconds, MaxNumberOfMessages=10)
        messages = found.get("Messages", [])
        for message in messages:
            self._client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]


@contextmanager
def cold_world() -> Iterator[ColdWorld]:
    """Everything started and empty. Raises MinistackMissing."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cold-start-")))
        _unpack(home)
        endpoint = stack.enter_context(running_ministack())
        table, _ = stack.enter_context(fresh_table(endpoint))
        push = stack.enter_context(running_push_service())
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
        name = f"cold-{uuid.uuid4().hex}"
        sqs, vault = (session.client(service, endpoint_url=endpoint) for service in ("sqs", "secretsmanager"))
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        stack.callback(sqs.delete_queue, QueueUrl=url)
        public_key, private_key = generate_vapid_keys()
        secret = {"JWT_SECRET_KEY": uuid.uuid4().hex * 2, "VAPID_PUBLIC_KEY": public_key, "VAPID_PRIVATE_KEY": private_key}
        vault.create_secret(Name=name, SecretString=json.dumps(secret))
        stack.callback(vault.delete_secret, SecretId=name, ForceDeleteWithoutRecovery=True)
        env = {
            "PATH": os.defpath,
            "HOME": str(home),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_LAMBDA_FUNCTION_NAME": "cold-start",
            "DATABASE_PROVIDER": "dynamodb",
            "CONNECTION_STRING": table.name,
            "RING_QUEUE_URL": url,
            "KEYVAULT_PROVIDER": "aws",
            "KEYVAULT_SECRET": name,
            "PUSH_ALLOWED_HOSTS": push.host,
            "WEBSOCKET_URL": f"{endpoint.replace('http', 'ws', 1)}/_aws/execute-api/abcd1234/live",
        }
        world = ColdWorld(home, env, Queue(sqs, url), push, public_key)
        stack.callback(world.close)
        yield world


def _unpack(home: Path) -> None:
    """What a deployment puts below /opt and /var/task, built for this interpreter."""
    dist = home / "dist"
    command = [sys.executable, str(ROOT / "scripts/build.py"), "--here", "--into", str(dist)]
    subprocess.run(command, check=True, capture_output=True, timeout=BUILD_SECONDS)
    for layer in ("runtime", "smartalarm", "inference"):
        with zipfile.ZipFile(dist / "layers" / f"{layer}.zip") as archive:
            archive.extractall(home / LAYERS[layer == "inference"])
    for path in (dist / "functions").glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(home / "functions" / path.stem)
    baseline = home / "functions/baseline"
    baseline.mkdir()
    (baseline / "handler.py").write_text(BASELINE)

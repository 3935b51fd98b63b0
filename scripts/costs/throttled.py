"""The ring consumer with a part of a processor, as Lambda gives it: when its pushes arrive, cold and warm.

The real handler runs in a process of its own on the emulated cloud, in real time. That process is stopped and continued
fifty times a second, so that it runs for its memory's share of each 20 ms. It starts when a message would reach it. Its
first imports have the whole processor, as Lambda gives to a start as far as is known; the first ring pays for all others.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from typing import IO, Final

from scripts.costs.counting import ENVIRONMENT, ROOT
from scripts.costs.gateway import running_gateway
from scripts.costs.meter import Meter
from scripts.costs.prices import assumed
from scripts.costs.ring import REGION, Owner, World
from smartalarm import wiring
from smartalarm.adapters.clock import SystemClock
from smartalarm.ringing.messages import body_to_timers
from tests.servers.cloud_events import sqs_event
from tests.servers.ministack import running_ministack
from tests.servers.push_service import RunningPushService, running_push_service

PERIOD_SECONDS: Final = 0.02
EARLIEST_SECONDS: Final = 2.5  # a message comes to the nearest second: this is the least that is left
RINGS: Final = (("1 ring, cold", 1, 40), ("1 ring, warm", 1, 47), ("25 in one message, warm", 25, 54))
ROUNDS: Final = 3
_CONSUMER: Final = """
import json, sys
from types import SimpleNamespace
from handler import aws
print("started", flush=True)
for line in sys.stdin:
    print(json.dumps(aws(json.loads(line), SimpleNamespace(aws_request_id="throttled"))), file=sys.stderr, flush=True)
"""


def lateness(memory_mb: int) -> dict[str, float]:
    """Milliseconds after the instant at which the last device of a batch was reached, by kind of batch.

    The best of some rounds: what else the machine does only adds to it.
    """
    rounds = [_lateness(memory_mb) for _ in range(ROUNDS)]
    return {name: min(found[name] for found in rounds) for name in rounds[0]}


def _lateness(memory_mb: int) -> dict[str, float]:
    with ExitStack() as stack:
        endpoint = stack.enter_context(running_ministack())
        push = stack.enter_context(running_push_service())
        gateway = stack.enter_context(running_gateway())
        world = World(Meter(), push, endpoint, gateway, SystemClock())
        stack.callback(world.table.client.delete_table, TableName=world.table.name)
        stack.callback(partial(wiring.use, None))
        wiring.use(world.injector)
        stack.enter_context(redirect_stdout(StringIO()))  # the log of setting the alarms
        owners = {name: world.settle(number, timedelta(seconds=ahead)) for name, number, ahead in RINGS}
        world.queue.bodies.clear()  # set minutes ahead, as most are: the tick hands them over
        world.invoke("tick", "dispatch_due", {})
        bodies = sorted(world.queue.bodies, key=_due_at)
        if len(bodies) != len(RINGS) or _due_at(bodies[0]) < datetime.now(UTC) + timedelta(seconds=EARLIEST_SECONDS + 1):
            raise RuntimeError("setting the alarms took too long here")
        errors = stack.enter_context(tempfile.TemporaryFile("w+"))
        _ring(world, endpoint, gateway, bodies, memory_mb / assumed("cpu_mb"), errors)
        arrivals = dict(reversed(push.arrivals()))  # the first of each device
        return {
            name: round(1000 * (_arrived(arrivals, owners[name], errors) - _due_at(body).timestamp()), 1)
            for (name, *_), body in zip(RINGS, bodies, strict=True)
        }


def _due_at(body: str) -> datetime:
    return body_to_timers(body)[0][0].due_at


def _arrived(arrivals: dict[str, float], owners: Sequence[Owner], errors: IO[str]) -> float:
    try:
        return max(arrivals[device] for owner in owners for device in owner.subscriptions)
    except KeyError:
        errors.seek(0)
        raise RuntimeError(f"a device did not ring: {errors.read()[-2000:]}") from None


def _ring(world: World, endpoint: str, gateway: str, bodies: Sequence[str], share: float, errors: IO[str]) -> None:
    """Start the consumer when the first message would reach it, and hand it each as it comes."""
    environment = _environment(world, endpoint, gateway, world.push)
    wait = _due_at(bodies[0]).timestamp() - EARLIEST_SECONDS - time.time()
    time.sleep(max(0.0, wait))
    with subprocess.Popen(
        [sys.executable, "-c", _CONSUMER],
        cwd=ROOT / "functions" / "ring_due",
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    ) as consumer:
        if consumer.stdin is None or consumer.stdout is None:
            raise RuntimeError("the consumer cannot be spoken to")
        if consumer.stdout.readline() != "started\n":
            raise RuntimeError("the consumer did not start")
        with _throttled(consumer.pid, share):
            for body in bodies:
                time.sleep(max(0.0, _due_at(body).timestamp() - EARLIEST_SECONDS - time.time()))
                consumer.stdin.write(json.dumps(sqs_event({str(uuid.uuid4()): body})) + "\n")
                consumer.stdin.flush()
            time.sleep(max(0.0, _due_at(bodies[-1]).timestamp() + 3 - time.time()))
        consumer.kill()


def _environment(world: World, endpoint: str, gateway: str, push: RunningPushService) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "CONNECTION_STRING": world.table.name,
        "RING_QUEUE_URL": world.queue_url,
        "WEBSOCKET_URL": gateway.replace("http://", "ws://"),
        "PUSH_ALLOWED_HOSTS": push.host,
        "API_BASE_URL": "https://alarm.example.org",
    }


@contextmanager
def _throttled(pid: int, share: float) -> Iterator[None]:
    """Let a process run for its share of the time only."""
    ended = threading.Event()

    def stop_and_go() -> None:
        while not ended.is_set():
            try:
                os.kill(pid, signal.SIGCONT)
                ended.wait(PERIOD_SECONDS * share)
                if share < 1:
                    os.kill(pid, signal.SIGSTOP)
                    ended.wait(PERIOD_SECONDS * (1 - share))
            except ProcessLookupError:
                return

    thread = threading.Thread(target=stop_and_go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()

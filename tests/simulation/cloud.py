"""The product as it runs on AWS: functions that live for one call, a queue with delays, and a scheduler that ticks."""

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm import ports, wiring
from smartalarm.adapters.queue_sqs import SqsRingQueue
from smartalarm.catalog import FUNCTIONS_ROOT, load_function
from smartalarm.errors import SmartAlarmError
from smartalarm.function import ConsumerFunction
from smartalarm.hosts.aws_queue import answer_batch
from smartalarm.injection import Injector
from smartalarm.ports import Connection
from tests.simulation.faults import Faults
from tests.simulation.serving import Call, Then, answer
from tests.simulation.sqs import Message, Sqs, SqsClient
from tests.simulation.timeline import Process, Timeline
from tests.simulation.wire import Wire

CONSUMER_SECONDS: Final = 30.0
SWEEP_SECONDS: Final = 60.0
API_SECONDS: Final = 10.0

MakeInjector = Callable[[Wire, Mapping[type, Callable[[], Any]]], Injector]


@dataclass
class Container:
    """One warm function: a process with its adapters."""

    process: Process
    injector: Injector


class Cloud:
    """A host in queue mode."""

    def __init__(
        self, timeline: Timeline, faults: Faults, make_injector: MakeInjector, broke: Callable[[str], None]
    ) -> None:
        self._timeline = timeline
        self._faults = faults
        self._make_injector = make_injector
        self._broke = broke
        self._warm: list[Container] = []
        self._made = 0
        self._ticks: list[datetime] = []
        self._consumer = load_function(FUNCTIONS_ROOT / "ring_due")
        self._sweep = load_function(FUNCTIONS_ROOT / "dispatch_due")
        self.sqs = Sqs(timeline, faults)
        self.sqs.consume = self._consume

    # ---- containers

    def _invoke(self, seconds: float, work: Callable[[Container], None]) -> None:
        """Run it in a warm container or a new one; after its time limit it is killed."""
        is_cold = not self._warm or self._faults.happens(0.01)
        container = self._new() if is_cold else self._warm.pop()
        process, is_over = container.process, False

        def run() -> None:
            nonlocal is_over
            self._timeline.sleep(self._faults.uniform(0.3, 2.0) if is_cold else 0.004)
            work(container)
            is_over = True
            self._warm.append(container)

        def limit() -> None:
            if not is_over and process.is_alive:
                self._faults.note("time limit", list(task.users))
                process.die()

        task = self._timeline.start(process, run)
        self._timeline.after(seconds, limit)

    def _new(self) -> Container:
        self._made += 1
        process = Process(f"function-{self._made}", self._timeline)
        wire = Wire(process, self._timeline, self._faults)
        sqs = self.sqs
        queue: dict[type, Callable[[], Any]] = {
            ports.RingQueue: lambda: SqsRingQueue(SqsClient(sqs, wire), "https://sqs.example/ring")
        }
        return Container(process, self._make_injector(wire, queue))

    # ---- the consumer

    def _consume(self, messages: list[Message]) -> None:
        event = {"Records": [{"messageId": message.id, "body": message.body} for message in messages]}
        consumer = self._consumer
        assert isinstance(consumer, ConsumerFunction)

        def work(container: Container) -> None:
            wiring.use(container.injector)  # the function asks for it before it does anything that takes time
            answer = answer_batch(consumer, event, "simulated")
            self.sqs.done(messages, [failure["itemIdentifier"] for failure in answer["batchItemFailures"]])

        self._invoke(CONSUMER_SECONDS, work)

    # ---- the scheduler

    def start(self) -> None:
        """Tick every minute, up to a minute late."""
        minute = self._timeline.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._timeline.at(minute, lambda: self._minute(minute))

    def _minute(self, minute: datetime) -> None:
        until = self._faults.scheduler_stops_until()
        following = minute + timedelta(minutes=1)
        if until is not None:
            self._faults.note("scheduler stopped", None, (until - minute).total_seconds())
            following = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
        else:
            late = self._faults.uniform(0, 5) if self._faults.happens(0.7) else self._faults.uniform(0, 59)
            for _ in range(2 if self._faults.happens(self._faults.weather.doubled_message) else 1):
                self._timeline.after(late + self._faults.uniform(0, 0.5), self._tick)
        self._timeline.at(following, lambda: self._minute(following))

    def _tick(self) -> None:
        self._ticks.append(self._timeline.now)

        def work(container: Container) -> None:
            try:
                self._sweep.call(**container.injector.arguments(self._sweep.call))
            except Exception as error:  # noqa: BLE001  the scheduler's next tick tries again
                if not isinstance(error, SmartAlarmError):
                    self._broke(f"the sweep ended in {error!r}")

        self._invoke(SWEEP_SECONDS, work)

    # ---- the rest of `Host`

    def tick_after(self, instant: datetime) -> datetime | None:
        """See `Host.tick_after`."""
        index = bisect_left(self._ticks, instant)
        return self._ticks[index] if index < len(self._ticks) else None

    def serve(self, call: Call, then: Then) -> None:
        """See `Host.serve`."""
        self._invoke(API_SECONDS, lambda one: answer(self._timeline, one.injector, call, then, self._broke))

    def socket_host(self) -> str | None:
        """See `Host.socket_host`."""
        return ""

    def reaches(self, connection: Connection) -> bool:  # noqa: ARG002  the port's
        """See `Host.reaches`: the gateway belongs to all."""
        return True

    def leftovers(self) -> list[str]:
        """See `Host.leftovers`."""
        return [
            f"a message still travels: {message.body} (received {message.receives} times)"
            for message in self.sqs.messages.values()
            if json.loads(message.body)["attempt"] > 1 or message.receives > 1
        ]

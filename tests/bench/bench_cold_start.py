"""Cold starts: CPU time of a fresh process up to its first answer, for every function on AWS, against what none can avoid.

The measure is importing pydantic and making a model and pynamodb's client, in the same run from the same layers. Every
function answers a real event against an emulated AWS, secrets from its vault included. Then: what it means for a ring.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from smartalarm.catalog import functions_on
from smartalarm.function import ConsumerFunction, Declaration, PagesFunction, ScheduleFunction
from smartalarm.http import Response
from smartalarm.ringing.messages import body_to_timers
from tests.bench.cold_world import ColdWorld, cold_world
from tests.bench.figures import Figure, Goal
from tests.hosts.story import API, PASSWORD, tell
from tests.servers.cloud_events import (
    Call,
    http_api_event,
    http_api_result,
    json_call,
    schedule_event,
    sqs_event,
    websocket_event,
)

FAILED = 400
HOLD_SECONDS = 3
AHEAD_SECONDS = 8
RING_SECONDS = 20
DEVICE = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e61"
# Ratios to the measure. Passwords are made to cost CPU; what the ring consumer loads for pushes hides in its hold.
BUDGETS = {"dispatch_due": 1.5, "create_alarm": 1.8, "ring_due": 2.5, "register_account": 2.4, "log_in": 2.4}
KIND_BUDGETS: dict[type[Declaration], float] = {PagesFunction: 1.0, ScheduleFunction: 1.6}
INFERRING_BUDGET = 2.8  # numpy, onnxruntime and the model are up to 0.6 more than what a signed-in call needs
ANY_BUDGET = 2.2  # what a signed-in call needs is about 1.6 on a quiet machine, 1.9 on a busy one
PROMISED_SAMPLES = 3


@dataclass(frozen=True)
class ColdRing:
    """How many seconds after its instant a push arrived.

    `cold`: from a fresh process that got the timer three seconds early, as the queue gives it; `warm`: from one that
    had rung before; `unhidden`: from a fresh process that got it only at the instant, which is what the hold has to hide.
    """

    cold: float
    warm: float
    unhidden: float


def aws_functions() -> dict[str, Declaration]:
    """Everything deployed there, by name."""
    return {function.name: function for function in functions_on("aws")}


def budget_of(function: Declaration) -> float:
    """Its own, or that of functions which infer, or its kind's."""
    of_kind = INFERRING_BUDGET if function.infers else KIND_BUDGETS.get(type(function), ANY_BUDGET)
    return BUDGETS.get(function.name, of_kind)


def measure(world: ColdWorld) -> None:
    """One more sample of every function, and several of the measure."""
    functions = aws_functions()
    pages = {path: f.name for f in functions.values() if isinstance(f, PagesFunction) for path in f.paths}
    answered: set[str] = set()

    def send(name: str, call: Call) -> Response:
        function = pages.get(call.path, name)
        is_known = function in answered
        answer = (world.warm if is_known else world.unmeasured)(function, http_api_event(call))
        response = http_api_result(answer.result)
        if not is_known:
            kept = world.samples.setdefault(function, [])
            if function in only_failed:  # a mistake is answered sooner than what was asked for
                kept.pop()
            kept.append(answer.cpu_seconds)
            (only_failed.add if response.status >= FAILED else answered.add)(function)
            only_failed.difference_update(answered)
            if len(answered) % 8 == 0:
                world.measure_baseline()
        return response

    only_failed: set[str] = set()
    tell(send, metrics_status=404)
    nowhere = http_api_event(Call("GET", f"{API}/nowhere"))
    assert world.cold("answer_unmatched", nowhere).result["statusCode"] == 404
    owner = Owner(world)
    measure_jobs(world, owner)
    measure_sockets(world, owner)
    for _ in range(PROMISED_SAMPLES - 1):
        world.cold("create_alarm", owner.alarm_event(whole_second_in(3600)))
    for _ in range(3):  # where CPU was short, so was it for all of them
        world.measure_baseline()


class Owner:
    """A user with one device, whose calls are answered by the warm process."""

    def __init__(self, world: ColdWorld) -> None:
        self._world = world
        self._token = ""
        account = {"email": "bea@example.org", "password": PASSWORD, "name": "Bea", "time_zone": "UTC", "locale": "en"}
        answer = http_api_result(world.warm("register_account", self._event("POST", "/auth/register", account)).result)
        if answer.status >= FAILED:  # a second round
            credentials = {"email": account["email"], "password": PASSWORD}
            answer = http_api_result(world.warm("log_in", self._event("POST", "/auth/login", credentials)).result)
        self._token = json.loads(answer.body)["access_token"]
        subscription = world.push.subscribe(world.public_key)
        self.subscription_id = str(subscription["id"])
        wanted = {"endpoint": subscription["endpoint"], "keys": subscription["keys"]}
        self.ask("put_device", "PUT", f"/devices/{DEVICE}", {"name": "Phone", "push_subscription": wanted})

    def alarm_event(self, due_at: datetime) -> Any:
        """To set an alarm."""
        schedule = {"start": f"{due_at:%Y-%m-%dT%H:%M:%S}"}
        return self._event("POST", "/alarms", {"label": "Cold", "time_zone": "UTC", "schedule": schedule})

    def ask(self, function: str, method: str, path: str, body: Any = None) -> Any:
        """What the API answers."""
        answer = http_api_result(self._world.warm(function, self._event(method, path, body)).result)
        if answer.status >= FAILED:
            raise RuntimeError(f"{function}: {answer.status} {answer.body.decode()[:300]}")
        return json.loads(answer.body) if answer.body else None

    def set_alarm(self, due_at: datetime) -> str:
        """The id of its occurrence."""
        answer = http_api_result(self._world.warm("create_alarm", self.alarm_event(due_at)).result)
        return str(json.loads(answer.body)["next"]["id"])

    def _event(self, method: str, path: str, body: Any) -> Any:
        credentials = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return http_api_event(json_call(method, API + path, body, **credentials))


def measure_jobs(world: ColdWorld, owner: Owner) -> None:
    """Each job; the sweep finds timers to hand over."""
    for function in aws_functions().values():
        if isinstance(function, ScheduleFunction):
            for _ in range(PROMISED_SAMPLES if function.name in BUDGETS else 1):
                if function.name == "dispatch_due":
                    owner.set_alarm(whole_second_in(200))
                assert world.cold(function.name, schedule_event()).result is None


def measure_sockets(world: ColdWorld, owner: Owner) -> None:
    """A socket opens, says something, and closes."""
    ticket = owner.ask("issue_ticket", "POST", "/sync/ticket", {"device_id": DEVICE})["ticket"]
    said = {"open_socket": ("$connect", {"ticket": ticket}, None), "answer_socket": ("$default", None, '{"action": "ping"}')}
    for function, (route, query, body) in {**said, "close_socket": ("$disconnect", None, None)}.items():
        event = websocket_event(route, query=query, body=body)
        assert world.cold(function, event).result == {"statusCode": 200}


def measure_ring(world: ColdWorld) -> ColdRing:
    """One ring each way; the cold one that holds is a sample of the consumer's cold start."""
    owner = Owner(world)
    consumer = next(function.name for function in aws_functions().values() if isinstance(function, ConsumerFunction))
    cold = ring_late(world, owner, lambda event: world.cold(consumer, event))
    world.measure_baseline()
    warm = ring_late(world, owner, lambda event: world.warm(consumer, event))
    unhidden = ring_late(world, owner, lambda event: world.unmeasured(consumer, event), is_held=False)
    return ColdRing(cold, warm, unhidden)


def ring_late(world: ColdWorld, owner: Owner, consume: Callable[[Any], Any], *, is_held: bool = True) -> float:
    """How many seconds after its instant a ring's push arrived."""
    due_at = whole_second_in(AHEAD_SECONDS)
    occurrence = owner.set_alarm(due_at)
    seen = len(world.push.arrivals())
    event = sqs_event({"cold": _message_of(world, occurrence)})
    if not is_held:
        time.sleep(max(0.0, due_at.timestamp() - time.time()))
    assert consume(event).result == {"batchItemFailures": []}
    arrived_at = next(at for name, at in world.push.arrivals(seen) if name == owner.subscription_id)
    owner.ask("dismiss_occurrence", "POST", f"/occurrences/{occurrence}/dismiss", {})
    return arrived_at - due_at.timestamp()


def _message_of(world: ColdWorld, occurrence: str) -> str:
    """The queue's message with this ring, when it becomes visible: a little before its instant."""
    deadline = time.monotonic() + RING_SECONDS
    while time.monotonic() < deadline:
        for body in world.queue.receive(1):
            if any(timer.subject == occurrence and timer.purpose == "ring" for timer in body_to_timers(body)[0]):
                return body
    raise TimeoutError(f"no message for {occurrence}")


def whole_second_in(seconds: int) -> datetime:
    """An instant without a fraction, at least so far ahead."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)


def over_budget(world: ColdWorld) -> list[str]:
    """A line for each function beyond its budget."""
    found, functions = ratios(world), aws_functions()
    beyond = [
        (name, ratio, budget_of(functions[name])) for name, ratio in found.items() if ratio > budget_of(functions[name])
    ]
    return [f"{name} takes {ratio:.2f} times what none can avoid; its budget is {budget}" for name, ratio, budget in beyond]


def ratios(world: ColdWorld) -> dict[str, float]:
    """Each function's median against the measure's."""
    baseline = world.median("baseline")
    return {name: world.median(name) / baseline for name in aws_functions() if name in world.samples}


def table(world: ColdWorld) -> str:
    """Every function, the costliest first."""
    functions, found = aws_functions(), ratios(world)
    lines = [f"{'cold start':<28}{'CPU ms':>8}{'ratio':>8}{'budget':>8}"]
    lines.append(f"{'(pydantic + pynamodb)':<28}{world.median('baseline') * 1000:>8.0f}{1:>8.2f}")
    lines += [
        f"{name:<28}{world.median(name) * 1000:>8.0f}{found[name]:>8.2f}{budget_of(functions[name]):>8.2f}"
        for name in sorted(found, key=lambda name: -found[name])
    ]
    return "\n".join(lines)


def ring_lines(rings: Iterable[ColdRing]) -> str:
    """What the hold hides."""
    rings = list(rings)
    cold, warm, unhidden = (
        statistics.median(values) * 1000 for values in zip(*((r.cold, r.warm, r.unhidden) for r in rings), strict=True)
    )
    return (
        f"a ring's push arrived {cold:.0f} ms after its instant from a cold consumer, {warm:.0f} ms from a warm one;\n"
        f"a cold one that got its message only at the instant: {unhidden:.0f} ms, which the {HOLD_SECONDS} s hold hides"
    )


def figures(say: Callable[[str], None], rounds: int = 5) -> list[Figure]:
    """For `make bench`: each function against its budget, and the latest of the rings of a cold consumer."""
    with cold_world() as world:
        for number in range(rounds):
            say(f"cold starts, round {number + 1} of {rounds}")
            measure(world)
        rings = [measure_ring(world) for _ in range(rounds)]
    for line in (*table(world).splitlines(), *ring_lines(rings).splitlines()):
        say(line)
    functions, measured = aws_functions(), world.median("baseline") * 1000
    found = [
        Figure(
            f"cold start: {name}",
            world.median(name) * 1000,
            "ms CPU",
            "pydantic + pynamodb",
            measured,
            goal=Goal("ratio", at_least=1 / budget_of(functions[name])),
        )
        for name in ratios(world)
    ]
    late = max(ring.cold for ring in rings) * 1000
    return [*found, Figure("cold start: a cold consumer's ring is late by", late, "ms", goal=Goal("value", at_most=250.0))]


if __name__ == "__main__":
    figures(lambda text: print(text, flush=True), int(sys.argv[1]) if len(sys.argv) > 1 else 1)  # noqa: T201 - a program's output

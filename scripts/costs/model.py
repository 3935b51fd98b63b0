"""The model: counted requests times prices. A bill is USD per million rings by step and by what is paid for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scripts.costs.prices import MILLION, PRICES, assumed

Counts = Mapping[str, Any]

COLUMNS: Final = ("Lambda", "DynamoDB writes", "DynamoDB reads", "SQS", "gateways", "logs", "transfer")
RING: Final = ("hand over", "hold and ring", "look for an answer")
ANSWER: Final = ("shown", "dismiss", "stop everywhere")
_PHASES: Final = {
    "hold and ring": "ring",
    "look for an answer": "ladder",
    "shown": "shown",
    "dismiss": "dismiss",
    "stop everywhere": "announce",
}

Row = Mapping[str, float]


@dataclass(frozen=True)
class Bill:
    """USD per million rings: `rows[step][column]`, and how much of Lambda is holding."""

    together: int
    rows: Mapping[str, Row]
    hold: float

    def row(self, step: str) -> float:
        """One step in all."""
        return sum(self.rows[step].values())

    def of(self, steps: tuple[str, ...]) -> float:
        """Some steps in all."""
        return sum(map(self.row, steps))

    @property
    def total(self) -> float:
        """The ring and its answer."""
        return self.of(RING + ANSWER)


def bill(counts: Counts, together: int) -> Bill:
    """What a million rings cost when so many travel in one message."""
    phases = counts["rings"][str(together)]["phases"]
    rows = {step: _row(phases[name], together) for step, name in _PHASES.items()}
    tick, idle = _row(phases["tick"], together), _row(phases["idle tick"], together)
    rows["hand over"] = {column: tick[column] - idle[column] for column in COLUMNS}
    # A tick that comes between ring and answer finds the ladder's timer and sends it once more.
    chance = assumed("answer_seconds") / 60
    again = {column: chance * (rows["hand over"][column] + rows["look for an answer"][column]) for column in COLUMNS}
    rows["look for an answer"] = {c: rows["look for an answer"][c] + again[c] for c in COLUMNS}
    return Bill(together, rows, MILLION * _gb_seconds(phases["ring"], assumed("hold_seconds")) / together)


def seconds(phase: Counts, *, hold: bool = True) -> float:
    """How long one invocation is paid for: its hold, then what it waits for and computes."""
    share = phase["memory_mb"] / assumed("cpu_mb")
    waits = sum(number * assumed(kind) for kind, number in phase["rounds"].items()) / phase["invocations"]
    held = assumed("hold_seconds") if hold and is_held(phase) else 0.0
    return float(held + waits + cpu_seconds(phase, "after_hold") / share)


def is_held(phase: Counts) -> bool:
    """Whether the consumer waited for an instant in it."""
    return bool(phase["cpu_ms"]["of_claim"] > 0)


def cpu_seconds(phase: Counts, part: str) -> float:
    """CPU of one invocation; what sends to the internet opens TLS connections that the loopback receiver does not."""
    pushes = phase["counts"].get("pushes", 0) / phase["invocations"]
    connections = min(pushes, assumed("tls_most")) if part in {"after_hold", "to_last_send"} else 0
    return float((phase["cpu_ms"][part] + connections * assumed("tls_ms")) / 1000)


def _gb_seconds(phase: Counts, lasting: float) -> float:
    return PRICES["lambda_seconds"].of(phase["memory_mb"] / 1024 * lasting)


def _row(phase: Counts, rings: int) -> dict[str, float]:
    """USD per million rings of a phase that served so many."""
    counts, units, invocations = phase["counts"], phase["units"], phase["invocations"]
    asked = counts.get("http_requests", 0)
    minutes = assumed("socket_minutes") * rings if is_held(phase) else 0
    usd = {
        "Lambda": invocations * _gb_seconds(phase, seconds(phase)) + PRICES["lambda_requests"].of(invocations),
        "DynamoDB writes": PRICES["write_units"].of(written(units)),
        "DynamoDB reads": PRICES["read_units"].of(units.get("read", 0)),
        "SQS": PRICES["sqs_requests"].of(counts.get("sqs_requests", 0)),
        "gateways": PRICES["http_requests"].of(asked)
        + PRICES["edge_requests"].of(asked)
        + PRICES["socket_messages"].of(counts.get("socket_messages", 0))
        + PRICES["socket_minutes"].of(minutes),
        "logs": PRICES["logs"].of(
            phase["log_bytes"] + invocations * assumed("platform_log") + asked * assumed("access_log")
        ),
        "transfer": PRICES["transfer"].of(phase["bytes_out"]),
    }
    return {column: usd[column] * MILLION / rings for column in COLUMNS}


def written(units: Mapping[str, float]) -> float:
    """All write units."""
    return sum(number for name, number in units.items() if name.startswith("write"))


# ---------------------------------------------------------------------------------------------------- idle


def idle(counts: Counts) -> dict[str, float]:
    """What a stage costs a month in which nothing rings, USD: what ringing itself needs."""
    tick = counts["rings"]["1"]["phases"]["idle tick"]
    ticks = assumed("month_minutes")
    polls = assumed("pollers") * 60 / 20 * ticks
    return {
        "EventBridge Scheduler, a tick a minute": PRICES["schedules"].of(ticks),
        "Lambda, the tick": ticks * _gb_seconds(tick, seconds(tick)) + PRICES["lambda_requests"].of(ticks),
        "DynamoDB, the tick's look at four shards": PRICES["read_units"].of(ticks * tick["units"]["read"]),
        "CloudWatch Logs, the tick": PRICES["logs"].of(ticks * (tick["log_bytes"] + assumed("platform_log"))),
        "SQS, Lambda's polls of the empty queue": PRICES["sqs_requests"].of(polls),
    }


# ---------------------------------------------------------------------------------------------------- the other way


def one_schedule_each(counts: Counts) -> dict[str, float]:
    """USD per million rings with one EventBridge schedule for each alarm: read, encrypt and send; nothing is written."""
    ring = counts["rings"]["1"]["phases"]["ring"]
    share = ring["memory_mb"] / assumed("cpu_mb")
    cpu = cpu_seconds(ring, "to_claim") + cpu_seconds(ring, "to_last_send")
    lasting = 4 * assumed("read") + assumed("push") + assumed("socket") + cpu / share
    return {
        "the schedule's invocation": PRICES["schedules"].of(MILLION),
        "Lambda, without a hold": MILLION * _gb_seconds(ring, lasting) + PRICES["lambda_requests"].of(MILLION),
        "DynamoDB reads: alarm, devices, sockets": PRICES["read_units"].of(4 * MILLION),
        "the socket's message": PRICES["socket_messages"].of(MILLION),
        "logs": PRICES["logs"].of(assumed("platform_log") * MILLION),
        "transfer": PRICES["transfer"].of(ring["bytes_out"] * MILLION),
    }

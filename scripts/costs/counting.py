"""The counts that the cost model starts from: how a ring is counted, written down and compared with what was committed."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from scripts.costs.meter import Meter, Phase

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "docs" / "cost-counts.json"
ROUNDS = {1: 7, 25: 3}
TOLERANCE = 0.06  # of bytes: ids, tokens and times differ in length
CPU = tuple(one.name for one in fields(Phase) if one.name.startswith("cpu_"))
_FIRST_CALL = """
import time
from datetime import UTC, datetime
from handler import ring_due
begun = time.process_time()
from smartalarm import ports
from smartalarm.adapters.secrets_manager import new_secrets_client
from smartalarm.adapters.sockets_apigateway import new_gateway_client
from smartalarm.hosts import aws, aws_queue
from smartalarm.wiring import default_injector
injector = default_injector()
injector.arguments(ring_due)
new_gateway_client("us-east-1", "http://127.0.0.1:9")
new_secrets_client("us-east-1", "http://127.0.0.1:9")
point = "BCbvzr0O6eNKZpGH4Ys6kSKy9zOUW2Scyfn5Ien52tgSkCOL3pzHuzMNFQxncE3SWucFUgV0S28xv0BwdFhy0OY"
subscription = ports.Subscription("https://updates.push.services.mozilla.com/1", point, "AAAAAAAAAAAAAAAAAAAAAA")
injector.get(ports.PushService).prepare(ports.PushMessage(subscription, b"{}", "topic", 60), now=datetime.now(UTC))
injector.get(ports.Signer).sign({}, now=datetime.now(UTC), lifetime_seconds=60)
print(time.process_time() - begun)
"""
SECRET = "only-ever-used-to-count-a-ring-here"  # noqa: S105  it signs nothing else
VAPID = "bVw1SoErv5CKlTwB2hQzL8-sSShHm2SIN3Yd8F6gaIo"  # of this count alone
# What a process that runs a handler sees; nobody answers at these places.
ENVIRONMENT = {
    "PATH": os.defpath,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "DATABASE_PROVIDER": "dynamodb",
    "CONNECTION_STRING": "table",
    "RING_QUEUE_URL": "http://127.0.0.1:9/queue",
    "WEBSOCKET_URL": "ws://127.0.0.1:9",
    "JWT_SECRET_KEY": SECRET,
    "VAPID_PRIVATE_KEY": VAPID,
}

Counts = dict[str, Any]


def count(*, is_quick: bool = False) -> Counts:
    """Ring for real, and count; `is_quick`: once only, which is enough but for CPU time. Raises MinistackMissing."""
    from scripts.costs.ring import ring  # noqa: PLC0415  a check needs no emulator and none of its imports

    rings = {}
    for together, rounds in ROUNDS.items():
        meter = ring(together)
        phases = {name: _phase(phase) for name, phase in meter.phases.items()}
        if not is_quick:
            timed = [ring(together, looks=False).phases for _ in range(rounds)]
            for name, phase in phases.items():
                phase["cpu_ms"] = _least([_phase(one[name])["cpu_ms"] for one in timed])
        commits = {name: commits[0] for name, commits in _commits(meter).items()}
        rings[str(together)] = {"phases": phases, "commits": commits}
    return {"rings": rings, "first_call_cpu_ms": round(min(_first_call_seconds() for _ in range(ROUNDS[1])) * 1000)}


def _least(found: list[Counts]) -> Counts:
    """The least of each figure: what else the machine does only adds to them."""
    return {part: min(one[part] for one in found) for part in found[0]}


def _phase(phase: Phase) -> Counts:
    each = phase.invocations
    return {
        "function": phase.function,
        "memory_mb": phase.memory_mb,
        "invocations": each,
        "counts": {name: number for name, number in sorted(phase.counts.items()) if number},
        "units": {name: number for name, number in sorted(phase.units.items()) if number},
        "rounds": dict(sorted(phase.rounds.items())),
        "log_bytes": phase.log_bytes,
        "bytes_out": phase.bytes_out,
        "cpu_ms": {name.removeprefix("cpu_"): round(getattr(phase, name) * 1000 / each, 1) for name in CPU},
    }


def _commits(meter: Meter) -> dict[str, list[dict[str, int]]]:
    """One example of each commit of a ring, by what it is for; they are alike for every user."""
    ring = meter.commits["ring"]
    half = len(ring) // 2
    found = {"claimed": ring[:half], "sent": ring[half:]}
    found |= {"shown": meter.commits["shown"], "dismissed": meter.commits["dismiss"], "stopped": meter.commits["announce"]}
    for name, commits in found.items():
        if any(commit != commits[0] for commit in commits):
            raise RuntimeError(f"the commits of {name!r} differ from each other")
    return found


def _first_call_seconds() -> float:
    """CPU of the consumer's first call in a new process beyond the ring: adapters loaded, clients made, a push encrypted."""
    run = subprocess.run(
        [sys.executable, "-c", _FIRST_CALL],
        check=True,
        cwd=ROOT / "functions" / "ring_due",
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return float(run.stdout)


def read_counts() -> Counts:
    """The committed counts."""
    found: Counts = json.loads(COUNTS.read_text())
    return found


def write_counts(counts: Counts) -> None:
    """To be committed."""
    COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")


def differences(committed: Counts, counted: Counts) -> list[str]:
    """What does not agree, one line each: requests, units and sizes. CPU time and waiting depend on the machine."""
    found = []
    for number, ring in committed["rings"].items():
        again = counted["rings"][number]
        if ring["commits"] != again["commits"]:
            found.append(f"{number} together, commits: {ring['commits']} committed, {again['commits']} counted")
        for name, phase in ring["phases"].items():
            found += [
                f"{number} together, {name}: {line}" for line in _phase_differences(phase, again["phases"].get(name, {}))
            ]
    return found


def _phase_differences(committed: Mapping[str, Any], counted: Mapping[str, Any]) -> list[str]:
    found = [
        f"{part} {committed[part]} committed, {counted.get(part)} counted"
        for part in ("function", "memory_mb", "invocations", "counts", "units")
        if committed[part] != counted.get(part)
    ]
    for part in ("log_bytes", "bytes_out"):
        before, now = committed[part], counted.get(part, 0)
        if abs(before - now) > TOLERANCE * max(before, now):
            found.append(f"{part} {before} committed, {now} counted")
    return found

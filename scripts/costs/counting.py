"""The counts that the cost model starts from: how a ring is counted, written down and compared with what was committed."""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from scripts.costs.meter import Meter, Phase

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "docs" / "cost-counts.json"
TOGETHER = (1, 25)
ROUNDS = 5  # of a single ring; 25 together are many already
TOLERANCE = 0.06  # of bytes: ids, tokens and times differ in length
CPU = tuple(one.name for one in fields(Phase) if one.name.startswith("cpu_"))
_IMPORTS = """
import smartalarm.function, time
begun = time.process_time()
import smartalarm.adapters.dynamo, smartalarm.adapters.queue_sqs, smartalarm.adapters.webpush, smartalarm.adapters.tokens
import smartalarm.adapters.sockets_apigateway, smartalarm.adapters.telemetry_aws, smartalarm.ringing.ringer
print(time.process_time() - begun)
"""

Counts = dict[str, Any]


def count(rounds: int = ROUNDS) -> Counts:
    """Ring for real, and count. Takes about half a minute. Raises MinistackMissing."""
    from scripts.costs.ring import ring  # noqa: PLC0415  a check needs no emulator and none of its imports

    counted = {str(number): [_of(ring(number)) for _ in range(rounds if number == 1 else 1)] for number in TOGETHER}
    return {
        "rings": {number: _middle(found) for number, found in counted.items()},
        "first_call_cpu_ms": round(statistics.median(_import_seconds() for _ in range(3)) * 1000),
    }


def _of(meter: Meter) -> Counts:
    return {
        "phases": {name: _phase(phase) for name, phase in meter.phases.items()},
        "commits": {name: commits[0] for name, commits in _commits(meter).items()},
    }


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


def _middle(found: list[Counts]) -> Counts:
    """The first count with the median CPU times of all."""
    middle = found[0]
    for name, phase in middle["phases"].items():
        for part in phase["cpu_ms"]:
            values = [one["phases"][name]["cpu_ms"][part] for one in found]
            phase["cpu_ms"][part] = round(statistics.median(values), 1)
    return middle


def _import_seconds() -> float:
    run = subprocess.run([sys.executable, "-c", _IMPORTS], check=True, capture_output=True, text=True, timeout=60)
    return float(run.stdout)


def read_counts() -> Counts:
    """The committed counts."""
    found: Counts = json.loads(COUNTS.read_text())
    return found


def counts_to_text(counts: Counts) -> str:
    """As they are committed."""
    return json.dumps(counts, indent=1, sort_keys=True) + "\n"


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

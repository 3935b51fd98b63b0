"""Telemetry on AWS: a line must never fail for what it is to say."""

import json
import subprocess
import sys

NAMES = [
    "message",
    "name",
    "msg",
    "args",
    "asctime",
    "module",
    "exc_info",
    "extra",
    "level",
    "service",
    "timestamp",
    "timers",
]
PROGRAM = f"""
from smartalarm.adapters.telemetry_aws import AwsTelemetry
telemetry = AwsTelemetry()
for name in {NAMES}:
    telemetry.problem("message_unreadable", ValueError("no JSON"), **{{name: "abc-" + name}})
    telemetry.log("told", **{{name: "abc-" + name}})
"""


def test_no_field_is_called_in_a_way_that_makes_logging_fail() -> None:
    """Python's logging refuses names of its own; a batch that met one failed as a whole."""
    # In a process of its own, because loggers are global.
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["message_unreadable", "told"] * len(NAMES)
    assert [name for name, line in zip(NAMES, lines[1::2], strict=True) if f"abc-{name}" not in line.values()] == []
    assert {(line["level"], line["service"]) for line in lines[1::2]} == {("INFO", "smartalarm")}

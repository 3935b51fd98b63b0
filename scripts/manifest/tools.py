"""The programs that expand and check the AWS templates; they reach no network once they are installed."""

import os
import subprocess
from pathlib import Path

from scripts.installing import CACHE, virtualenv

RUN_SECONDS = 300


class ToolFailed(Exception):
    """A program said no; the text is what it said."""


def cloud_tools() -> Path:
    """The folder with cfn-lint, sam and the python that has samtranslator. Raises ToolMissing."""
    # Without dependencies: the lock names all of them, and pip does not know a pin with extras in one without.
    return virtualenv("cloud-tools", "--no-deps")


def run(command: list[str], *, folder: Path, environment: dict[str, str], given: str | None = None) -> str:
    """What the program writes. It sees this environment and the way to other programs alone. Raises ToolFailed."""
    home = CACHE / "cloud-tools-home"
    home.mkdir(parents=True, exist_ok=True)
    alone = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "AWS_DEFAULT_REGION": "us-east-1", "CI": "1"}
    # None of them may call home.
    silent = {
        "SAM_CLI_TELEMETRY": "0",
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
        "NODE_NO_WARNINGS": "1",
    }
    name = f"{Path(command[0]).name} {command[1]}"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**alone, **silent, **environment},
            input=given,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolFailed(f"{name} was not done in {RUN_SECONDS} s") from None
    if done.returncode:
        raise ToolFailed(f"{name}\n{done.stdout}{done.stderr}".strip())
    return done.stdout

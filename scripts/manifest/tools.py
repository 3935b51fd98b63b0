"""The programs that expand and check the AWS templates, installed by their own lock files below .cache and node_modules.

Nothing here reaches the network except to install them, once.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
LOCK = ROOT / "requirements" / "cloud-tools.lock"
INSTALL_SECONDS = 600
RUN_SECONDS = 300


class ToolMissing(Exception):
    """A program cannot be had here; the text says why in one line."""


class ToolFailed(Exception):
    """A program said no; the text is what it said."""


def cloud_tools() -> Path:
    """The folder with cfn-lint, sam and the python that has samtranslator. Raises ToolMissing."""
    venv = CACHE / "cloud-tools-venv"
    stamp = venv / LOCK.name
    with _alone("cloud-tools-install.lock"):
        if not (stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes()):
            print(
                "Installing what checks the AWS templates into .cache/cloud-tools-venv (once, about a minute) ...",
                flush=True,
            )
            shutil.rmtree(venv, ignore_errors=True)
            # Without dependencies: the lock names all of them, and pip does not know a pin with extras in one without.
            pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            _install([sys.executable, "-m", "venv", str(venv)])
            _install([*pip, "--require-hashes", "-r", str(LOCK)])
            shutil.copy(LOCK, stamp)
    return venv / "bin"


def serverless() -> Path:
    """osls, as package-lock.json pins it. Raises ToolMissing."""
    stamp = ROOT / "node_modules" / ".tool-ready"  # shared with `make deploy` and the emulated cloud
    if shutil.which("npm") is None:
        raise ToolMissing("npm is missing; the deployment tool needs Node >= 20")
    with _alone("npm-install.lock"):
        wanted = max((ROOT / name).stat().st_mtime for name in ("package.json", "package-lock.json"))
        if not (stamp.is_file() and stamp.stat().st_mtime >= wanted):
            print("Installing the deployment tool into node_modules (once) ...", flush=True)
            _install(["npm", "ci", "--no-audit", "--no-fund", "--loglevel", "error"])
            stamp.touch()
    return ROOT / "node_modules" / ".bin" / "serverless"


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


def _install(command: list[str]) -> None:
    try:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        output = str(getattr(error, "stderr", None) or error).strip()
        raise ToolMissing(f"{command[0]} cannot install it: {output.splitlines()[-1][:200]}") from error


@contextmanager
def _alone(name: str) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / name).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

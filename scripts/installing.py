"""Programs that are installed once, by their own lock files, below .cache and node_modules; whoever needs one says so."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CACHE: Final = ROOT / ".cache"
INSTALL_SECONDS: Final = 600


class ToolMissing(Exception):
    """A program cannot be had here; the text says why in one line."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, which the kernel lets go of however we end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def virtualenv(name: str, *options: str) -> Path:
    """The programs of `.cache/<name>-venv`, as requirements/<name>.lock says; `options` are pip's. Raises ToolMissing."""
    venv, lock = CACHE / f"{name}-venv", ROOT / "requirements" / f"{name}.lock"
    stamp = venv / lock.name
    with locked(CACHE / f"{name}-install.lock"):
        if not (stamp.is_file() and stamp.read_bytes() == lock.read_bytes()):
            _say(f"Installing {name} into .cache/{venv.name} (once, about a minute) ...")
            shutil.rmtree(venv, ignore_errors=True)
            install([sys.executable, "-m", "venv", str(venv)])
            pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options]
            install([*pip, "--require-hashes", "-r", str(lock)])
            shutil.copy(lock, stamp)
    return venv / "bin"


def serverless() -> Path:
    """osls, the deployment tool, as package-lock.json pins it. Raises ToolMissing."""
    stamp = ROOT / "node_modules" / ".tool-ready"  # shared with `make deploy`
    if shutil.which("npm") is None:
        raise ToolMissing("npm is missing; the deployment tool needs Node >= 20")
    with locked(CACHE / "npm-install.lock"):
        wanted = max((ROOT / name).stat().st_mtime for name in ("package.json", "package-lock.json"))
        if not (stamp.is_file() and stamp.stat().st_mtime >= wanted):
            _say("Installing the deployment tool into node_modules (once) ...")
            install(["npm", "ci", "--no-audit", "--no-fund", "--loglevel", "error"])
            stamp.touch()
    return ROOT / "node_modules" / ".bin" / "serverless"


def install(command: list[str], folder: Path = ROOT) -> None:
    """Run an installer. Raises ToolMissing."""
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        output = str(getattr(error, "stderr", None) or error).strip()
        raise ToolMissing(f"{Path(command[0]).name} cannot install it: {output.splitlines()[-1][:200]}") from error


def _say(line: str) -> None:
    """Beside what the program itself prints."""
    print(line, file=sys.stderr, flush=True)

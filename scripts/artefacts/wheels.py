"""Third-party packages for a target, from a hashed lock file, without docker: uv picks the wheels, whatever runs here."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scripts.artefacts.target import BuildError, Target

Say = Callable[[str], None]
INSTALL_SECONDS: Final = 900
SOURCES_ONLY: Final = ("http-ece",)


def installed(lock: Path, target: Target, cache: Path, say: Say) -> Path:
    """A folder with the locked packages as they are on the target; made once per lock file and target.

    Only wheels, only with the hashes of the lock file. Raises BuildError.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder = cache / "wheels" / f"{lock.stem}-{target}-{digest}"
    if folder.is_dir():
        return folder
    say(f"Fetching wheels of {lock.name} for {target} ...")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        _install(lock, target, unfinished)
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():  # another build was quicker, else
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _install(lock: Path, target: Target, into: Path) -> None:
    command = [
        *(_uv(), "pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps"),
        *("--only-binary", ":all:", *_built_here(), "--no-build-isolation"),
        *("--python-version", target.python, "--python-platform", target.platform, "--link-mode", "copy"),
        *("--target", str(into), "--requirement", str(lock)),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BuildError(f"{lock.name}: fetching wheels took more than {INSTALL_SECONDS} s") from None
    if done.returncode:
        raise BuildError(f"{lock.name}: {' '.join(done.stderr.split())[:500]}")


def _built_here() -> list[str]:
    """Pure Python that its authors publish as source alone; built by the locked setuptools of this environment."""
    return [word for name in SOURCES_ONLY for word in ("--no-binary", name)]


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("uv")
    if not found:
        raise BuildError("uv is missing: `make build` installs it, or run `pip install -r requirements/dev.lock`")
    return found

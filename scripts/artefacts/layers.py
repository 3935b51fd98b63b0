"""The layers: the product's package, what every function needs, and what those that infer need beside it."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.artefacts.archive import write_zip
from scripts.artefacts.bytecode import compile_folder
from scripts.artefacts.slimming import copy_slim
from scripts.artefacts.target import Compiler, Target
from scripts.artefacts.wheels import Say, installed

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "layers/domain/python/smartalarm"
LOCKS: Final = ROOT / "requirements/layers"
FUNCTIONS: Final = ROOT / "functions"
MODELS: Final = ROOT / "models"
LAYER_ROOT: Final = "/opt/python"
NOT_ON_AWS: Final = ("adapters/sql", "adapters/memory")
"""Of the package: what AWS's functions have no libraries for, and what only tests use."""
FUNCTION_ROOT: Final = "/var/task"


@dataclass(frozen=True, slots=True)
class Build:
    """One run: what for, with what, and where finished pieces are kept. `compiler` None: sources only."""

    target: Target
    compiler: Compiler | None
    cache: Path
    say: Say


def copy_package(into: Path) -> None:
    """The product's package with openapi.json and the models inside, as `<into>/smartalarm`."""
    shutil.copytree(PACKAGE, into / "smartalarm", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    shutil.copyfile(ROOT / "openapi.json", into / "smartalarm" / "openapi.json")
    (into / "smartalarm" / "models").mkdir()
    for path in sorted(path for kind in ("sleep-*.onnx", "sleep-*.json") for path in MODELS.glob(kind)):
        shutil.copyfile(path, into / "smartalarm" / "models" / path.name)


def build_package_layer(build: Build, path: Path) -> None:
    """smartalarm.zip."""
    with tempfile.TemporaryDirectory() as folder:
        copy_package(Path(folder) / "python")
        for name in NOT_ON_AWS:
            shutil.rmtree(Path(folder) / "python/smartalarm" / name)
        _finish(build, Path(folder), path)


def build_wheel_layer(build: Build, name: str, path: Path) -> None:
    """runtime.zip or inference.zip; a finished one is kept and copied the next time."""
    lock = LOCKS / f"{name}.lock"
    kept = build.cache / "layers" / f"{name}-{build.target}-{_digest(build, lock)}.zip"
    if not kept.is_file():
        packages = installed(lock, build.target, build.cache, build.say)
        build.say(f"Packing the {name} layer ...")
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            staged, finished = Path(folder) / "layer", Path(folder) / kept.name
            copy_slim(packages, staged / "python")
            _finish(build, staged, finished)
            finished.rename(kept)
    shutil.copyfile(kept, path)


def build_functions(build: Build, names: Iterable[str], layers: Path, into: Path) -> None:
    """`<into>/<function>.zip` for each: its handler, and the digests of the layers that it was built with.

    SAM publishes a new version of a function only when the function's own archive is another one, not when a layer is.
    """
    digests = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(layers.glob("*.zip"))
    )
    with tempfile.TemporaryDirectory(prefix="functions.") as folder:
        handlers = [FUNCTIONS / name / "handler.py" for name in names]
        for handler in handlers:
            staged = Path(folder) / handler.parent.name
            staged.mkdir()
            shutil.copyfile(handler, staged / "handler.py")
            (staged / "layers.sha256").write_text(digests)
        # One run of the compiler for all; each is shown as /var/task/handler.py, where Lambda puts it.
        if build.compiler:
            compile_folder(Path(folder), build.compiler, lambda name: f"{FUNCTION_ROOT}/{name.partition('/')[2]}")
        into.mkdir()
        for handler in handlers:
            write_zip(into / f"{handler.parent.name}.zip", Path(folder) / handler.parent.name)


def _finish(build: Build, folder: Path, path: Path) -> None:
    if build.compiler:
        compile_folder(folder / "python", build.compiler, lambda name: f"{LAYER_ROOT}/{name}")
    write_zip(path, folder)


def _digest(build: Build, lock: Path) -> str:
    """Everything a layer of wheels is made from: packages, target, compiler, and the rules in this folder."""
    parts = [lock.read_bytes(), str(build.target).encode(), (build.compiler.version if build.compiler else "").encode()]
    parts += [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

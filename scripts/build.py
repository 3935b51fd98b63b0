"""Build what is deployed: layers and function archives for AWS, sources for Google and Oracle, without docker.

Reproducible: the same sources, locks, target and compiler give the same bytes. The default target is what Lambda runs
(python3.13 on arm64); `--here` is this machine and interpreter, which is what the emulated cloud runs.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.artefacts.archive import unzipped_bytes
from scripts.artefacts.layers import ROOT, Build, build_functions, build_package_layer, build_wheel_layer
from scripts.artefacts.sizes import over_budget, size_table
from scripts.artefacts.sources import SourceCloud, build_sources
from scripts.artefacts.target import BuildError, Target, find_compiler, this_machine
from smartalarm.catalog import functions_on
from smartalarm.function import Host

WHEEL_LAYERS = ("runtime", "inference")
SOURCE_CLOUDS: tuple[SourceCloud, ...] = ("gcp", "oci")


def main() -> int:
    """0 when everything is built and within its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloud", choices=["aws", *SOURCE_CLOUDS, "all"], default="aws")
    parser.add_argument("--python", default="3.13", help="AWS: the target's Python (default: %(default)s)")
    parser.add_argument("--arch", default="arm64", help="AWS: its architecture, arm64 (default) or x86_64")
    parser.add_argument("--here", action="store_true", help="AWS: for this very interpreter, into dist/aws-emulated")
    parser.add_argument("--into", type=Path, help="where to (default: dist/<cloud>)")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache/build", help="keeps wheels and finished layers")
    given = parser.parse_args()
    if given.into and given.cloud == "all":
        parser.error("--into needs one cloud")
    status = 0
    if given.cloud in {"aws", "all"}:
        target = this_machine() if given.here else Target(given.python, given.arch)
        into = given.into or ROOT / "dist" / ("aws-emulated" if given.here else "aws")
        status = build_aws(target, into.resolve(), given.cache.resolve())
    for cloud in SOURCE_CLOUDS:
        if given.cloud in {cloud, "all"}:
            into = (given.into or ROOT / "dist" / cloud).resolve()
            with _replacing(into) as fresh:
                build_sources(cloud, _names(cloud), fresh)
            say(f"{_shown(into)}: sources of {len(_names(cloud))} functions")
    return status


def say(line: str) -> None:
    """Progress, at once."""
    print(line, flush=True)


def build_aws(target: Target, into: Path, cache: Path) -> int:
    """Everything AWS deploys, and a table of its sizes; 1 when a budget is not kept."""
    compiler = find_compiler(target.python)
    if compiler is None:
        say(f"No Python {target.python} here (BUILD_PYTHON, PATH, pyenv): sources only, start-up takes twice the CPU.")
    build = Build(target, compiler, cache, say)
    with _replacing(into) as fresh:
        (fresh / "layers").mkdir()
        for name in WHEEL_LAYERS:
            build_wheel_layer(build, name, fresh / "layers" / f"{name}.zip")
        build_package_layer(build, fresh / "layers" / "smartalarm.zip")
        build_functions(build, _names("aws"), fresh / "layers", fresh / "functions")
        sizes = {path.relative_to(fresh).as_posix(): _size(path) for path in sorted(fresh.rglob("*.zip"))}
        about = {
            "python": target.python,
            "architecture": target.architecture,
            "has_bytecode": bool(compiler),
            "sizes": sizes,
        }
        (fresh / "build.json").write_text(json.dumps(about, indent=2, sort_keys=True) + "\n")
    say(f"{_shown(into)}: layers and {len(_names('aws'))} functions for {target}\n{size_table(sizes)}")
    problems = over_budget(sizes)
    for problem in problems:
        say(problem)
    return 1 if problems else 0


def _names(cloud: Host) -> list[str]:
    """The functions that exist on this cloud."""
    return [declaration.name for declaration in functions_on(cloud)]


@contextmanager
def _replacing(into: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `into` when all of it is built; BuildError where that cannot be."""
    if into.exists() and not _is_build(into):
        raise BuildError(f"--into {into}: is there and was not built here; name a new or an empty folder")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        place = tempfile.TemporaryDirectory(prefix=f".{into.name}.", dir=into.parent)
    except OSError as error:
        raise BuildError(f"--into {into}: {error.strerror}; name a folder that can be written") from error
    with place as folder:
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        yield fresh
        if into.exists():
            into.rename(Path(folder) / "replaced")
        fresh.rename(into)


def _is_build(into: Path) -> bool:
    """Whether nothing is in this folder but what an earlier build left, so that it may be replaced."""
    return into.is_dir() and all(
        found.name in {"layers", "functions", "build.json"} or (found / "main.py").is_file() or (found / "func.py").is_file()
        for found in into.iterdir()
    )


def _size(path: Path) -> dict[str, int]:
    return {"zipped": path.stat().st_size, "unzipped": unzipped_bytes(path)}


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.exit(f"build: {error}")

"""Build what is deployed: layers and function archives for AWS, sources for Google and Oracle, without docker.

Reproducible: the same sources, locks, target and compiler give the same bytes. The default target is what Lambda runs
(python3.13 on arm64); `--here` builds for this machine and interpreter, which is what the emulated cloud runs.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.artefacts.archive import unzipped_bytes
from scripts.artefacts.layers import FUNCTIONS, Build, build_function, build_package_layer, build_wheel_layer
from scripts.artefacts.sizes import over_budget, size_table
from scripts.artefacts.target import BuildError, Target, find_compiler, this_machine

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("runtime", "inference")


def main() -> int:
    """0 when everything is built and within its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloud", choices=["aws", "gcp", "oci", "all"], default="aws")
    parser.add_argument("--python", default="3.13", help="the target's Python (default: %(default)s)")
    parser.add_argument("--arch", default="arm64", help="the target's architecture: arm64 (default) or x86_64")
    parser.add_argument("--here", action="store_true", help="AWS: for this machine and interpreter, into dist/aws-emulated")
    parser.add_argument("--into", type=Path, help="AWS: where to (default: dist/aws)")
    parser.add_argument(
        "--cache", type=Path, default=ROOT / ".cache/build", help="where wheels and finished layers are kept"
    )
    given = parser.parse_args()
    target = this_machine() if given.here else Target(given.python, given.arch)
    into = given.into or ROOT / "dist" / ("aws-emulated" if given.here else "aws")
    return build_aws(target, into, given.cache)


def say(line: str) -> None:
    """Progress, at once."""
    print(line, flush=True)


def build_aws(target: Target, into: Path, cache: Path) -> int:
    """Everything AWS deploys. It replaces what was there only when all of it is built."""
    compiler = find_compiler(target.python)
    if compiler is None:
        say(f"No Python {target.python} here (BUILD_PYTHON, PATH, pyenv): sources only, start-up takes twice the CPU.")
    build = Build(target, compiler, cache, say)
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{into.name}.", dir=into.parent) as folder:
        fresh = Path(folder) / "fresh"
        (fresh / "layers").mkdir(parents=True)
        (fresh / "functions").mkdir()
        for name in LAYERS:
            build_wheel_layer(build, name, fresh / "layers" / f"{name}.zip")
        build_package_layer(build, fresh / "layers" / "smartalarm.zip")
        handlers = sorted(FUNCTIONS.glob("*/handler.py"))
        say(f"Packing {len(handlers)} functions ...")
        for handler in handlers:
            build_function(build, handler, fresh / "functions" / f"{handler.parent.name}.zip")
        sizes = {path.relative_to(fresh).as_posix(): _size(path) for path in sorted(fresh.rglob("*.zip"))}
        about = {
            "python": target.python,
            "architecture": target.architecture,
            "has_bytecode": bool(compiler),
            "sizes": sizes,
        }
        (fresh / "build.json").write_text(json.dumps(about, indent=2, sort_keys=True) + "\n")
        shutil.rmtree(into, ignore_errors=True)
        fresh.rename(into)
    say(f"\n{into.relative_to(ROOT) if into.is_relative_to(ROOT) else into}: {target}")
    say(size_table(sizes))
    for problem in (problems := over_budget(sizes)):
        say(problem)
    return 1 if problems else 0


def _size(path: Path) -> dict[str, int]:
    return {"zipped": path.stat().st_size, "unzipped": unzipped_bytes(path)}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:
        sys.exit(f"build: {error}")

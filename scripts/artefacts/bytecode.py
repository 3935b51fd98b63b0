"""Bytecode for a folder of sources, by the target's interpreter: without it, start-up costs twice the CPU."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from scripts.artefacts.target import BuildError, Compiler

COMPILE_SECONDS: Final = 600
WORKERS: Final = 2
# Runs in the target's interpreter. Each worker takes its share in a fixed order: what a .pyc holds depends a little on what
# was compiled before it. Files that are no Python of this version (templates, other versions' syntax) stay sources.
_PROGRAM: Final = """
import py_compile, sys
folder, shown, files = sys.argv[1], sys.argv[2], sys.stdin.read().split("\\0")
for name in files:
    try:
        py_compile.compile(folder + "/" + name, dfile=shown + "/" + name, doraise=True,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except py_compile.PyCompileError:
        pass
"""


def compile_folder(folder: Path, compiler: Compiler, shown_as: str) -> None:
    """Put a .pyc beside every .py, in `__pycache__`. Tracebacks name files below `shown_as`.

    Unchecked hash: the interpreter never compares it with the source, whose time a zip file does not keep.
    Raises BuildError.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    # The constants of a set are ordered by hashes, which the variable fixes; nothing else of this environment may matter.
    command = ["env", "-i", "PYTHONHASHSEED=0", str(compiler.path), "-S", "-s", "-X", "utf8", "-c", _PROGRAM]
    with ThreadPoolExecutor(WORKERS) as threads:
        shares = [names[worker::WORKERS] for worker in range(WORKERS)]
        list(threads.map(lambda share: _compile([*command, str(folder), shown_as], share), filter(None, shares)))


def _compile(command: list[str], names: list[str]) -> None:
    try:
        done = subprocess.run(
            command, input="\0".join(names), capture_output=True, text=True, timeout=COMPILE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"compiling took more than {COMPILE_SECONDS} s") from None
    if done.returncode:
        raise BuildError(f"compiling failed: {done.stderr.strip()[-300:]}")

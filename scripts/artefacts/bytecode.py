"""Bytecode for a folder of sources, by the target's interpreter: without it, start-up costs twice the CPU."""

import subprocess
from collections.abc import Callable
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
lines = iter(sys.stdin.read().split("\\0"))
for path, shown in zip(lines, lines):
    try:
        py_compile.compile(path, dfile=shown, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except py_compile.PyCompileError:
        pass
"""


def compile_folder(folder: Path, compiler: Compiler, shown_as: Callable[[str], str]) -> None:
    """Put a .pyc beside every .py, in `__pycache__`. Tracebacks name a file as `shown_as` of its path below the folder.

    Unchecked hash: the interpreter never compares it with the source, whose time a zip file does not keep.
    Raises BuildError.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    pairs = [f"{folder / name}\0{shown_as(name)}" for name in names]
    with ThreadPoolExecutor(WORKERS) as threads:
        shares = [pairs[worker::WORKERS] for worker in range(WORKERS)]
        list(threads.map(lambda share: _compile(compiler, share), filter(None, shares)))


def _compile(compiler: Compiler, pairs: list[str]) -> None:
    # The constants of a set are ordered by hashes, which the variable fixes; nothing else of this environment may matter.
    command = ["env", "-i", "PYTHONHASHSEED=0", str(compiler.path), "-S", "-s", "-X", "utf8", "-c", _PROGRAM]
    try:
        done = subprocess.run(
            command, input="\0".join(pairs), capture_output=True, text=True, timeout=COMPILE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"compiling took more than {COMPILE_SECONDS} s") from None
    if done.returncode:
        raise BuildError(f"compiling failed: {done.stderr.strip()[-300:]}")

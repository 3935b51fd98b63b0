"""Bytecode for a folder of sources, by the target's interpreter: without it, start-up costs twice the CPU."""

import subprocess
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

    Unchecked hash: the interpreter never compares it with the source, whose time a zip file does not keep. Raises BuildError.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    # The constants of a set are ordered by hashes, which the variable fixes; nothing else of this environment may matter.
    command = ["env", "-i", "PYTHONHASHSEED=0", str(compiler.path), "-S", "-s", "-X", "utf8", "-c", _PROGRAM]
    running = []
    for worker in range(WORKERS):
        share = names[worker::WORKERS]
        if share:
            process = subprocess.Popen(
                [*command, str(folder), shown_as], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            running.append((process, "\0".join(share)))
    _wait(running)


def _wait(running: list[tuple[subprocess.Popen[str], str]]) -> None:
    for process, names in running:
        assert process.stdin is not None
        process.stdin.write(names)
        process.stdin.close()
    for process, _ in running:
        try:
            process.wait(timeout=COMPILE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise BuildError(f"compiling took more than {COMPILE_SECONDS} s") from None
        if process.returncode:
            raise BuildError(f"compiling failed with exit status {process.returncode}")

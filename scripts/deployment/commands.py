"""Runs a cloud's command-line tool step by step, or only shows what it would run."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

CALL_SECONDS = 1800


class CommandFailed(Exception):
    """A step failed; the text is one line that names it."""


class Commands:
    """With `is_dry` nothing is run: each command is printed, and whatever is asked for is taken not to exist yet."""

    def __init__(self, tool: str, *, is_dry: bool) -> None:
        if not is_dry and shutil.which(tool) is None:
            raise CommandFailed(f"{tool} is missing: install it and sign in first, or use --dry-run.")
        self._tool = tool
        self.is_dry = is_dry

    def run(self, *arguments: str, text: str | None = None) -> None:
        """One command; `text` goes to its standard input and is never shown. Raises CommandFailed."""
        self._show(arguments, has_input=text is not None)
        if not self.is_dry:
            done = subprocess.run([self._tool, *arguments], input=text, text=True, check=False, timeout=CALL_SECONDS)
            if done.returncode:
                raise CommandFailed(f"{self._tool} {' '.join(arguments[:3])} ended with {done.returncode}; see above.")

    def ask(self, *arguments: str, dry: str) -> str:
        """What a command prints, without the line's end; `dry` in a dry run. Raises CommandFailed."""
        if self.is_dry:
            return dry
        done = self._quiet(arguments)
        if done.returncode:
            raise CommandFailed(f"{self._tool} {' '.join(arguments[:3])}: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return done.stdout.strip()

    def exists(self, *arguments: str) -> bool:
        """Whether a describing command finds something."""
        return not self.is_dry and self._quiet(arguments).returncode == 0

    def ensure(self, describe: Sequence[str], create: Sequence[str], *, text: str | None = None) -> None:
        """Create what is not there."""
        if not self.exists(*describe):
            self.run(*create, text=text)

    def _quiet(self, arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        command = [self._tool, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=CALL_SECONDS)

    def _show(self, arguments: Sequence[str], *, has_input: bool) -> None:
        line = shlex.join([self._tool, *arguments])
        print(f"{line} < (a secret)" if has_input else line, file=sys.stdout, flush=True)

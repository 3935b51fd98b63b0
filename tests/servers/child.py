"""One program as a child process: its output in a file, a bounded wait until it is ready, and its end by its own id."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 10.0


class ChildFailed(Exception):
    """It ended or was not ready in time; the text is the end of its output."""


@contextmanager
def running(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, is_ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, once `is_ready` says so. It sees nothing but `env`. Raises ChildFailed."""
    with log.open("wb") as output:
        child = subprocess.Popen(command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not is_ready():
                if child.poll() is not None or time.monotonic() > deadline:
                    raise ChildFailed(f"{command[:4]} is not ready:\n{log.read_text(errors='replace')[-3000:]}")
                time.sleep(0.02)
            yield child
        finally:
            stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End it politely, then surely."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(STOP_SECONDS)


def accepts(address: str | tuple[str, int]) -> bool:
    """Whether somebody accepts connections there; a text is a unix socket's path."""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

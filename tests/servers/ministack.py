"""An emulated AWS (ministack) on loopback, shared by every test process that wants it and stopped after the last one.

    with running_ministack() as endpoint:      # "http://127.0.0.1:43567"; credentials test/test, any region
        ...
    endpoint = kept_ministack()                # the same for the rest of this process

It lives in a virtualenv of its own, because it pins its own botocore, under `.cache/ministack-venv`. Whoever comes first
starts a keeper (this file as a program), and the keeper starts the server. Each user holds a shared lock on `users.lock`,
which the kernel lets go of even when a process is killed; the keeper stops its own child when nobody holds it any more.
"""

import atexit
import fcntl
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from scripts.installing import CACHE, ROOT, locked
from tests.servers.child import stop
from tests.servers.ministack_process import (
    START_SECONDS,
    MinistackMissing,
    answers,
    installed,
    serve,
    to_endpoint,
)

__all__ = ["MinistackMissing", "kept_ministack", "running_ministack"]

LINGER_SECONDS = 2.0  # so that one test run right after another finds it warm


@contextmanager
def running_ministack(folder: Path = CACHE / "ministack") -> Iterator[str]:
    """The endpoint of a running emulator. Raises MinistackMissing."""
    python = installed()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with locked(folder / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper that found nobody is stopping its server
            endpoint = _known(folder) or _started(folder, python)
        yield endpoint


@cache
def kept_ministack() -> str:
    """The same, held until this process ends. Raises MinistackMissing."""
    stack = ExitStack()
    endpoint = stack.enter_context(running_ministack())
    atexit.register(stack.close)
    return endpoint


def _known(folder: Path) -> str | None:
    """The endpoint that a living keeper wrote down."""
    try:
        port = int(json.loads((folder / "server.json").read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None
    return to_endpoint(port) if answers(port) else None


def _started(folder: Path, python: Path) -> str:
    """Start a keeper and wait until its server answers."""
    (folder / "server.json").unlink(missing_ok=True)
    with (folder / "keeper.log").open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.ministack", str(folder), str(python)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it outlives the test process that came first
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if endpoint := _known(folder):
            keeper.returncode = 0  # it is on its own now: no warning about a child still running
            return endpoint
        if keeper.poll() is not None:
            break
        time.sleep(0.1)
    raise MinistackMissing(f"ministack did not start, see {folder.name}/keeper.log and server.log in .cache")


# ------------------------------------------------------------------------------------------------ the keeper


def keep(folder: Path, python: Path) -> int:
    """Start the server, write down where it is, and stop it once nobody holds the users' lock."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` stops the server then, too
    with tempfile.TemporaryDirectory(prefix="ministack-") as home, (folder / "server.log").open("w") as log:
        server, port = serve(python, home, log)
        if server is None:
            return 1
        try:
            (folder / "server.json").write_text(json.dumps({"port": port, "pid": server.pid}))
            with (folder / "users.lock").open("a") as users:
                while server.poll() is None:
                    time.sleep(LINGER_SECONDS)
                    try:
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    (folder / "server.json").unlink(missing_ok=True)
                    break
                stop(server)
        finally:
            stop(server)
    return 0


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), Path(sys.argv[2])))

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
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

REPO = Path(__file__).resolve().parents[2]
CACHE = REPO / ".cache"
LOCK_FILE = REPO / "requirements" / "ministack.lock"
START_SECONDS = 60
INSTALL_SECONDS = 600
LINGER_SECONDS = 2.0  # so that one test run right after another finds it warm
TRIES = 5


class MinistackMissing(Exception):
    """The emulator cannot be had here; the text says why in one line."""


@contextmanager
def running_ministack(folder: Path = CACHE / "ministack") -> Iterator[str]:
    """The endpoint of a running emulator. Raises MinistackMissing."""
    python = _installed()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with _locked(folder / "start.lock"):
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


def _installed() -> Path:
    """The Python of the emulator's virtualenv, made if need be."""
    venv = CACHE / "ministack-venv"
    python, stamp = venv / "bin" / "python", venv / "ministack.lock"
    CACHE.mkdir(exist_ok=True)
    with _locked(CACHE / "ministack-install.lock"):
        if stamp.is_file() and stamp.read_bytes() == LOCK_FILE.read_bytes():
            return python
        print("installing ministack into .cache/ministack-venv (once)", file=sys.stderr, flush=True)  # noqa: T201
        shutil.rmtree(venv, ignore_errors=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK_FILE)]
        for command in ([sys.executable, "-m", "venv", str(venv)], pip):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
            except (OSError, subprocess.SubprocessError) as error:
                output = str(getattr(error, "stderr", None) or error).strip()
                raise MinistackMissing(f"ministack cannot be installed: {output.splitlines()[-1][:200]}") from error
        shutil.copy(LOCK_FILE, stamp)
    return python


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _known(folder: Path) -> str | None:
    """The endpoint that a living keeper wrote down."""
    try:
        port = int(json.loads((folder / "server.json").read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None
    return _endpoint(port) if _answers(port) else None


def _started(folder: Path, python: Path) -> str:
    """Start a keeper and wait until its server answers."""
    (folder / "server.json").unlink(missing_ok=True)
    with (folder / "keeper.log").open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, __file__, str(folder), str(python)],
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


def _endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# ------------------------------------------------------------------------------------------------ the keeper


def keep(folder: Path, python: Path) -> int:
    """Start the server, write down where it is, and stop it once nobody holds the users' lock."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` stops the server then, too
    with tempfile.TemporaryDirectory(prefix="ministack-") as home, (folder / "server.log").open("w") as log:
        server, port = _serve(python, home, log)
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
                _stop(server)
        finally:
            _stop(server)
    return 0


def _serve(python: Path, home: str, log: IO[str]) -> tuple[subprocess.Popen[bytes] | None, int]:
    """The server, once it answers, and its port; a port that another program took meanwhile is tried again elsewhere."""
    for _ in range(TRIES):
        port = _free_port()
        server = subprocess.Popen(
            [str(python), "-m", "ministack"],
            env=_environment(home, port),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        deadline = time.monotonic() + START_SECONDS / 2
        while server.poll() is None and time.monotonic() < deadline:
            if _answers(port):
                return server, port
            time.sleep(0.1)
        _stop(server)
    return None, 0


def _environment(home: str, port: int) -> dict[str, str]:
    """All it sees, because the functions it runs inherit its environment; nothing is kept and nothing else listens."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "STATE_DIR": f"{home}/state",
        "S3_DATA_DIR": f"{home}/s3",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), Path(sys.argv[2])))

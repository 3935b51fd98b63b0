"""The emulator's own virtualenv and process: shared by the tests' emulator and the emulated cloud that is deployed to."""

import fcntl
import http.client
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.servers.child import free_port, stop

REPO = Path(__file__).resolve().parents[2]
CACHE = REPO / ".cache"
LOCK_FILE = REPO / "requirements" / "ministack.lock"
START_SECONDS = 60
INSTALL_SECONDS = 600
TRIES = 5


class MinistackMissing(Exception):
    """The emulator cannot be had here; the text says why in one line."""


def installed() -> Path:
    """The Python of the emulator's virtualenv, made if need be."""
    venv = CACHE / "ministack-venv"
    python, stamp = venv / "bin" / "python", venv / "ministack.lock"
    CACHE.mkdir(exist_ok=True)
    with locked(CACHE / "ministack-install.lock"):
        if stamp.is_file() and stamp.read_bytes() == LOCK_FILE.read_bytes():
            return python
        print("installing ministack into .cache/ministack-venv (once)", file=sys.stderr, flush=True)  # noqa: T201  it takes a while
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
def locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, which the kernel lets go of however we end."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def to_endpoint(port: int) -> str:
    """A port's URL; "localhost" may be IPv6, where nothing listens."""
    return f"http://127.0.0.1:{port}"


def answers(port: int) -> bool:
    """Whether an emulator is up there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def serve(
    python: Path, home: str, log: IO[str], settings: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes] | None, int]:
    """The server, once it answers, and its port; a port that another program took meanwhile is tried again elsewhere."""
    for _ in range(TRIES):
        port = free_port()
        server = subprocess.Popen(
            [str(python), "-m", "ministack"],
            env={**_environment(home, port), **(settings or {})},
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        deadline = time.monotonic() + START_SECONDS / 2
        while server.poll() is None and time.monotonic() < deadline:
            if answers(port):
                return server, port
            time.sleep(0.1)
        stop(server)
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


def _keep(python: Path, home: str, settings: Mapping[str, str]) -> int:
    """Serve for whoever started us, say where, and stop when their end of our standard input closes, however they end."""
    with (Path(home) / "server.log").open("w") as log:
        server, port = serve(python, home, log, settings)
        if server is None:
            return 1
        try:
            print(to_endpoint(port), flush=True)  # noqa: T201  what it was started for
            while server.poll() is None:
                ready, _, _ = select.select([sys.stdin], [], [], 1.0)
                if ready and not os.read(sys.stdin.fileno(), 4096):
                    break
        finally:
            stop(server)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is our parent's to answer: it still needs the emulator for that
    sys.exit(_keep(Path(sys.argv[1]), sys.argv[2], {"AUTH": "true"} if "auth" in sys.argv[3:] else {}))

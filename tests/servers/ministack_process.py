"""The emulator's own virtualenv and process: shared by the tests' emulator and the emulated cloud that is deployed to."""

import http.client
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from scripts.installing import ToolMissing, virtualenv
from tests.servers.child import free_port, stop

START_SECONDS = 60
TRIES = 5


class MinistackMissing(Exception):
    """The emulator cannot be had here; the text says why in one line."""


def installed() -> Path:
    """The Python of the emulator's virtualenv, made if need be. Raises MinistackMissing."""
    try:
        return virtualenv("ministack") / "python"
    except ToolMissing as error:
        raise MinistackMissing(f"ministack cannot be had: {error}") from error


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

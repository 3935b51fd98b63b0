"""The real local host as a child process: started, killed and started again on the same data."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.servers.child import free_port

START_SECONDS = 60.0
STOP_SECONDS = 15.0


class RunningLocalHost:
    """A started local host. `url` is its origin; its data outlives it."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str]) -> None:
        self._data_dir = data_dir
        self.settings = dict(settings)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.log_path = data_dir / "local_host.log"

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and return when it is ready."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environ = {**kept, "PORT": str(self.port), "DATA_DIR": str(self._data_dir), **self.settings}
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "smartalarm.hosts.local"], env=environ, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if requests.get(f"{self.url}/api/v1/health/ready", timeout=2).status_code == requests.codes.ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the local host did not start:\n{self.log_path.read_text()[-3000:]}")

    def terminate(self) -> int:
        """SIGTERM, and its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """SIGKILL: nothing of it gets to say goodbye."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(STOP_SECONDS)

    def log(self) -> str:
        """All it wrote."""
        return self.log_path.read_text()


@contextmanager
def running_local_host(data_dir: Path, **settings: str) -> Iterator[RunningLocalHost]:
    """Start one with its own data, and stop it (only it) at the end. `settings` are environment variables."""
    host = RunningLocalHost(data_dir, settings)
    host.start()
    try:
        yield host
    finally:
        host.kill()

"""The npm package web-push-testing as a child process: a push service that others wrote and that really decrypts."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import requests

SOURCE = Path(__file__).resolve().parent / "web-push-testing"
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "web-push-testing"
FILES = ("package.json", "package-lock.json", "start.js")
INSTALL_SECONDS = 120
CALL_SECONDS = 10


class WebPushTestingMissing(Exception):
    """It cannot run here; the text says why in one line."""


class WebPushTesting:
    """A started one. `url` is its origin."""

    def __init__(self, url: str) -> None:
        self.url = url

    def subscribe(self, application_server_key: str) -> dict[str, Any]:
        """A new subscription: {endpoint, keys: {p256dh, auth}, clientHash}."""
        options = {"userVisibleOnly": "true", "applicationServerKey": application_server_key}
        return cast("dict[str, Any]", self._call("/subscribe", options)["data"])

    def messages(self, client_hash: str) -> list[str]:
        """The decrypted messages so far."""
        return cast("list[str]", self._call("/get-notifications", {"clientHash": client_hash})["data"]["messages"])

    def expire(self, client_hash: str) -> None:
        """Posts get 410 from now on."""
        requests.post(f"{self.url}/expire-subscription/{client_hash}", timeout=CALL_SECONDS).raise_for_status()

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(self.url + path, json=body, timeout=CALL_SECONDS)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_web_push_testing() -> Iterator[WebPushTesting]:
    """Install it on first use, start it, stop it (only it) at the end. Raises WebPushTestingMissing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise WebPushTestingMissing("node and npm are not installed")
    _install(npm)
    with subprocess.Popen([node, "start.js"], cwd=CACHE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield WebPushTesting(child.stdout.readline().strip())
        finally:
            child.stdin.close()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()


def _install(npm: str) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        installed = CACHE / "node_modules" / "installed-lock.json"
        wanted = (SOURCE / "package-lock.json").read_text()
        for name in FILES:
            shutil.copyfile(SOURCE / name, CACHE / name)
        if installed.exists() and installed.read_text() == wanted:
            return
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=CACHE,
            check=True,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        )
        installed.write_text(wanted)

"""`make cloud-up` as a person runs it: what it prints works, and Ctrl+C leaves nothing behind."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.client import Client
from tests.servers.child import accepts

pytestmark = pytest.mark.alone
REPO = Path(__file__).resolve().parents[3]
UP_SECONDS = 240.0
DOWN_SECONDS = 60.0


@contextmanager
def cloud_up(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command as a child that is not left behind."""
    command = [sys.executable, "scripts/cloud.py", "up", *arguments]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        too_long = threading.Timer(UP_SECONDS, child.kill)
        too_long.start()
        try:
            yield child
        finally:
            too_long.cancel()
            child.kill()


def test_it_prints_addresses_that_work_and_stops_with_ctrl_c() -> None:
    """Somebody signs up at the printed address; afterwards nobody listens there or at the emulator's."""
    with cloud_up("--port", "0") as child:
        assert child.stdout is not None
        printed = ""
        for line in child.stdout:
            printed += line
            if line.startswith("Its tests"):
                break
        urls = [match[1] for match in re.finditer(r"(?:API +|AWS_ENDPOINT_URL=)(http://127\.0\.0\.1:\d+)", printed)]
        assert len(urls) == 2, printed
        assert Client(urls[0]).call("GET", "/alarms")["items"] == []
        child.send_signal(signal.SIGINT)
        assert child.wait(DOWN_SECONDS) == 0
        assert "nothing of it is kept" in child.stdout.read()
    deadline = time.monotonic() + 5
    addresses = [("127.0.0.1", int(url.rpartition(":")[2])) for url in urls]
    while any(accepts(address) for address in addresses) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [accepts(address) for address in addresses] == [False, False]


def test_a_port_in_use_is_said_in_one_line() -> None:
    """Before anything is built or deployed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with cloud_up("--port", str(port)) as refused:
            assert refused.stdout is not None
            assert refused.wait(60) == 1
            assert refused.stdout.read().splitlines()[-1] == f"Port {port} is in use; PORT=<another> chooses one."


def test_a_port_that_none_can_have_is_refused_in_one_line() -> None:
    """A typing error, before anything starts."""
    with cloud_up("--port", "99999") as child:
        printed, _ = child.communicate(timeout=DOWN_SECONDS)
    assert child.returncode == 2
    assert printed.endswith("error: --port: 0 to 65535\n")
    assert "Traceback" not in printed

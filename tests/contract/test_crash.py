"""Crashes: a process that writes is killed in the middle; what it was told is stored is there, whole, without a gap."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smartalarm.ports import Cursor, Store
from tests.contract.backends import Backend
from tests.contract.crash_writer import THREADS
from tests.contract.samples import new_user, save

WRITER = Path(__file__).with_name("crash_writer.py")
ROUNDS = 3


def acknowledged_before_kill(url: str, user: str, name: str, lines: int) -> list[tuple[int, str]]:
    """(seq, document id) of what a process was told is stored, until it had this many and was killed."""
    process = subprocess.Popen([sys.executable, WRITER, url, user, name], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    told += rest.splitlines(keepends=True)
    assert process.returncode == -signal.SIGKILL
    whole = [line.split() for line in told if line.endswith("\n")]
    assert len(whole) >= lines
    return [(int(seq), document_id) for seq, document_id in whole]


def wait_until_quiet(store: Store, user: str) -> None:
    """A database server may still finish what a killed client had sent: wait until nothing more comes of it."""
    for _ in range(100):
        before = store.seq(user)
        time.sleep(0.1)
        if store.seq(user) == before:
            return


def test_nothing_acknowledged_is_lost_when_a_writer_is_killed(backend: Backend) -> None:
    """Three times over: every acknowledged write is there with its timer, and the seq has no gap."""
    if backend.url is None:
        pytest.skip("no other process can open this backend")
    store, user = backend.store, new_user(backend.store)
    acknowledged: list[tuple[int, str]] = []
    for number in range(ROUNDS):
        acknowledged += acknowledged_before_kill(backend.url, user, f"round-{number}", lines=40 + 17 * number)
        wait_until_quiet(store, user)

        feed = [(document.seq, document.id) for document in store.changes(user, Cursor(), 100_000).items]
        assert set(acknowledged) <= set(feed)
        assert len(feed) - len(acknowledged) <= THREADS * (number + 1)  # stored, but killed before it could tell
        assert [seq for seq, _ in feed] == list(range(1, store.seq(user) + 1))
        assert sorted(name for _, name in feed) == sorted(one.id for one in store.timers(user))
    assert save(store, user, "alarm", "afterwards").seq == store.seq(user)

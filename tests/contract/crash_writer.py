"""A program that writes until it is killed: `crash_writer.py <url> <user> <round>`. Each acknowledged write is one line.

Four threads share the user, so that writers share transactions, as they do in a server.
"""

import itertools
import sys
import threading
from datetime import UTC, datetime

from smartalarm.adapters.sql import SqlStore, open_engine
from smartalarm.ports import Commit, Put, Timer, TimerChange

THREADS = 4
NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def write(store: SqlStore, user: str, name: str, lock: threading.Lock) -> None:
    """Save a document with its timer, tell, go on."""
    for number in itertools.count():
        document_id = f"{name}-{number}"
        timer = Timer(document_id, user, NOW, "ring", "", 1, NOW)
        committed = store.commit(
            Commit(user, NOW, (Put("alarm", document_id, {"n": number}),), (TimerChange(document_id, timer),))
        )
        with lock:
            sys.stdout.write(f"{committed.seq} {document_id}\n")
            sys.stdout.flush()


def main(url: str, user: str, name: str) -> None:
    """Write until killed."""
    store = SqlStore(open_engine(url))
    lock = threading.Lock()
    for number in range(THREADS):
        threading.Thread(target=write, args=(store, user, f"{name}-{number}", lock)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])

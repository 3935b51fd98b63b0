"""A program that writes until it is killed: `crash_writer.py <url> <user> <round>`. Each acknowledged write is one line.

Four threads share the user, so that writers share transactions, as they do in a server.
"""

import itertools
import sys
import threading
from datetime import UTC, datetime

from smartalarm.ports import Commit, Put, Store, Timer, TimerChange

THREADS = 4
NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def open_store(url: str) -> Store:
    """The store at `sqlite:...`, `postgresql:...` or `dynamodb+http://host:port/table`."""
    if not url.startswith("dynamodb+"):
        from smartalarm.adapters.sql import SqlStore, open_engine  # noqa: PLC0415 - only what is written to is loaded

        return SqlStore(open_engine(url))
    import boto3  # noqa: PLC0415 - the same

    from smartalarm.adapters.clock import SystemClock  # noqa: PLC0415 - the same
    from smartalarm.adapters.dynamo import DynamoStore, Limits, Patience, open_table  # noqa: PLC0415 - the same
    from smartalarm.adapters.entropy import SystemEntropy  # noqa: PLC0415 - the same

    endpoint, _, name = url.removeprefix("dynamodb+").rpartition("/")
    session = boto3.Session("test", "test", region_name="eu-west-1")
    patience, limits = Patience(SystemClock(), SystemEntropy()), Limits(connect_seconds=10, read_seconds=30)
    return DynamoStore(
        open_table(name, region="eu-west-1", endpoint=endpoint, patience=patience, limits=limits, session=session)
    )


def write(store: Store, user: str, name: str, lock: threading.Lock) -> None:
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
    store = open_store(url)
    lock = threading.Lock()
    for number in range(THREADS):
        threading.Thread(target=write, args=(store, user, f"{name}-{number}", lock)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The line between processes that share one PostgreSQL: notices to a named process, and the truth about who is there.

A process that is on the line holds an advisory lock of its own name for as long as it listens (`listening.Listener`).
The lock ends with its connection, however that ends: who is alive needs no heartbeat, no clock and no row that lies.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.schema import connections

RINGERS: Final = "smartalarm:ringers"
"""The channel of every process that rings: a timer that is due in moments was just written elsewhere."""
MAX_NAME: Final = 48
"""A channel's name has at most 63 bytes."""

# Whoever can have the lock of a process proves that nobody listens under that name; it is let go with the statement.
_SAY = sa.text(
    "SELECT CASE WHEN pg_try_advisory_xact_lock_shared(lock_number) THEN NULL"
    " ELSE CAST(pg_notify(channel, payload) AS text) END"
    " FROM unnest(CAST(:locks AS bigint[]), CAST(:channels AS text[]), CAST(:payloads AS text[]))"
    " WITH ORDINALITY AS said (lock_number, channel, payload, place) ORDER BY place"
)
_ARE_FREE = sa.text(
    "SELECT pg_try_advisory_xact_lock_shared(lock_number)"
    " FROM unnest(CAST(:locks AS bigint[])) WITH ORDINALITY AS asked (lock_number, place) ORDER BY place"
)
_WAKE = sa.text("SELECT pg_notify(:channel, '')")
_ROWS = sa.select(connections.c.host, sa.func.count()).where(connections.c.host.is_not(None)).group_by(connections.c.host)


def channel_of(host: str) -> str:
    """The channel on which a process hears what its sockets shall hear."""
    return f"smartalarm:host:{host}"


def lock_of(host: str) -> int:
    """The number of its advisory lock, a bigint."""
    return int.from_bytes(hashlib.sha256(channel_of(host).encode()).digest()[:8], "big", signed=True)


class Line:
    """Says things to other processes. Safe to use from many threads. Every method raises Unavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def say(self, notices: Sequence[tuple[str, str]]) -> list[bool]:
        """Give each (host, payload of less than 8000 bytes) to its process; False: nobody listens under that name."""
        if not notices:
            return []
        asked = {
            "locks": [lock_of(host) for host, _ in notices],
            "channels": [channel_of(host) for host, _ in notices],
            "payloads": [payload for _, payload in notices],
        }
        rows = self._engine.read(lambda connection: connection.execute(_SAY, asked).scalars().all())
        return [row is not None for row in rows]

    def wake_ringers(self) -> None:
        """Every process that rings shall look at the due index now."""
        self._engine.read(lambda connection: connection.execute(_WAKE, {"channel": RINGERS}).all())

    def rows_by_host(self) -> dict[str, int]:
        """How many connections the table has of each process."""
        rows = self._engine.read(lambda connection: connection.execute(_ROWS).all())
        return {row[0]: row[1] for row in rows}

    def dead(self, hosts: Iterable[str]) -> set[str]:
        """Those of the names under which nobody listens."""
        asked = list(hosts)
        if not asked:
            return set()
        locks = {"locks": [lock_of(host) for host in asked]}
        are_free = self._engine.read(lambda connection: connection.execute(_ARE_FREE, locks).scalars().all())
        return {host for host, is_free in zip(asked, are_free, strict=True) if is_free}

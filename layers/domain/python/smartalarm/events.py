"""What reaches a function that is not HTTP: a batch from the ring queue, an event on a socket."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from smartalarm.ports import Timer

MOST_LINES = 3
ARMED_EARLY = frozenset({"ring", "again"})
"""Timers that make a device ring at their instant: they are read, decided and encrypted before it. A smart wake was promised
for no instant: it goes the way of what is told, and never holds up a ring."""


@dataclass(frozen=True, slots=True)
class HandedTimer:
    """A timer on its way to be rung, and which try this is (from 1)."""

    timer: Timer
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class RingBatch:
    """Timers that one run of the ring consumer handles on one time line."""

    handed: tuple[HandedTimer, ...]

    def time_lines(self) -> "list[RingBatch]":
        """The batch by due second, what is armed early apart from the rest, and each user's first timer from its next.

        Run apart, a device that hangs in one second never delays the rings of the next, nor a slow stop those of its own,
        nor one user's second alarm, whose commit must wait for the first, everybody else's.
        """
        lines: dict[tuple[int, bool, int], list[HandedTimer]] = {}
        seen: Counter[tuple[int, bool, str]] = Counter()
        for one in self.handed:
            second, is_told = int(one.timer.due_at.timestamp()), one.timer.purpose not in ARMED_EARLY
            nth = min(seen[second, is_told, one.timer.user], MOST_LINES)
            seen[second, is_told, one.timer.user] += 1
            lines.setdefault((second, is_told, nth), []).append(one)
        return [RingBatch(tuple(members)) for _, members in sorted(lines.items())]


@dataclass(frozen=True)
class SocketEvent:
    """One event of one socket. `body` is the text of a message; `query` and `headers` (lower case) come with $connect.

    `host` is the process that holds the socket, "" on a managed gateway.
    """

    connection_id: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    host: str = ""

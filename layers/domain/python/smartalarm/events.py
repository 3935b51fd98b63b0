"""What reaches a function that is not HTTP: a batch from the ring queue, an event on a socket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smartalarm.ports import Timer


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
        """The batch by due second: run apart, a device that hangs in one second never delays the rings of the next."""
        seconds: dict[int, list[HandedTimer]] = {}
        for one in self.handed:
            seconds.setdefault(int(one.timer.due_at.timestamp()), []).append(one)
        return [RingBatch(tuple(members)) for _, members in sorted(seconds.items())]


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

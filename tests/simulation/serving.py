"""How the outside asks a simulated host for something, and what comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from smartalarm.errors import SmartAlarmError
from smartalarm.injection import Injector
from smartalarm.ports import Connection
from tests.simulation.timeline import Died, Timeline

Call = Callable[[Injector], Any]


@dataclass(frozen=True)
class Reply:
    """What a client gets: a value, an error, or (both None and `is_silent`) nothing at all."""

    value: Any = None
    error: SmartAlarmError | None = None
    is_silent: bool = False


Then = Callable[[Reply], None]


class Host(Protocol):
    """One way to run the product."""

    def start(self) -> None:
        """Begin to ring."""

    def serve(self, call: Call, then: Then) -> None:
        """Do what a client asks for."""

    def tick_after(self, instant: datetime) -> datetime | None:
        """The first look into the due index at or after an instant; None when it has not come yet."""

    def socket_host(self) -> str | None:
        """The name of a process that takes a new socket now; None when none does."""

    def leftovers(self) -> list[str]:
        """What still travels or waits in memory although it should have been settled."""

    def reaches(self, connection: Connection) -> bool:
        """Whether every process of the product can post to the connection."""


def answer(timeline: Timeline, injector: Injector, call: Call, then: Then, broke: Callable[[str], None]) -> None:
    """Inside a task: run the call and bring the client its reply. `broke` hears of what no client may cause."""
    try:
        reply = Reply(call(injector))
    except SmartAlarmError as error:
        reply = Reply(error=error)
    except Died:
        timeline.at(timeline.now, lambda: then(Reply(is_silent=True)))
        raise
    except Exception as error:  # noqa: BLE001  a status 500
        broke(f"a call ended in {error!r}")
        return
    timeline.after(0.005, lambda: then(reply))

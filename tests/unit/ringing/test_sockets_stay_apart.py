"""What fails for sockets is the sockets' own matter: pushes leave on time, and the ledger says what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from smartalarm.adapters.memory import MemoryConnections
from smartalarm.errors import Unavailable
from smartalarm.ports import Connection, Connections, JsonObject
from tests.stage import FakeSockets
from tests.unit.ringing.queue_stage import QueueStage


@dataclass
class BrokenSockets(FakeSockets):
    """The gateway does not answer."""

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:  # noqa: ARG002  the port's name
        """Raises Unavailable."""
        raise Unavailable


class ForgetfulConnections(MemoryConnections):
    """Nobody can be forgotten."""

    def close(self, connection_id: str) -> None:  # noqa: ARG002  the port's name
        """Raises Unavailable."""
        raise Unavailable


def connect(stage: QueueStage) -> None:
    """An open socket of the user."""
    stage.injector.get(Connections).open(Connection("socket", stage.user, None, stage.clock.now()))


def lateness(stage: QueueStage, alarm: dict[str, Any], phone: str = "phone") -> list[timedelta]:
    """How late each ring of the alarm reached the phone."""
    due_at = datetime.fromisoformat(alarm["next"]["at"])
    return [push.at - due_at for push in stage.pushes(phone) if push.body["occurrence"]["id"] == alarm["next"]["id"]]


def test_pushes_leave_on_time_although_no_socket_can_be_posted_to() -> None:
    """The gateway's failure is its own, and the ledger names it."""
    stage = QueueStage()
    stage.sockets = BrokenSockets(stage.clock)
    stage.add_phone()
    connect(stage)
    alarm = stage.set_alarm(20)
    stage.ring(*stage.sweep())
    assert lateness(stage, alarm) == [timedelta()]
    assert stage.events(alarm["next"]["id"]) == ["scheduled", "claimed", "due", "failed", "sent", "accepted"]


def test_pushes_leave_on_time_although_a_dead_socket_cannot_be_forgotten() -> None:
    """Forgetting it is for later; another ring will try again."""
    stage = QueueStage({Connections: ForgetfulConnections})
    stage.add_phone()
    connect(stage)
    stage.sockets.gone.add("socket")
    alarm = stage.set_alarm(20)
    stage.ring(*stage.sweep())
    assert lateness(stage, alarm) == [timedelta()]

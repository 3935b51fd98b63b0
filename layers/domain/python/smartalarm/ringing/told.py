"""What devices are told, as models: push messages (their decrypted text) and what the server says on a socket.

They are what is sent and, in openapi.json, what clients are checked against: one place for both.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from smartalarm.alarms.alarm import Ring, Snooze
from smartalarm.instants import Instant
from smartalarm.ringing.occurrence import OccurrenceView, State

RequestId = str | int | None
"""What the client called its message; null when it gave it no name."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        return self.model_dump(mode="json")


class RungAlarm(_Told):
    """What a device needs of the alarm to ring. A test push has no alarm: `id` is null."""

    id: str | None
    label: str
    ring: Ring
    snooze: Snooze
    snoozes_left: int


class AnswerDoor(_Told):
    """Where this occurrence, and it alone, is answered without a session."""

    url: str
    token: str


class AnswerablePush(_Told):
    """A push that a person answers."""

    type: Literal["ring", "test"]
    occurrence: OccurrenceView
    alarm: RungAlarm
    rung: int
    answer: AnswerDoor


class NoticePush(_Told):
    """A push that replaces the ring on the screen, or says that one was missed."""

    type: Literal["stop", "missed"]
    occurrence: OccurrenceView
    alarm: RungAlarm
    rung: int


class TroubledDevice(_Told):
    """A device that stopped answering: `health` says how."""

    id: str
    name: str
    health: str


class ReadinessPush(_Told):
    """A push to the others about a device that cannot be counted on tonight."""

    type: Literal["readiness"] = "readiness"
    device: TroubledDevice


PushText = Annotated[AnswerablePush | NoticePush | ReadinessPush, Field(discriminator="type")]


class HelloMessage(_Told):
    """Answers the first ping of a connection; `ring` messages of what rings now follow."""

    type: Literal["hello"] = "hello"
    request_id: RequestId
    server_time: Instant
    connection_id: str


class PongMessage(_Told):
    """Answers each later ping."""

    type: Literal["pong"] = "pong"
    request_id: RequestId
    server_time: Instant


class PokeMessage(_Told):
    """There is something to pull. `cursor` says where the server stands, as a push's does: pull from your own."""

    type: Literal["poke"] = "poke"
    cursor: str


class RingMessage(_Told):
    """It rings, at this rung of the ladder (0: the first time)."""

    type: Literal["ring"] = "ring"
    occurrence: OccurrenceView
    alarm: RungAlarm
    rung: int


class StopMessage(_Told):
    """It rings no more: how it ended, and by which device."""

    type: Literal["stop"] = "stop"
    occurrence_id: str
    state: State
    by_device: str | None
    snoozed_until: Instant | None


class ResultMessage(_Told):
    """The occurrence after the client's ack, snooze or dismiss."""

    type: Literal["result"] = "result"
    request_id: RequestId
    occurrence: OccurrenceView


class WrongField(TypedDict):
    """One field that is wrong."""

    pointer: str
    message: str


class ErrorMessage(TypedDict):
    """What was wrong with the client's message, as HTTP would say it; `errors` only with 422."""

    type: Literal["error"]
    request_id: RequestId
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[WrongField]]


ServerText = Annotated[
    HelloMessage | PongMessage | PokeMessage | RingMessage | StopMessage | ResultMessage | ErrorMessage,
    Field(discriminator="type"),
]

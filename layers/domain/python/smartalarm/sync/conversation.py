"""The conversation on a socket: what a client says and what it hears back. Answers are the same as over HTTP."""

from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from smartalarm.errors import Conflict, FieldError, Gone, Invalid, Malformed, SmartAlarmError
from smartalarm.http import problem_content, validation_to_invalid
from smartalarm.instants import Instant
from smartalarm.ports import ClaimChange, Clock, Connection, Connections, Sockets, Store
from smartalarm.ringing.answering import SnoozeMinutes
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import Occurrence, OccurrenceView
from smartalarm.ringing.retelling import Retelling
from smartalarm.ringing.told import HelloMessage, PongMessage, ResultMessage
from smartalarm.text import OccurrenceIdText, UuidText

MAX_MESSAGE_BYTES: Final = 16 * 1024
LONGEST_CONNECTION: Final = timedelta(hours=24)


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    request_id: Annotated[str, Field(max_length=100)] | int | None = None


class _Named(_Message):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PingMessage(_Message):
    """Keeps the socket open; the first one is answered by `hello`."""

    action: Literal["ping"]


class Answer(_Message):
    """What all answers name."""

    occurrence_id: Annotated[OccurrenceIdText, Field(max_length=100)]
    device_id: UuidText | None = None


class AcknowledgeMessage(Answer):
    """A device showed or sounded the ring."""

    action: Literal["ack"]
    event: Literal["shown", "heard"]
    at: Instant | None = None


class SnoozeMessage(Answer):
    """Ring again later."""

    action: Literal["snooze"]
    minutes: SnoozeMinutes | None = None


class DismissMessage(Answer):
    """Settle it."""

    action: Literal["dismiss"]


Said = PingMessage | AcknowledgeMessage | SnoozeMessage | DismissMessage
ClientText = Annotated[Said, Field(discriminator="action")]
_MESSAGE: TypeAdapter[Said] = TypeAdapter(ClientText)


class Conversation:
    """Answers one message of one connection."""

    def __init__(
        self,
        store: Store,
        connections: Connections,
        sockets: Sockets,
        answers: Answers,
        retelling: Retelling,
        clock: Clock,
    ) -> None:
        self._store = store
        self._connections = connections
        self._sockets = sockets
        self._answers = answers
        self._retelling = retelling
        self._clock = clock

    def hear(self, connection_id: str, text: str) -> None:
        """Handle a message and post the answer to the connection; what is wrong is answered by `error`.

        Raises Gone for a connection that nobody knows any more: its account was erased, or another host forgot it.
        """
        connection = self._connections.find(connection_id)
        if connection is None:
            raise Gone("This connection is not known any more.")
        now = self._clock.now()
        if connection.device_id:
            self._connections.saw(connection.user, connection.device_id, at=now)
        try:
            replies = self._replies(connection, _read(text))
        except SmartAlarmError as error:
            replies = [{**problem_content(error), "type": "error", "request_id": _request_id(text)}]
        self._sockets.post([(connection, reply) for reply in replies])

    def _replies(self, connection: Connection, message: Said) -> list[dict[str, Any]]:
        if isinstance(message, PingMessage):
            now = self._clock.now()
            if self._is_first_ping(connection):
                hello = HelloMessage(request_id=message.request_id, server_time=now, connection_id=connection.id)
                return [hello.to_json(), *self._retelling.ringing(connection.user)]
            return [PongMessage(request_id=message.request_id, server_time=now).to_json()]
        device_id = message.device_id or connection.device_id
        after: Occurrence
        if isinstance(message, AcknowledgeMessage):
            after = self._answers.acknowledge(connection.user, message.occurrence_id, message.event, device_id, message.at)
        elif isinstance(message, SnoozeMessage):
            after = self._answers.snooze(connection.user, message.occurrence_id, message.minutes, device_id)
        else:
            after = self._answers.dismiss(connection.user, message.occurrence_id, device_id)
        return [ResultMessage(request_id=message.request_id, occurrence=OccurrenceView.of(after)).to_json()]

    def _is_first_ping(self, connection: Connection) -> bool:
        greeted = ClaimChange(f"greeted:{connection.id}", connection.user, {}, connection.opened_at + LONGEST_CONNECTION)
        try:
            self._store.change_claim(greeted, now=self._clock.now())
        except Conflict:
            return False
        return True


def _read(text: str) -> Said:
    if len(text.encode(errors="replace")) > MAX_MESSAGE_BYTES:
        raise Malformed("A message may have at most 16 KiB.")
    try:
        return _MESSAGE.validate_json(text, strict=True)
    except ValidationError as error:
        if any(item["type"] == "json_invalid" for item in error.errors(include_url=False)):
            raise Malformed("The message is not JSON.") from None
        found = validation_to_invalid(error)
        raise Invalid([FieldError(_without_action(e.pointer), e.message) for e in found.errors]) from None


def _request_id(text: str) -> Any:
    """What a message that is wrong elsewhere calls itself, so that its sender knows which one it was."""
    try:
        return _Named.model_validate_json(text, strict=True).request_id
    except ValidationError:
        return None


def _without_action(pointer: str) -> str:
    """Pydantic puts the action that it chose the model by in front."""
    first, slash, rest = pointer[1:].partition("/")
    return f"/{rest}" if slash and first in {"ping", "ack", "snooze", "dismiss"} else pointer

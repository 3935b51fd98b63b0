"""All messages beside HTTP, by the names they have in openapi.json."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from smartalarm.ringing.told import PushText, ServerText
from smartalarm.sync.conversation import ClientText

MESSAGES: Final[Mapping[str, tuple[Literal["validation", "serialization"], TypeAdapter[Any]]]] = MappingProxyType(
    {
        "PushMessage": ("serialization", TypeAdapter(PushText)),
        "ServerMessage": ("serialization", TypeAdapter(ServerText)),
        "ClientMessage": ("validation", TypeAdapter(ClientText)),
    }
)
"""What a push message decrypts to, what the server says on a socket, and what a client says there."""

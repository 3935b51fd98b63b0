"""What devices are told: the bodies of push messages and socket messages. Pure."""

import base64
import hashlib
from datetime import datetime
from typing import Any, Final, Literal

from smartalarm.ringing.occurrence import Occurrence, OccurrenceView
from smartalarm.ringing.told import (
    AnswerablePush,
    NoticePush,
    ReadinessPush,
    RingMessage,
    RungAlarm,
    StopMessage,
    TroubledDevice,
)

Kind = Literal["ring", "stop", "missed", "test", "readiness"]
MAX_PUSH_BYTES: Final = 3993
"""What fits into one record of a 4096-byte push message (RFC 8291, section 4)."""


def topic_of(occurrence_id: str) -> str:
    """At most 32 URL-safe characters (RFC 8030, 5.4): a later message about the occurrence replaces an undelivered one."""
    digest = hashlib.sha256(occurrence_id.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


def push_body(kind: Kind, occurrence: Occurrence, *, rung: int, answer: dict[str, str] | None) -> bytes:
    """The plaintext of a push message, JSON in UTF-8, small enough for one message.

    Raises ValueError for a ring or a test that nobody could answer.
    """
    content = {"type": kind, "occurrence": OccurrenceView.of(occurrence), "alarm": _alarm_part(occurrence), "rung": rung}
    told = AnswerablePush(**content, answer=answer) if kind in {"ring", "test"} else NoticePush(**content)
    body = told.model_dump_json().encode()
    if len(body) > MAX_PUSH_BYTES:
        raise ValueError("a push message must fit into one record")
    return body


def readiness_body(device_id: str, name: str, health: str) -> bytes:
    """The plaintext of the push that says, on the others, that a device stopped answering."""
    return ReadinessPush(device=TroubledDevice(id=device_id, name=name, health=health)).model_dump_json().encode()


def ring_message(occurrence: Occurrence, *, rung: int) -> dict[str, Any]:
    """The socket's `ring`."""
    return RingMessage(occurrence=OccurrenceView.of(occurrence), alarm=_alarm_part(occurrence), rung=rung).to_json()


def stop_message(occurrence: Occurrence, by_device: str | None) -> dict[str, Any]:
    """The socket's `stop`."""
    return StopMessage(
        occurrence_id=occurrence.id,
        state=occurrence.state,
        by_device=by_device,
        snoozed_until=occurrence.snoozed_until,
    ).to_json()


def _alarm_part(occurrence: Occurrence) -> RungAlarm:
    return RungAlarm(
        id=occurrence.alarm_id,
        label=occurrence.label,
        ring=occurrence.ring,
        snooze=occurrence.snooze,
        snoozes_left=occurrence.snoozes_left,
    )


def lateness(due_at: datetime, now: datetime) -> str:
    """How late a ring is, in words."""
    seconds = (now - due_at).total_seconds()
    return f"{seconds:.1f} s late" if seconds < 120 else f"{seconds / 60:.0f} min late"  # noqa: PLR2004  two minutes

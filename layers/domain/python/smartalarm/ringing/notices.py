"""What devices are told: the bodies of push messages and socket messages. Pure."""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any, Final, Literal

from smartalarm.instants import instant_to_text
from smartalarm.ringing.occurrence import Occurrence, OccurrenceView

Kind = Literal["ring", "stop", "missed", "test", "readiness"]
MAX_PUSH_BYTES: Final = 3993
"""What fits into one record of a 4096-byte push message (RFC 8291, section 4)."""


def topic_of(occurrence_id: str) -> str:
    """At most 32 URL-safe characters (RFC 8030, 5.4): a later message about the occurrence replaces an undelivered one."""
    digest = hashlib.sha256(occurrence_id.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


def occurrence_part(occurrence: Occurrence) -> dict[str, Any]:
    """The occurrence as messages carry it."""
    return OccurrenceView.of(occurrence).model_dump(mode="json")


def alarm_part(occurrence: Occurrence) -> dict[str, Any]:
    """What a device needs of the alarm to ring."""
    return {
        "id": occurrence.alarm_id,
        "label": occurrence.label,
        "ring": occurrence.ring.model_dump(mode="json"),
        "snooze": occurrence.snooze.model_dump(mode="json"),
        "snoozes_left": occurrence.snoozes_left,
    }


def push_body(kind: Kind, occurrence: Occurrence, *, rung: int, answer: dict[str, str] | None) -> bytes:
    """The plaintext of a push message, JSON in UTF-8, small enough for one message."""
    content: dict[str, Any] = {
        "type": kind,
        "occurrence": occurrence_part(occurrence),
        "alarm": alarm_part(occurrence),
        "rung": rung,
    }
    if answer is not None:
        content["answer"] = answer
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > MAX_PUSH_BYTES:
        raise ValueError("a push message must fit into one record")
    return body


def ring_message(occurrence: Occurrence, *, rung: int) -> dict[str, Any]:
    """The socket's `ring`."""
    return {"type": "ring", "occurrence": occurrence_part(occurrence), "alarm": alarm_part(occurrence), "rung": rung}


def stop_message(occurrence: Occurrence, by_device: str | None) -> dict[str, Any]:
    """The socket's `stop`."""
    until = occurrence.snoozed_until
    return {
        "type": "stop",
        "occurrence_id": occurrence.id,
        "state": occurrence.state,
        "by_device": by_device,
        "snoozed_until": instant_to_text(until) if until else None,
    }


def lateness(due_at: datetime, now: datetime) -> str:
    """How late a ring is, in words."""
    seconds = (now - due_at).total_seconds()
    return f"{seconds:.1f} s late" if seconds < 120 else f"{seconds / 60:.0f} min late"  # noqa: PLR2004  two minutes

"""Whether a device can be counted on, read from the ledgers of the latest rings and test pushes.

201 from a push service is acceptance, not delivery. What shows that pushes arrive is the device's own word: `shown`,
`heard`, or an answer. Nothing is written for it while all is well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from smartalarm.ports import Document, Store
from smartalarm.ringing.device import Device
from smartalarm.ringing.occurrence import Entry, Occurrence
from smartalarm.sync.clock import Stamp
from smartalarm.sync.ticking import clocks_of

Health = Literal["ok", "quiet", "lost", "none"]
"""ok: nothing speaks against it; quiet: its last pushes were accepted and never shown; lost: its push service dropped the
subscription; none: it has none."""

LOOKED_AT: Final = 30
"""How many of the latest occurrences are read."""
SILENCES: Final = 2
"""So many rings or tests in a row, accepted and not shown, make a device quiet: one may be a battery that ran out."""
FAIR: Final = timedelta(seconds=5)
"""A ring that ended sooner proves nothing: `stop` may have replaced it at the push service (RFC 8030, 5.4), and one that was
sent less long ago may still arrive."""

_OWN_WORD: Final = frozenset({"shown", "heard", "snoozed", "dismissed"})
_ENDS: Final = frozenset({"snoozed", "dismissed", "missed", "cancelled"})


@dataclass(frozen=True)
class Standing:
    """How a device stands; `last_shown_at` is its own latest word within what is looked at."""

    health: Health
    last_shown_at: datetime | None


def subscribed_at(document: Document) -> datetime | None:
    """When the device got the push subscription that it has: by that field's clock."""
    clock = clocks_of(document).get("push_subscription")
    return datetime.fromtimestamp(Stamp.parse(clock).ms / 1000, UTC) if clock else None


def latest_occurrences(store: Store, user: str) -> list[Occurrence]:
    """The user's latest rings and test pushes, newest first."""
    page = store.page(user, "occurrence", limit=LOOKED_AT, newest_first=True)
    return [Occurrence.from_document(document) for document in page.items]


def standing_of(device: Device, since: datetime | None, occurrences: Iterable[Occurrence], now: datetime) -> Standing:
    """Judge by the latest occurrences, newest first. What was sent before `since` went to another subscription."""
    silences, last_shown_at = 0, None
    for occurrence in occurrences:
        last_shown_at = word_of(device.id, occurrence)
        if last_shown_at is not None:
            break
        sent_at = _accepted_at(device.id, occurrence)
        if sent_at is not None and (since is None or sent_at >= since) and _is_fair(occurrence, sent_at, now):
            silences += 1
    if device.push_subscription is None:
        return Standing("lost" if device.push_lost_at else "none", last_shown_at)
    return Standing("quiet" if silences >= SILENCES else "ok", last_shown_at)


def word_of(device_id: str, occurrence: Occurrence) -> datetime | None:
    """The latest instant at which the device itself spoke of the occurrence."""
    return max(
        (line.at for line in occurrence.ledger if line.device_id == device_id and line.event in _OWN_WORD), default=None
    )


def is_silent(device: Device, occurrence: Occurrence) -> bool:
    """Whether it was sent the ring, by push, and has not said a word."""
    return _accepted_at(device.id, occurrence) is not None and word_of(device.id, occurrence) is None


def _accepted_at(device_id: str, occurrence: Occurrence) -> datetime | None:
    return next((line.at for line in occurrence.ledger if line.device_id == device_id and line.event == "accepted"), None)


def _is_fair(occurrence: Occurrence, sent_at: datetime, now: datetime) -> bool:
    ended_at = next((line.at for line in occurrence.ledger if _is_end(line) and line.at >= sent_at), None)
    return (ended_at or now) - sent_at >= FAIR


def _is_end(line: Entry) -> bool:
    return line.event in _ENDS

"""One occurrence: the lattice of its states, and the ledger of what happened to it.

pending < ringing(1) < snoozed(1) < ringing(2) < ... < skipped < missed < dismissed. A step that would go down does nothing,
so late, doubled and reordered messages cannot revive what is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.alarms.alarm import Alarm, Ring, Snooze
from smartalarm.alarms.occurrence import occurrence_id
from smartalarm.errors import Conflict
from smartalarm.instants import Instant, to_milliseconds
from smartalarm.ports import Document, Put

MAX_LEDGER_ENTRIES = 200
KEPT_FROM_THE_START = 20

State = Literal["pending", "ringing", "snoozed", "skipped", "missed", "dismissed"]
Event = Literal[
    "scheduled",
    "claimed",
    "due",
    "early",
    "late",
    "sent",
    "accepted",
    "failed",
    "shown",
    "heard",
    "no_device",
    "no_backup_channel",
    "unanswered",
    "snoozed",
    "dismissed",
    "skipped",
    "missed",
    "stop_sent",
    "subscription_lost",
    "parked",
    "cancelled",
    "note",
]
_LIVE: frozenset[State] = frozenset({"ringing", "snoozed"})
_RANK: dict[State, int] = {"pending": 0, "ringing": 1, "snoozed": 1, "skipped": 2, "missed": 3, "dismissed": 4}


class Entry(BaseModel):
    """One line of the ledger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Instant
    event: Event
    device_id: str | None = None
    detail: str | None = None


class Early(BaseModel):
    """Why it rang before its time (smart wake), and how early.

    `stage`: the likelier of wake and light sleep; `confidence` (0 to 1): how sure it was that it is one of the two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Literal["wake", "light"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    minutes_early: Annotated[int, Field(ge=1, le=90)]

    def to_text(self) -> str:
        """The same for the ledger."""
        name = "Awake" if self.stage == "wake" else "Light sleep"
        return f"{name} ({self.confidence * 100:.0f} % sure of light sleep or awake), {self.minutes_early} min early."


class Occurrence(BaseModel):
    """One ring of one alarm, or one test push (`alarm_id` None). Every method gives a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    alarm_id: str | None
    label: str
    at: Instant
    local: str
    state: State = "pending"
    ring_count: int = 0
    snoozed_until: Instant | None = None
    answered_by: str | None = None
    reason: str | None = None
    snooze: Snooze = Snooze()
    ring: Ring = Ring()
    released_at: Instant | None = None
    """When this ring went out first; None between claim and release."""
    rung: int = 0
    """How many rungs of the ladder this ring has climbed."""
    noticed_by: tuple[str, ...] = ()
    """Devices that reported shown or heard during this ring."""
    early: Early | None = None
    """Why its first ring came before its time, if it did."""
    early_ring: int = 0
    """The number of the latest ring that began before its time; 0: none did."""
    unanswered: int = 0
    """How many of those nobody answered: the next one was no snooze's end."""
    ledger: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, alarm: Alarm, at: datetime, zone: ZoneInfo) -> Self:
        """The pending occurrence of an alarm at an instant."""
        return cls(
            id=occurrence_id(alarm.id, at),
            alarm_id=alarm.id,
            label=alarm.label,
            at=at,
            local=at.astimezone(zone).isoformat(),
            snooze=alarm.snooze,
            ring=alarm.ring,
        )

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored occurrence."""
        return cls.model_validate({"id": document.id, **document.fields})

    def to_put(self, *, expected: int, keep_days: int) -> Put:
        """The write of it; it expires `keep_days` after its instant."""
        fields = self.model_dump(mode="json", exclude={"id"})
        return Put("occurrence", self.id, fields, expected=expected, expires_at=self.at + timedelta(days=keep_days))

    # ---- reading

    @property
    def is_live(self) -> bool:
        """Whether it rings, or will ring again after a snooze."""
        return self.state in _LIVE

    @property
    def is_settled(self) -> bool:
        """Whether it is over."""
        return _RANK[self.state] >= _RANK["skipped"]

    @property
    def snoozes_left(self) -> int:
        """How many more snoozes this occurrence allows."""
        return max(0, self.snooze.limit - max(0, self.ring_count - 1 - self.unanswered))

    @property
    def is_early(self) -> bool:
        """Whether what rings now began before its time: unanswered it rings again then, and is not missed."""
        return self.state == "ringing" and 0 < self.early_ring == self.ring_count

    @property
    def times_out_at(self) -> datetime | None:
        """When this ring counts as missed: counted from its first release."""
        return None if self.released_at is None else self.released_at + timedelta(minutes=self.ring.timeout_minutes)

    # ---- stepping up

    def note(self, at: datetime, event: Event, detail: str | None = None, device_id: str | None = None) -> Self:
        """The ledger with one more line."""
        return self.note_all([Entry(at=at, event=event, device_id=device_id, detail=detail)])

    def note_all(self, entries: Sequence[Entry]) -> Self:
        """The ledger with more lines, in the order of time; beyond the limit the middle gives way, never start or end."""
        if not entries:
            return self
        cut = [entry.model_copy(update={"at": to_milliseconds(entry.at)}) for entry in entries]
        ledger = sorted((*self.ledger, *cut), key=lambda line: line.at)
        surplus = max(0, len(ledger) - MAX_LEDGER_ENTRIES)
        del ledger[KEPT_FROM_THE_START : KEPT_FROM_THE_START + surplus]
        return self.model_copy(update={"ledger": tuple(ledger)})

    def claim(self, *, is_early: bool = False) -> Self:
        """Pending or snoozed(n) -> ringing(n+1): it is about to go out. Anything else stays as it is.

        What rang early and was not answered rings(n+1), too. `is_early`: so does this one, its time is still to come.
        """
        if self.state not in {"pending", "snoozed"} and not self.is_early:
            return self
        number = self.ring_count + 1
        update = {"state": "ringing", "ring_count": number, "snoozed_until": None, "released_at": None}
        own = {"early_ring": number if is_early else self.early_ring, "unanswered": self.unanswered + self.is_early}
        return self.model_copy(update={**update, **own, "rung": 0, "noticed_by": ()})

    def claim_early(self, early: Early) -> Self:
        """Pending -> ringing(1), before its time."""
        return self.model_copy(update={"early": early}).claim(is_early=True)

    def rest(self, at: datetime) -> Self:
        """What rang early and was not answered -> snoozed until its own time: it is not missed before that.

        Snoozed after an early ring -> snoozed until then, where the end of that snooze could not be rung.
        """
        if not self.is_early and not (self.state == "snoozed" and self.early_ring):
            return self
        until = to_milliseconds(self.at)  # also where that has passed: how late it may still ring counts from there
        update = {"state": "snoozed", "snoozed_until": until, "answered_by": None}
        update["unanswered"] = self.unanswered + self.is_early
        return self.model_copy(update=update).note(at, "unanswered", f"It rings again at {until:%H:%M:%S} UTC.")

    def release(self, at: datetime) -> Self:
        """Mark the first sending of this ring."""
        if self.state != "ringing" or self.released_at is not None:
            return self
        return self.model_copy(update={"released_at": to_milliseconds(at)})

    def climb(self, rung: int) -> Self:
        """Note the rung of the ladder reached."""
        return self.model_copy(update={"rung": max(self.rung, rung)})

    def acknowledge(self, at: datetime, event: Literal["shown", "heard"], device_id: str | None, detail: str | None) -> Self:
        """A device reports that it showed or sounded the ring. Repeating it changes nothing; a test push it settles."""
        if any(line.event == event and line.device_id == device_id for line in self._lines_of_this_ring()):
            return self
        noted = self.note(at, event, detail, device_id)
        settled = (
            {"state": "dismissed", "answered_by": device_id} if self.alarm_id is None and self.state == "pending" else {}
        )
        return noted.model_copy(update={"noticed_by": (*self.noticed_by, device_id or ""), **settled})

    def _lines_of_this_ring(self) -> tuple[Entry, ...]:
        starts = [index for index, line in enumerate(self.ledger) if line.event == "claimed"]
        return self.ledger[starts[-1] :] if starts else self.ledger

    def snooze_until(self, at: datetime, until: datetime, device_id: str | None) -> Self:
        """ringing(n) -> snoozed(n), while snoozes are left; of two snoozes of one ring the earlier end wins.

        On what is over nothing changes. Raises Conflict(code="snooze_limit") when only dismiss is left.
        """
        until = to_milliseconds(until)
        if self.state == "snoozed":
            if self.snoozed_until is not None and until < self.snoozed_until:
                return self.model_copy(update={"snoozed_until": until}).note(at, "snoozed", _until(until), device_id)
            return self
        if self.is_settled:
            return self
        ringing = self if self.state == "ringing" else self.claim().note(at, "claimed")
        if ringing.snoozes_left == 0:
            raise Conflict("No snooze is left for this ring; it can only be dismissed.", code="snooze_limit")
        update = {"state": "snoozed", "snoozed_until": until, "answered_by": device_id}
        return ringing.model_copy(update=update).note(at, "snoozed", _until(until), device_id)

    def snooze_ring(self, ring: int, at: datetime, until: datetime, device_id: str | None) -> Self:
        """The same for a ring by its number, told late: any before ringing(n) -> snoozed(n), what is beyond stays.

        Where no snooze is left nothing changes.
        """
        if self.is_settled or ring < self.ring_count or ring > self.snooze.limit + self.unanswered:
            return self
        if ring == self.ring_count:
            return self.snooze_until(at, until, device_id)
        before = self.model_copy(update={"state": "pending", "ring_count": ring - 1})
        return before.claim().note(at, "claimed").snooze_until(at, until, device_id)

    def ring_meant(self, ring: int, at: datetime) -> int:
        """The number of the ring that was answered at `at`: a device that never heard of an early one counts without it."""
        return self.early_ring + 1 if ring <= self.early_ring and at >= self.at else ring

    def dismiss(self, at: datetime, device_id: str | None, reason: str | None = None) -> Self:
        """Anything -> dismissed. A late dismiss settles a missed ring, and the ledger says so."""
        if self.state == "dismissed":
            return self
        late = "after it had been missed" if self.state == "missed" else None
        update = {"state": "dismissed", "snoozed_until": None, "answered_by": device_id, "reason": reason or self.reason}
        return self.model_copy(update=update).note(at, "dismissed", reason or late, device_id)

    def miss(self, at: datetime, reason: str) -> Self:
        """pending, ringing or snoozed -> missed, and why."""
        if self.is_settled:
            return self
        return self.model_copy(update={"state": "missed", "snoozed_until": None, "reason": reason}).note(
            at, "missed", reason
        )

    def skip(self, at: datetime, reason: str) -> Self:
        """Pending -> skipped, when its instant passed without a ring, and why."""
        if self.state != "pending":
            return self
        return self.model_copy(update={"state": "skipped", "reason": reason}).note(at, "skipped", reason)


def _until(instant: datetime) -> str:
    return f"until {instant:%H:%M:%S} UTC"


class OccurrenceView(BaseModel):
    """An occurrence in a list or a message. `at` is the alarm's own time, also where it rang before that (`early`)."""

    model_config = ConfigDict(frozen=True)

    id: str
    alarm_id: str | None
    label: str
    at: Instant
    local: str
    state: State
    ring_count: int
    snoozed_until: Instant | None
    answered_by: str | None
    reason: str | None
    early: Early | None

    @classmethod
    def of(cls, occurrence: Occurrence) -> Self:
        """What the API shows of it."""
        return cls(**{name: getattr(occurrence, name) for name in cls.model_fields})


class OccurrenceWithLedger(OccurrenceView):
    """One occurrence alone: why did it (not) ring?"""

    ledger: tuple[Entry, ...]

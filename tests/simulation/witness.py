"""The witness of a world: every commit that took effect and every message that left, and what may never be seen in them."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.instants import text_to_instant
from smartalarm.ports import Commit, Committed, Document, TimerChange
from smartalarm.ringing.notices import topic_of
from tests.simulation.patience import Patience
from tests.simulation.postal import Posted
from tests.simulation.timeline import Timeline
from tests.simulation.unreliable import SimulatedStore

SETTLED: Final = frozenset({"dismissed", "missed", "skipped"})
LIVE: Final = frozenset({"ringing", "snoozed"})
_RANK: Final = {"pending": 0, "ringing": 1, "snoozed": 1, "skipped": 2, "missed": 3, "dismissed": 4}
MAX_VIOLATIONS: Final = 25


@dataclass
class Ring:
    """One ring of one occurrence, as it was seen: when it was due, claimed, sent first, recorded and over."""

    due_at: datetime
    claimed_at: datetime
    sent_at: datetime | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass
class Life:
    """What became of one occurrence."""

    id: str
    user: str
    at: datetime
    state: str = "pending"
    snoozed_until: datetime | None = None
    rings: list[Ring] = field(default_factory=list)
    snoozes: int = 0
    first_seen_at: datetime | None = None
    settled_at: datetime | None = None
    answered_early: bool = False
    early_ring: int = 0
    """The number of its latest ring before its own time (smart wake)."""
    unanswered: int = 0
    last_kind: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Per address the last message about it, and when it was posted."""


@dataclass(frozen=True, slots=True)
class Version:
    """A document from an instant on; fields None: deleted. `decided_at`: what the clock said when the change was made up."""

    at: datetime
    fields: dict[str, Any] | None
    decided_at: datetime


class Witness:
    """Sees everything, says what was wrong."""

    def __init__(self, timeline: Timeline, store: SimulatedStore, patience: Patience) -> None:
        self._timeline = timeline
        self._store = store
        self._patience = patience
        self._hash = hashlib.sha256()
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self.lives: dict[str, Life] = {}
        self.history: dict[tuple[str, str, str], list[Version]] = {}
        self.timer_set_at: dict[tuple[str, str, datetime], datetime] = {}
        """When an alarm's timer was last made to stand at an instant."""
        self.woken_at: dict[tuple[str, str], tuple[datetime, datetime]] = {}
        """When each occurrence was last decided to ring early, and when that was written."""
        self.on_change: list[Callable[[Commit], None]] = []
        store.watch = self.committed

    def wrong(self, text: str) -> None:
        """Note a violation."""
        if len(self.violations) < MAX_VIOLATIONS:
            self.violations.append(f"{self._timeline.now:%m-%d %H:%M:%S.%f} {text}")

    def trace(self, *facts: object) -> None:
        """Add to what two runs of one seed must have in common."""
        self._hash.update(repr((self._timeline.now.timestamp(), *facts)).encode())

    @property
    def trace_hash(self) -> str:
        """The fingerprint of all that happened so far."""
        return self._hash.hexdigest()

    # ---- commits

    def committed(self, commit: Commit, committed: Committed) -> None:
        """A commit took effect."""
        now = self._timeline.now
        self.trace(commit.user, committed.seq, *((d.kind, d.id, d.version) for d in committed.documents))
        for change in commit.timers:
            self._timer_changed(commit.user, change, now)
        # The store tells us before it tells the caller, so every document's timers stand already.
        for document in committed.documents:
            if document.kind == "occurrence":
                if document.fields["alarm_id"] is not None:
                    self._occurrence_written(document, now)
            elif document.kind in {"alarm", "skip", "profile"}:
                fields = None if document.deleted else dict(document.fields)
                self.history.setdefault((commit.user, document.kind, document.id), []).append(
                    Version(now, fields, commit.now)
                )
        for tell in self.on_change:
            tell(commit)

    def _timer_changed(self, user: str, change: TimerChange, now: datetime) -> None:
        if (overdue := self._patience.timer_changed(user, change, now)) is not None:
            self.wrong(overdue)
        timer = change.timer
        if timer is not None:
            self.trace(timer.id, timer.due_at.timestamp(), timer.purpose)
            if timer.purpose == "ring":
                self.timer_set_at[user, timer.id, timer.due_at] = now
            elif timer.purpose == "early":
                self.woken_at[user, timer.subject] = timer.due_at, now

    def _occurrence_written(self, document: Document, now: datetime) -> None:  # noqa: C901  one look at one write
        fields = document.fields
        life = self.lives.get(document.id)
        if life is None:
            at = parse_occurrence_id(document.id).at
            life = self.lives[document.id] = Life(document.id, document.user, at, first_seen_at=now)
        before, after, count = life.state, str(fields["state"]), int(fields["ring_count"])
        self._check_step(life, before, after, count)
        while len(life.rings) < count:
            if before == "pending" and after == "snoozed":
                life.answered_early = True
            life.rings.append(Ring(self._due_at(life, before, is_early=fields["early_ring"] == count), now))
        life.state, life.early_ring = after, int(fields["early_ring"])
        if fields["released_at"] is not None and life.rings and life.rings[-1].released_at is None:
            ring = life.rings[-1]
            ring.released_at = text_to_instant(fields["released_at"])
            if ring.sent_at is None:  # to nobody
                self._check_lateness(life, ring, ring.released_at)
        if after == "snoozed":
            until = text_to_instant(fields["snoozed_until"])
            if before != "snoozed":
                life.snoozes += int(fields["unanswered"]) == life.unanswered
            elif life.snoozed_until and until > life.snoozed_until:
                self.wrong(f"{life.id}: of two snoozes the later end won")
            life.snoozed_until = until
        life.unanswered = int(fields["unanswered"])
        if after != "ringing" and life.rings and life.rings[-1].ended_at is None:
            life.rings[-1].ended_at = now
        if after in SETTLED and before != after:
            life.settled_at = now
            life.answered_early = life.answered_early or (after == "dismissed" and now < life.at)
        if after in LIVE and self._store.timer(document.user, f"occurrence:{life.id}") is None:
            self.wrong(f"{life.id}: is {after} and no timer stands for it")

    def _due_at(self, life: Life, before: str, *, is_early: bool) -> datetime:
        """When a ring that was claimed just now was due."""
        if before == "pending" and is_early:
            return self.woken_at[life.user, life.id][0]
        if before == "ringing":  # it rang early, and nobody answered
            life.rings[-1].ended_at = self._timeline.now
            return life.at
        return life.snoozed_until or life.at

    def _check_step(self, life: Life, before: str, after: str, count: int) -> None:
        if _RANK[after] < _RANK[before]:
            self.wrong(f"{life.id}: went back from {before} to {after}")
        if count < len(life.rings) or count > len(life.rings) + 1:
            self.wrong(f"{life.id}: went from ring {len(life.rings)} to ring {count}")
        if count > len(life.rings) and before == "ringing" and not 0 < life.early_ring == len(life.rings):
            self.wrong(f"{life.id}: rings anew without a snooze")
        if after == "missed" and before != "missed" and life.early_ring and self._timeline.now < life.at:
            self.wrong(f"{life.id}: was missed before its time")
        if before == "snoozed" and after == "ringing" and count == len(life.rings):
            self.wrong(f"{life.id}: a snooze was taken back")

    # ---- messages

    def posted(self, message: Posted) -> None:
        """A message left for a device."""
        now = self._timeline.now
        self.counts[f"{message.kind} {'push' if message.topic else 'post'}"] += 1
        self.trace("posted", message.address, message.kind, message.occurrence_id, message.ring_count)
        if message.kind == "readiness":  # it is about a device, not about a ring
            return
        if message.topic is not None and message.topic != topic_of(message.occurrence_id):
            self.wrong(f"{message.occurrence_id}: sent under another topic")
        life = self.lives.get(message.occurrence_id)
        if life is None:
            if message.kind != "test":
                self.wrong(f"{message.occurrence_id}: a {message.kind} was sent for what is not stored")
            return
        life.last_kind[message.address] = (message.kind, now)
        if message.kind != "ring":
            return
        if not 1 <= message.ring_count <= len(life.rings):
            self.wrong(f"{life.id}: ring {message.ring_count} was sent, but {len(life.rings)} were claimed")
            return
        ring = life.rings[message.ring_count - 1]
        if now < ring.due_at:
            self.wrong(f"{life.id}: ring {message.ring_count} was sent {(ring.due_at - now).total_seconds()} s early")
        if ring.sent_at is None:
            ring.sent_at = now
            if ring.released_at is None:
                self._check_lateness(life, ring, now)

    def _check_lateness(self, life: Life, ring: Ring, now: datetime) -> None:
        alarm_id = life.id.partition(":")[0]
        is_first = ring is life.rings[0]
        if is_first and life.early_ring:
            written_at = self.woken_at[life.user, life.id][1]
            late = self._patience.is_ring_late(life.user, ring.due_at, written_at, now)
            if late is not None:
                self.wrong(f"{life.id}: was woken {late}")
            return
        set_at = self.timer_set_at.get((life.user, f"alarm:{alarm_id}", life.at)) if is_first else None
        late = self._patience.is_ring_late(life.user, ring.due_at, set_at, now)
        if late is not None:
            self.wrong(f"{life.id}: ring {life.rings.index(ring) + 1} came {late}")

"""What must hold when a world has come to rest: nothing lost, nothing extra, nothing stuck, every state explained."""

from datetime import datetime, timedelta
from typing import Final

from smartalarm.alarms.zones import zone
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.overtaken import MOVED
from tests.simulation.oracle import Due, Oracle
from tests.simulation.patience import SENDING
from tests.simulation.shapes import Shape
from tests.simulation.witness import LIVE, SETTLED, Life
from tests.simulation.world import World

ARMED_EARLY: Final = timedelta(seconds=12)
ANSWERED_EARLY: Final = timedelta(minutes=5, seconds=5)
WOKEN_EARLY: Final = timedelta(minutes=31)
"""The longest window of a smart wake in a simulation, and a little."""
LONGEST_LIFE: Final = timedelta(minutes=60)
"""From an instant to the end of its last ring: ten minutes of ringing, three snoozes."""
GRACE: Final = timedelta(minutes=30)
_MOMENT: Final = timedelta(microseconds=1)


def check(world: World) -> list[str]:
    """All that is wrong, in words."""
    checks = Checks(world)
    checks.nothing_is_lost()
    checks.nothing_is_extra()
    checks.every_life_is_consistent()
    checks.everybody_was_told()
    checks.promises_were_kept()
    checks.nothing_is_stuck()
    checks.the_next_ring_stands()
    return world.witness.violations


class Checks:
    """The checks of one world at its end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wrong = world.witness.wrong
        self._lives = world.witness.lives
        self._end = world.timeline.now
        self._oracle = Oracle(world.witness.history, world.start, self._end)
        self._due = {due.id: due for due in self._oracle.due()}

    # ---- lost and extra

    def nothing_is_lost(self) -> None:
        """Each occurrence that was due is stored, and its state fits what was set at its instant."""
        for due in self._due.values():
            life = self._lives.get(due.id)
            if life is None:
                is_moved = self._oracle.was_being_moved(due.user, due.alarm_id, due.at)
                if due.at < self._end - timedelta(minutes=1) and not is_moved:
                    self._wrong(f"{due.id}: was due and is not in the store")
            else:
                self._check_skip(due, life)

    def _check_skip(self, due: Due, life: Life) -> None:
        over_at = life.rings[0].claimed_at if life.rings else life.settled_at or self._end
        since = (life.rings[0].claimed_at if life.early_ring else due.at) - ARMED_EARLY
        if self._oracle.was_touched(due.user, due.alarm_id, since, max(over_at, due.at)):
            return
        if self._oracle.has_moved(due.user, since, max(over_at, due.at)):
            return
        if due.is_skipped and life.rings:
            self._wrong(f"{due.id}: was skipped long before and rang")
        if not due.is_skipped and life.state == "skipped":
            self._wrong(f"{due.id}: is called skipped, and nobody skipped it")

    def nothing_is_extra(self) -> None:
        """What is stored was due, but for what changed within the seconds in which a ring is prepared."""
        for life in self._lives.values():
            if life.id in self._due or life.at >= self._end:
                continue
            alarm_id = life.id.partition(":")[0]
            slack = ANSWERED_EARLY if life.answered_early else ARMED_EARLY
            slack = WOKEN_EARLY if life.early_ring else slack
            if not self._oracle.could_be_due(life.user, alarm_id, life.at, slack):
                self._wrong(f"{life.id}: is {life.state} and was never due")

    # ---- each for itself

    def every_life_is_consistent(self) -> None:
        """State, rings and ledger say the same."""
        store = self._world.store
        for life in self._lives.values():
            known = Occurrence.from_document(store.get(life.user, "occurrence", life.id))
            events = [line.event for line in known.ledger]
            is_full = len(events) >= 200
            if life.state not in SETTLED and life.at < self._end - LONGEST_LIFE:
                self._wrong(f"{life.id}: is still {life.state}")
            if life.state in SETTLED and life.state not in events:
                self._wrong(f"{life.id}: is {life.state}, and its ledger does not say so: {events}")
            if life.state in {"missed", "skipped"} and not known.reason:
                self._wrong(f"{life.id}: is {life.state} without a reason")
            if not is_full and events.count("claimed") != known.ring_count:
                self._wrong(f"{life.id}: {known.ring_count} rings, {events.count('claimed')} claims in its ledger")
            if life.snoozes > known.snooze.limit:
                self._wrong(f"{life.id}: snoozed {life.snoozes} times, {known.snooze.limit} are allowed")
            if "scheduled" not in events:
                self._wrong(f"{life.id}: its ledger does not say since when it was planned: {events}")
            if any(earlier.at > later.at for earlier, later in zip(known.ledger, known.ledger[1:], strict=False)):
                self._wrong(f"{life.id}: its ledger is out of order")
            self._check_rings(life, known)

    def _check_rings(self, life: Life, known: Occurrence) -> None:
        for number, ring in enumerate(life.rings, 1):
            was_out = ring.sent_at or ring.released_at
            if was_out is None and ring.ended_at is None and life.at < self._end - LONGEST_LIFE:
                self._wrong(f"{life.id}: ring {number} was claimed and never sent")
            is_elsewhere = self._world.plan.mode == "lease-two"  # its only socket may be another box's matter
            is_told = any(e.event == "no_device" or (e.event == "failed" and e.at >= ring.due_at) for e in known.ledger)
            if ring.sent_at is None and ring.released_at and not is_told and not is_elsewhere:
                self._wrong(f"{life.id}: ring {number} reached nobody, and the ledger does not say why")
        if life.early_ring:
            self._check_own_time(life)
        if life.state == "missed" and life.settled_at is not None:
            self._check_missed(life, known)

    def _check_own_time(self, life: Life) -> None:
        """What rang early and was not answered by then rings at its own time."""
        ended_at = life.rings[life.early_ring - 1].ended_at or self._end
        late = self._world.patience.is_ring_late(life.user, life.at, None, ended_at)
        if late is not None and life.at < self._end:
            self._wrong(f"{life.id}: rang early, and its ring at its own time came {late}")

    def _check_missed(self, life: Life, known: Occurrence) -> None:
        """It timed out, or it was too late by more than the grace, or a change overtook it while a fault held it back."""
        assert life.settled_at is not None
        if life.early_ring == len(life.rings) > 0 and life.settled_at - life.at < GRACE:
            self._wrong(f"{life.id}: was missed after an early ring, and never rang at its own time")
        if not life.rings and str(known.reason).endswith("before this one could ring."):
            alarm_id = life.id.partition(":")[0]
            since = life.settled_at - _MOMENT
            was_changed = self._oracle.was_touched(life.user, alarm_id, since, life.settled_at) or (
                known.reason == MOVED and self._oracle.has_moved(life.user, since, life.settled_at)
            )
            late = self._world.patience.is_ring_late(life.user, life.at, self._planned_at(life), life.settled_at)
            if late is not None or not was_changed:
                self._wrong(f"{life.id}: did not ring, {late or 'and nobody changed its alarm'}")
            return
        if not life.rings or (life.rings[-1].ended_at is not None and life.rings[-1].ended_at < life.settled_at):
            wanted_at = life.snoozed_until if life.rings and life.snoozed_until else life.at
            if life.settled_at - wanted_at < GRACE:
                self._wrong(f"{life.id}: was missed {life.settled_at - wanted_at} after it was due ({known.reason})")
            return
        out_at = life.rings[-1].released_at
        timeout = timedelta(minutes=known.ring.timeout_minutes)
        is_early = out_at is None or life.settled_at < out_at + timeout - timedelta(seconds=1)
        if is_early and (out_at is not None or life.settled_at - life.rings[-1].due_at < GRACE):
            self._wrong(f"{life.id}: was given up at {life.settled_at}, out since {out_at}, time-out {timeout}")

    def _planned_at(self, life: Life) -> datetime | None:
        """When the alarm's timer was made to stand at this instant."""
        alarm_id = life.id.partition(":")[0]
        return self._world.witness.timer_set_at.get((life.user, f"alarm:{alarm_id}", life.at))

    # ---- people

    def everybody_was_told(self) -> None:
        """The last word to every device that can be reached is not a ring that is over."""
        reachable = self._reachable()
        for life in self._lives.values():
            if life.state in LIVE or life.settled_at is None:
                continue
            for address, (kind, at) in life.last_kind.items():
                if kind == "ring" and address in reachable and reachable[address] <= at:
                    self._wrong(f"{life.id}: {address} still rings since {at}; it was {life.state} at {life.settled_at}")

    def _reachable(self) -> dict[str, datetime]:
        """Addresses that every process can post to, and since when."""
        world, found = self._world, dict[str, datetime]()
        users = list(world.people.persons)
        for documents in world.store.list_many(users, ["device"]).values():
            for document in documents:
                if document.fields["push_subscription"] and document.fields["ring"] != "never":
                    found[document.fields["push_subscription"]["endpoint"]] = world.start
        for connections in world.connections.of(users).values():
            for connection in connections:
                if connection.id in world.office.open_sockets and world.host.reaches(connection):
                    found[connection.id] = connection.opened_at
        return found

    def promises_were_kept(self) -> None:
        """What somebody was told is dismissed stays so; what was snoozed rang again or was settled."""
        for promise in self._world.people.promises:
            life = self._lives.get(promise.occurrence_id)
            if life is None:
                if promise.state in {"dismissed", "snoozed"}:
                    self._wrong(f"{promise.occurrence_id}: somebody was told it is {promise.state}, and it is not stored")
                continue
            if promise.state == "dismissed" and life.state != "dismissed":
                self._wrong(f"{life.id}: somebody was told it is dismissed, and it is {life.state}")
            is_waiting = len(life.rings) <= promise.ring_count and life.state not in SETTLED
            if promise.state == "snoozed" and is_waiting and life.at < self._end - LONGEST_LIFE:
                self._wrong(f"{life.id}: was snoozed and never rang again")

    # ---- machinery

    def nothing_is_stuck(self) -> None:
        """No timer is overdue, and nothing is tried again and again."""
        for timer in self._world.store.overdue(self._end - SENDING - self._world.patience.soon):
            self._wrong(f"{timer.user}: the {timer.purpose} timer {timer.id} is overdue since {timer.due_at}")
        for text in self._world.host.leftovers():
            self._wrong(text)

    def the_next_ring_stands(self) -> None:
        """Every alarm that is on has its timer at its next occurrence."""
        history, store = self._world.witness.history, self._world.store
        for (user, kind, alarm_id), versions in history.items():
            fields = versions[-1].fields
            if kind != "alarm":
                continue
            standing = store.timer(user, f"alarm:{alarm_id}")
            wanted: datetime | None = None
            if fields is not None and fields["enabled"]:
                profile = history[user, "profile", "me"][-1].fields or {}
                place = zone(fields["time_zone"] or profile["time_zone"])
                shape = Shape.from_schedule(fields["schedule"])
                coming = shape.due(place, self._end - timedelta(seconds=10), self._end + timedelta(days=9))
                wanted = next((at for at, _ in coming if f"{alarm_id}:{at:%Y%m%dT%H%M%SZ}" not in self._lives), None)
            if (standing.due_at if standing else None) != wanted:
                self._wrong(f"{user}: alarm {alarm_id} should stand at {wanted}, its timer is {standing}")

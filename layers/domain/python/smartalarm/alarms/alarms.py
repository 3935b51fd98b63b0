"""What a person can do with alarms: make, see, change, delete, preview. One commit each, then the direct path."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profiles import check_account
from smartalarm.alarms.alarm import Alarm, AlarmChange, AlarmView, NewAlarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.occurrences import occurrence_at
from smartalarm.alarms.plan import (
    Calendar,
    preview_of,
    resume_at,
    ring_timer,
    standing_timer,
    timer_id,
    upcoming,
)
from smartalarm.alarms.preview import PreviewItem
from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Entropy, Put, Store, Telemetry, TimerChange
from smartalarm.preconditions import IdempotencyKey
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.overtaken import Overtaken
from smartalarm.ringing.timers import new_revision
from smartalarm.ringing.withdrawal import Withdrawal
from smartalarm.turns import Turns, busy

MAX_ALARMS: Final = 500
TOMBSTONE_KEPT: Final = timedelta(days=90)
ANSWER_KEPT: Final = timedelta(hours=24)


class Preview(BaseModel):
    """Coming occurrences, the skipped ones among them."""

    model_config = ConfigDict(frozen=True)

    items: tuple[PreviewItem, ...]


class AlarmPage(BaseModel):
    """Some alarms, and the cursor of the next page."""

    model_config = ConfigDict(frozen=True)

    items: tuple[AlarmView, ...]
    next: str | None


class Alarms:
    """The alarms of one user at a time."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        entropy: Entropy,
        calendars: Calendars,
        direct_path: DirectPath,
        withdrawal: Withdrawal,
        overtaken: Overtaken,
        turns: Turns,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._calendars = calendars
        self._direct_path = direct_path
        self._withdrawal = withdrawal
        self._overtaken = overtaken
        self._turns = turns
        self._telemetry = telemetry

    # ---- seeing

    def page(self, user: str, *, after: str | None, limit: int) -> AlarmPage:
        """Some alarms in the order of their ids, each with its next ring."""
        page = self._store.page(user, "alarm", after=after, limit=limit)
        if not page.items:
            check_account(self._store, user)
        alarms = [(Alarm.from_document(document), document.version) for document in page.items]
        now = self._clock.now()
        calendar = self._calendars.of(user, now, [alarm for alarm, _ in alarms])
        views = tuple(AlarmView.of(alarm, version, upcoming(alarm, calendar, now)) for alarm, version in alarms)
        return AlarmPage(items=views, next=page.next)

    def get(self, user: str, alarm_id: str) -> AlarmView:
        """One alarm. Raises NotFound."""
        return self._view(user, self._store.get(user, "alarm", alarm_id))

    def preview(self, user: str, alarm_id: str, *, from_at: datetime | None, count: int) -> Preview:
        """The coming occurrences of a saved alarm. Raises NotFound."""
        alarm = Alarm.from_document(self._store.get(user, "alarm", alarm_id))
        from_at = from_at or self._clock.now()
        return Preview(items=tuple(preview_of(alarm, self._calendars.of(user, from_at, [alarm]), from_at, count)))

    def preview_unsaved(self, user: str, new: NewAlarm, *, from_at: datetime | None, count: int) -> Preview:
        """The coming occurrences of an alarm that is not saved. Nothing is stored."""
        now = self._clock.now()
        alarm = new.to_alarm(new.id or self._entropy.uuid(), now)
        from_at = from_at or now
        return Preview(items=tuple(preview_of(alarm, self._calendars.of(user, from_at, [alarm]), from_at, count)))

    # ---- changing

    def create(self, user: str, new: NewAlarm, idempotency: IdempotencyKey) -> AlarmView:
        """Make an alarm. The same idempotency key with the same request gives the same answer and makes nothing new.

        Raises Conflict: the id is taken, the quota is full, or the key came with another request before.
        """
        if (answered := self._answered(user, idempotency)) is not None:
            return answered
        if self._store.count(user, "alarm") >= MAX_ALARMS:
            raise Conflict(f"You have {MAX_ALARMS} alarms, which is the most. Delete one first.", code="too_many_alarms")
        now = self._clock.now()
        alarm = new.to_alarm(new.id or self._entropy.uuid(), now)
        calendar = self._calendars.of(user, now, [alarm], is_new=True)
        view = AlarmView.of(alarm, 1, upcoming(alarm, calendar, now))
        timer = ring_timer(user, alarm, calendar, from_at=now, revision=new_revision(self._entropy), set_at=now)
        claim = self._remember(user, idempotency, view, now)
        try:
            self._store.commit(
                Commit(
                    user,
                    now,
                    writes=(Put("alarm", alarm.id, alarm.to_fields(), expected=0),),
                    timers=(TimerChange(timer.id, timer),) if timer else (),
                    claims=(claim,) if claim else (),
                )
            )
        except Conflict as conflict:
            if conflict.code == "lost_claim" and (answered := self._answered(user, idempotency)) is not None:
                return answered
            if conflict.code == "stale_version":
                raise Conflict("An alarm with this id exists already.", code="id_taken") from None
            raise
        self._direct_path.send([timer] if timer else [])
        self._telemetry.count("alarms_created_total")
        return view

    def change(self, user: str, alarm_id: str, change: AlarmChange, *, expected: int | None) -> AlarmView:
        """Replace some fields whole. With `expected` a newer stored version is a Conflict. Raises NotFound, Conflict."""
        for _ in self._turns:
            document = self._store.get(user, "alarm", alarm_id)
            if expected not in {None, document.version}:
                raise _stale()
            if not change.given():
                return self._view(user, document)
            before = Alarm.from_document(document)
            now = self._clock.now()
            after = change.apply_to(before, now)
            standing = standing_timer(self._store.timers(user), alarm_id)
            calendar = self._calendars.of(user, min(now, standing.due_at) if standing else now, [before, after])
            from_at = now
            taken: Sequence[Put] = ()
            if (before.schedule, before.time_zone, before.enabled) != (after.schedule, after.time_zone, after.enabled):
                taken = self._overtaken.writes(
                    before, calendar, standing, now, f"{_told(after)} before this one could ring."
                )
            elif standing:
                # An overdue ring still rings: a new label must not silence it.
                from_at = min(now, resume_at(after, calendar, standing.due_at))
            timer = ring_timer(user, after, calendar, from_at=from_at, revision=new_revision(self._entropy), set_at=now)
            put = Put("alarm", alarm_id, after.to_fields(), expected=document.version)
            try:
                taken = self._overtaken.all_but_some(user, taken, now)
                committed = self._store.commit(
                    Commit(user, now, writes=(put, *taken), timers=(TimerChange(timer_id(alarm_id), timer),))
                )
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
                continue
            self._direct_path.send([timer] if timer else [])
            if not after.enabled or before.schedule != after.schedule or before.time_zone != after.time_zone:
                self._withdrawal.withdraw(user, alarm_id, f"{_told(after)}.", partial(_still_stands, after, calendar))
            return AlarmView.of(after, committed.documents[0].version, upcoming(after, calendar, now))
        raise busy()

    def delete(self, user: str, alarm_id: str, *, expected: int | None) -> None:
        """Delete an alarm; what rings of it stops. Raises NotFound, Conflict."""
        for _ in self._turns:
            try:
                document = self._store.get(user, "alarm", alarm_id)
            except NotFound:  # perhaps by a call before this one, which broke off before it could stop the ring
                self._withdrawal.withdraw(user, alarm_id, "The alarm was deleted.")
                raise
            if expected not in {None, document.version}:
                raise _stale()
            now = self._clock.now()
            put = Put(
                "alarm", alarm_id, document.fields, deleted=True, expected=document.version, expires_at=now + TOMBSTONE_KEPT
            )
            taken = self._overtaken_by_deletion(document, now)
            try:
                taken = self._overtaken.all_but_some(user, taken, now)
                self._store.commit(Commit(user, now, writes=(put, *taken), timers=(TimerChange(timer_id(alarm_id), None),)))
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
                continue
            self._withdrawal.withdraw(user, alarm_id, "The alarm was deleted.")
            return
        raise busy()

    # ---- within

    def _overtaken_by_deletion(self, document: Document, now: datetime) -> Sequence[Put]:
        standing = standing_timer(self._store.timers(document.user), document.id)
        if standing is None or standing.due_at > now:
            return ()
        alarm = Alarm.from_document(document)
        calendar = self._calendars.of(document.user, standing.due_at, [alarm])
        return self._overtaken.writes(alarm, calendar, standing, now, "The alarm was deleted before this one could ring.")

    def _view(self, user: str, document: Document) -> AlarmView:
        alarm, now = Alarm.from_document(document), self._clock.now()
        return AlarmView.of(alarm, document.version, upcoming(alarm, self._calendars.of(user, now, [alarm]), now))

    # ---- idempotent answers

    def _answered(self, user: str, idempotency: IdempotencyKey) -> AlarmView | None:
        if idempotency.key is None:
            return None
        claim = self._store.claim(_answer_key(user, idempotency), now=self._clock.now())
        if claim is None:
            return None
        if claim.value["fingerprint"] != idempotency.fingerprint:
            raise Conflict("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
        return AlarmView.model_validate(claim.value["answer"])

    def _remember(self, user: str, idempotency: IdempotencyKey, view: AlarmView, now: datetime) -> ClaimChange | None:
        if idempotency.key is None:
            return None
        value = {"fingerprint": idempotency.fingerprint, "answer": view.model_dump(mode="json")}
        return ClaimChange(_answer_key(user, idempotency), user, value, expires_at=now + ANSWER_KEPT)


def _told(after: Alarm) -> str:
    return "The alarm was changed" if after.enabled else "The alarm was switched off"


def _stale() -> Conflict:
    return Conflict("The alarm was changed elsewhere in the meantime. Load it again.", code="stale_version")


def _still_stands(alarm: Alarm, calendar: Calendar, at: datetime) -> bool:
    return alarm.enabled and occurrence_at(alarm.schedule, calendar.zone_of(alarm), at) is not None


def _answer_key(user: str, idempotency: IdempotencyKey) -> str:
    return f"answer:{user}:{idempotency.key}"

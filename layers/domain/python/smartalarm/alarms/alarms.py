"""What a person can do with alarms: make, see, change, delete, preview. One commit each, then the direct path."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profiles import check_account
from smartalarm.alarms.alarm import Alarm, AlarmChange, AlarmView, NewAlarm
from smartalarm.alarms.calendars import Calendars
from smartalarm.alarms.plan import Calendar, preview_of, upcoming
from smartalarm.alarms.preview import PreviewItem
from smartalarm.alarms.saving import Plan, Saving
from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import ClaimChange, Clock, Document, Entropy, Key, Put, Store
from smartalarm.preconditions import IdempotencyKey
from smartalarm.sync.clock import KEPT_FOR
from smartalarm.sync.merge import DELETED
from smartalarm.sync.stored import entity_of, is_incomplete
from smartalarm.sync.ticking import ticked
from smartalarm.turns import Turns, busy

MAX_ALARMS: Final = 500
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
        saving: Saving,
        turns: Turns,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._calendars = calendars
        self._saving = saving
        self._turns = turns

    # ---- seeing

    def page(self, user: str, *, after: str | None, limit: int) -> AlarmPage:
        """Some alarms in the order of their ids, each with its next ring."""
        page = self._store.page(user, "alarm", after=after, limit=limit)
        if not page.items:
            check_account(self._store, user)
        alarms = [(Alarm.from_document(document), document.version) for document in page.items]
        now = self._clock.now()
        calendar = self._shown(user, [alarm for alarm, _ in alarms], now, now)
        views = tuple(AlarmView.of(alarm, version, upcoming(alarm, calendar, now)) for alarm, version in alarms)
        return AlarmPage(items=views, next=page.next)

    def get(self, user: str, alarm_id: str) -> AlarmView:
        """One alarm. Raises NotFound."""
        return self._view(user, self._store.get(user, "alarm", alarm_id))

    def preview(self, user: str, alarm_id: str, *, from_at: datetime | None, count: int) -> Preview:
        """The coming occurrences of a saved alarm. Raises NotFound."""
        alarm = Alarm.from_document(self._store.get(user, "alarm", alarm_id))
        now = self._clock.now()
        from_at = from_at or now
        return Preview(items=tuple(preview_of(alarm, self._shown(user, [alarm], from_at, now), from_at, count)))

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
        alarm_id, part = new.id or self._entropy.uuid(), None
        for _ in self._turns:
            try:
                return self._create(user, alarm_id, new, part, idempotency)
            except Conflict as conflict:
                if conflict.code == "lost_claim" and (answered := self._answered(user, idempotency)) is not None:
                    return answered
                if conflict.code != "stale_version":
                    raise
            part = self._part(user, alarm_id)
        raise busy()

    def _create(
        self, user: str, alarm_id: str, new: NewAlarm, part: Document | None, idempotency: IdempotencyKey
    ) -> AlarmView:
        """`part`: what sync has of it already; it stands where the request says nothing."""
        now = self._clock.now()
        written = new.model_fields_set - {"id"}
        fields = new.to_alarm(alarm_id, now).to_fields()
        if part is not None:
            fields |= {name: value for name, value in entity_of(part).fields.items() if name not in {*written, DELETED}}
            written = {*written, DELETED}
        alarm = Alarm.from_fields(alarm_id, fields)
        version = part.version if part else 0
        put = Put("alarm", alarm_id, {**fields, **ticked(part, sorted(written), now)}, expected=version)
        plan = self._saving.plan(user, part, put, now)
        view = _view(alarm, version + 1, plan)
        claim = self._remember(user, idempotency, view, now)
        self._saving.commit(plan, (claim,) if claim else ())
        return view

    def _part(self, user: str, alarm_id: str) -> Document | None:
        """The alarm that still lacks something, if it is there. Raises Conflict for one that is whole, or was."""
        key = Key(user, "alarm", alarm_id)
        found = self._store.read([key]).get(key)
        if found is not None and not is_incomplete(found):
            raise Conflict("An alarm with this id exists already.", code="id_taken")
        return found

    def change(self, user: str, alarm_id: str, change: AlarmChange, *, expected: int | None) -> AlarmView:
        """Replace some fields whole. With `expected` a newer stored version is a Conflict. Raises NotFound, Conflict."""
        for _ in self._turns:
            document = self._store.get(user, "alarm", alarm_id)
            if expected not in {None, document.version}:
                raise _stale()
            if not change.given():
                return self._view(user, document)
            now = self._clock.now()
            after = change.apply_to(Alarm.from_document(document), now)
            fields = {**after.to_fields(), **ticked(document, change.given(), now)}
            plan = self._saving.plan(user, document, Put("alarm", alarm_id, fields, expected=document.version), now)
            try:
                saved = self._saving.commit(plan)
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
                continue
            if plan.calendar is not None:
                plan = replace(plan, calendar=self._calendars.as_shown(user, plan.calendar, now, now))
            return _view(after, saved.version, plan)
        raise busy()

    def delete(self, user: str, alarm_id: str, *, expected: int | None) -> None:
        """Delete an alarm; what rings of it stops. Raises NotFound, Conflict."""
        for _ in self._turns:
            try:
                document = self._store.get(user, "alarm", alarm_id)
            except NotFound:
                self._saving.stop(user, alarm_id)
                raise
            if expected not in {None, document.version}:
                raise _stale()
            now = self._clock.now()
            fields = {**document.fields, **ticked(document, ["deleted"], now)}
            expires_at = now + KEPT_FOR
            put = Put("alarm", alarm_id, fields, deleted=True, expected=document.version, expires_at=expires_at)
            try:
                self._saving.commit(self._saving.plan(user, document, put, now))
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
                continue
            return
        raise busy()

    # ---- within

    def _view(self, user: str, document: Document) -> AlarmView:
        alarm, now = Alarm.from_document(document), self._clock.now()
        return AlarmView.of(alarm, document.version, upcoming(alarm, self._shown(user, [alarm], now, now), now))

    def _shown(self, user: str, alarms: Sequence[Alarm], from_at: datetime, now: datetime) -> Calendar:
        calendar = self._calendars.of(user, from_at, alarms)
        return self._calendars.as_shown(user, calendar, from_at, now) if alarms else calendar

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


def _stale() -> Conflict:
    return Conflict("The alarm was changed elsewhere in the meantime. Load it again.", code="stale_version")


def _view(alarm: Alarm, version: int, plan: Plan) -> AlarmView:
    return AlarmView.of(alarm, version, upcoming(alarm, plan.calendar, plan.now) if plan.calendar else None)


def _answer_key(user: str, idempotency: IdempotencyKey) -> str:
    return f"answer:{user}:{idempotency.key}"

"""What a person can do with alarms: make, see, change, delete, preview, skip. One commit each, then the direct path."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profiles import check_account
from smartalarm.alarms.alarm import Alarm, AlarmChange, AlarmView, NewAlarm
from smartalarm.alarms.occurrence import parse_occurrence_id
from smartalarm.alarms.occurrences import EARLIEST, occurrence_at
from smartalarm.alarms.plan import Calendar, preview_of, resume_at, ring_timer, timer_id, upcoming
from smartalarm.alarms.preview import PreviewItem
from smartalarm.errors import Conflict, Invalid, NotFound
from smartalarm.instants import instant_to_compact, text_to_instant
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Entropy, Key, Put, Store, Telemetry, Timer, TimerChange
from smartalarm.preconditions import IdempotencyKey
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.overtaken import Overtaken
from smartalarm.ringing.withdrawal import Withdrawal
from smartalarm.turns import Turns, busy

MAX_ALARMS: Final = 500
MAX_SKIPS: Final = 1000
"""Every ring of a user reads all of them, in one read with the rings of others."""
SKIP_KEPT: Final = timedelta(days=90)
ANSWER_KEPT: Final = timedelta(hours=24)
CLAIMED_WITHIN: Final = timedelta(minutes=1)
"""A ring is claimed less than this before its instant, maybe just while it is being skipped."""
PROFILE: Final = "profile"
ME: Final = "me"


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
        direct_path: DirectPath,
        withdrawal: Withdrawal,
        overtaken: Overtaken,
        turns: Turns,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
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
        calendar = self._calendar(user, now, [alarm for alarm, _ in alarms])
        views = tuple(AlarmView.of(alarm, version, upcoming(alarm, calendar, now)) for alarm, version in alarms)
        return AlarmPage(items=views, next=page.next)

    def get(self, user: str, alarm_id: str) -> AlarmView:
        """One alarm. Raises NotFound."""
        return self._view(user, self._store.get(user, "alarm", alarm_id))

    def preview(self, user: str, alarm_id: str, *, from_at: datetime | None, count: int) -> Preview:
        """The coming occurrences of a saved alarm. Raises NotFound."""
        alarm = Alarm.from_document(self._store.get(user, "alarm", alarm_id))
        from_at = from_at or self._clock.now()
        return Preview(items=tuple(preview_of(alarm, self._calendar(user, from_at, [alarm]), from_at, count)))

    def preview_unsaved(self, user: str, new: NewAlarm, *, from_at: datetime | None, count: int) -> Preview:
        """The coming occurrences of an alarm that is not saved. Nothing is stored."""
        now = self._clock.now()
        alarm = new.to_alarm(new.id or self._entropy.uuid(), now)
        from_at = from_at or now
        return Preview(items=tuple(preview_of(alarm, self._calendar(user, from_at, [alarm]), from_at, count)))

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
        calendar = self._calendar(user, now, [alarm], is_new=True)
        view = AlarmView.of(alarm, 1, upcoming(alarm, calendar, now))
        timer = ring_timer(user, alarm, calendar, from_at=now, revision=self._revision(), set_at=now)
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
            standing = self._standing(user, alarm_id)
            calendar = self._calendar(user, min(now, standing.due_at) if standing else now, [before, after])
            from_at = now
            taken: Sequence[Put] = ()
            if (before.schedule, before.time_zone, before.enabled) != (after.schedule, after.time_zone, after.enabled):
                taken = self._overtaken.writes(
                    before, calendar, standing, now, f"{_told(after)} before this one could ring."
                )
            elif standing:
                # An overdue ring still rings: a new label must not silence it.
                from_at = min(now, resume_at(after, calendar, standing.due_at))
            timer = ring_timer(user, after, calendar, from_at=from_at, revision=self._revision(), set_at=now)
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
                "alarm", alarm_id, document.fields, deleted=True, expected=document.version, expires_at=now + SKIP_KEPT
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

    def skip(self, user: str, alarm_id: str, occurrence_id: str, *, is_skipped: bool) -> PreviewItem:
        """Skip one coming occurrence, or take that back. Idempotent. Raises NotFound, Invalid, Conflict once it rang."""
        at = _instant_of(occurrence_id, alarm_id)
        for _ in self._turns:
            now = self._clock.now()
            document = self._store.get(user, "alarm", alarm_id)
            alarm = Alarm.from_document(document)
            calendar = self._calendar(user, min(now, at), [alarm])
            occurrence = occurrence_at(alarm.schedule, calendar.zone_of(alarm), at)
            if occurrence is None:
                raise Invalid.field("/occurrence_id", "This alarm has no occurrence at that instant.")
            key, own = Key(user, "occurrence", occurrence_id), Key(user, "skip", occurrence_id)
            found = self._store.read([key, own])
            existing = found.get(key)
            if own not in found and self._store.count(user, "skip") >= MAX_SKIPS:
                raise Conflict(f"You have skipped {MAX_SKIPS} dates, which is the most.", code="too_many_skips")
            is_claimed = existing is not None and existing.fields["state"] == "ringing" and now < at
            is_skipped_already = existing is not None and existing.fields["state"] == "skipped" and is_skipped
            if existing is not None and existing.fields["state"] != "pending" and not is_claimed and not is_skipped_already:
                raise _over()
            standing = self._standing(user, alarm_id)
            if existing is None and at <= now and not (standing and standing.due_at <= at):
                raise _over()  # nothing is overdue there: it rang and is forgotten, or never was due
            touched = self._touched(standing) if standing and standing.due_at == at else None
            fields = {"skipped": is_skipped, "wall": occurrence.wall.isoformat()}
            try:
                self._store.commit(
                    Commit(
                        user,
                        now,
                        writes=(Put("skip", occurrence_id, fields, expires_at=max(at, now) + SKIP_KEPT),),
                        timers=(TimerChange(touched.id, touched, expected=standing),) if touched else (),
                    )
                )
            except Conflict as conflict:
                if conflict.code != "lost_timer":
                    raise
                continue
            self._direct_path.send([touched] if touched else [])
            if is_skipped and touched is None and at <= now + CLAIMED_WITHIN:
                self._withdrawal.withdraw(user, alarm_id, "You skipped this one.", lambda other: other != at)
            items = preview_of(alarm, self._calendar(user, min(now, at), [alarm]), at, 1)
            return items[0]
        raise busy()

    # ---- within

    def _standing(self, user: str, alarm_id: str) -> Timer | None:
        return next((timer for timer in self._store.timers(user) if timer.id == timer_id(alarm_id)), None)

    def _overtaken_by_deletion(self, document: Document, now: datetime) -> Sequence[Put]:
        standing = self._standing(document.user, document.id)
        if standing is None or standing.due_at > now:
            return ()
        alarm = Alarm.from_document(document)
        calendar = self._calendar(document.user, standing.due_at, [alarm])
        return self._overtaken.writes(alarm, calendar, standing, now, "The alarm was deleted before this one could ring.")

    def _view(self, user: str, document: Document) -> AlarmView:
        alarm, now = Alarm.from_document(document), self._clock.now()
        return AlarmView.of(alarm, document.version, upcoming(alarm, self._calendar(user, now, [alarm]), now))

    def _calendar(self, user: str, from_at: datetime, alarms: list[Alarm], *, is_new: bool = False) -> Calendar:
        """The user's calendar as far as these alarms need it; a new alarm cannot have been skipped."""
        zone_name, since = "UTC", None
        if any(alarm.time_zone is None for alarm in alarms):
            try:
                profile = self._store.get(user, PROFILE, ME).fields
                zone_name, since = profile["time_zone"], profile.get("time_zone_since")
            except NotFound:
                raise NotFound("This account no longer exists.", code="no_such_user") from None
        if is_new or not alarms:
            return Calendar(zone_name, {})
        # A day and a half earlier than asked: a skip is kept by the instant it had in the zone of its time.
        first = instant_to_compact(max(from_at, EARLIEST) - timedelta(hours=36))
        skips: list[Document] = []
        after: str | None = None
        for _ in range(100):
            page = self._store.page(user, "skip", first=first, after=after)
            skips += page.items
            after = page.next
            if after is None:
                break
        return Calendar.of(zone_name, skips, text_to_instant(since) if since else None)

    def _revision(self) -> int:
        return int(self._entropy.fraction() * 2**52)

    def _touched(self, timer: Timer) -> Timer:
        return Timer(timer.id, timer.user, timer.due_at, timer.purpose, timer.subject, self._revision(), self._clock.now())

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


def _over() -> Conflict:
    return Conflict("Its time has come already; what rings can be dismissed.", code="already_rang")


def _stale() -> Conflict:
    return Conflict("The alarm was changed elsewhere in the meantime. Load it again.", code="stale_version")


def _still_stands(alarm: Alarm, calendar: Calendar, at: datetime) -> bool:
    return alarm.enabled and occurrence_at(alarm.schedule, calendar.zone_of(alarm), at) is not None


def _answer_key(user: str, idempotency: IdempotencyKey) -> str:
    return f"answer:{user}:{idempotency.key}"


def _instant_of(occurrence_id: str, alarm_id: str) -> datetime:
    try:
        named, at = parse_occurrence_id(occurrence_id)
    except ValueError:
        raise Invalid.field("/occurrence_id", "This is not an occurrence's id.") from None
    if named != alarm_id:
        raise Invalid.field("/occurrence_id", "This occurrence belongs to another alarm.")
    return at

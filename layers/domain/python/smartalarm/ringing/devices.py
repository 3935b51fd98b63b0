"""A user's devices: put, see, remove, and test whether a push reaches one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profiles import check_account
from smartalarm.alarms.alarm import Snooze
from smartalarm.errors import Conflict
from smartalarm.instants import instant_to_compact
from smartalarm.ports import Clock, Commit, Connections, Document, Key, PushService, Put, Store, Timer
from smartalarm.ringing.device import Device, DeviceView, NewDevice
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.health import latest_occurrences, standing_of, subscribed_at
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.timers import TEST, set_timer
from smartalarm.ringing.updates import Change, Stored, Update, Updates
from smartalarm.sync.clock import KEPT_FOR
from smartalarm.sync.ticking import ticked
from smartalarm.turns import Turns, busy

MAX_DEVICES: Final = 50


class DevicePage(BaseModel):
    """Some devices, and the cursor of the next page."""

    model_config = ConfigDict(frozen=True)

    items: tuple[DeviceView, ...]
    next: str | None


class PushTest(BaseModel):
    """Names a test push; `GET /occurrences/{test_id}` shows what became of it."""

    model_config = ConfigDict(frozen=True)

    test_id: str


class Devices:
    """The devices of one user at a time."""

    def __init__(
        self,
        store: Store,
        connections: Connections,
        push: PushService,
        updates: Updates,
        direct_path: DirectPath,
        turns: Turns,
        clock: Clock,
    ) -> None:
        self._store = store
        self._connections = connections
        self._push = push
        self._updates = updates
        self._direct_path = direct_path
        self._turns = turns
        self._clock = clock

    def put(self, user: str, device_id: str, new: NewDevice, *, expected: int | None) -> DeviceView:
        """Make or replace a device. Raises Invalid for a subscription nobody could be reached by, Conflict when stale."""
        if new.push_subscription is not None:
            self._push.check(new.push_subscription.to_subscription())
        for _ in self._turns:
            try:
                return self._put(user, device_id, new, expected=expected)
            except Conflict as conflict:
                if conflict.code != "stale_version" or expected is not None:
                    raise
        raise busy()

    def _put(self, user: str, device_id: str, new: NewDevice, *, expected: int | None) -> DeviceView:
        key = Key(user, "device", device_id)
        known = self._store.read([key]).get(key)
        is_new = known is None or known.deleted
        if is_new and self._store.count(user, "device") >= MAX_DEVICES:
            raise Conflict(f"You have {MAX_DEVICES} devices, which is the most. Remove one first.", code="too_many_devices")
        now = self._clock.now()
        created_at = now if known is None or known.deleted else Device.from_document(known).created_at
        given = {name: getattr(new, name) for name in NewDevice.model_fields}
        device = Device(id=device_id, created_at=created_at, updated_at=now, **given)
        fields = {**device.to_fields(), **ticked(known, (*NewDevice.model_fields, "deleted"), now)}
        version = known.version if known else 0
        put = Put("device", device_id, fields, expected=version if expected is None else expected)
        committed = self._store.commit(Commit(user, now, writes=(put,)))
        return self._view(user, committed.documents[0])

    def get(self, user: str, device_id: str) -> DeviceView:
        """One device. Raises NotFound."""
        return self._view(user, self._store.get(user, "device", device_id))

    def page(self, user: str, *, after: str | None, limit: int) -> DevicePage:
        """Some devices, with who is connected and when each was last seen."""
        page = self._store.page(user, "device", after=after, limit=limit)
        if not page.items:
            check_account(self._store, user)
        connected = {c.device_id for c in self._connections.of([user]).get(user, [])}
        seen = self._connections.last_seen(user)
        latest = latest_occurrences(self._store, user) if page.items else []
        items = tuple(
            self._to_view(document, latest, is_connected=document.id in connected, last_seen_at=seen.get(document.id))
            for document in page.items
        )
        return DevicePage(items=items, next=page.next)

    def delete(self, user: str, device_id: str, *, expected: int | None) -> None:
        """Remove a device; its subscription is forgotten. Raises NotFound, Conflict when stale."""
        for _ in self._turns:
            document, now = self._store.get(user, "device", device_id), self._clock.now()
            written = ticked(document, ("push_subscription", "deleted"), now)
            fields = {**document.fields, "push_subscription": None, **written}
            version = document.version if expected is None else expected
            put = Put("device", device_id, fields, deleted=True, expected=version, expires_at=now + KEPT_FOR)
            try:
                self._store.commit(Commit(user, now, writes=(put,)))
            except Conflict as conflict:
                if conflict.code != "stale_version" or expected is not None:
                    raise
                continue
            return
        raise busy()

    def test(self, user: str, device_id: str) -> PushTest:
        """Send a test push to one device, by the way a ring goes. Raises NotFound, Conflict without a subscription."""
        device = Device.from_document(self._store.get(user, "device", device_id))
        if device.push_subscription is None:
            raise Conflict(
                "This device has no push subscription. Open Smart Alarm there and allow notifications.", code="no_push"
            )
        now = self._clock.now()
        at = now.replace(microsecond=0)
        test_id = f"{device_id}:{instant_to_compact(at)}"
        occurrence = Occurrence(
            id=test_id,
            alarm_id=None,
            label="Test",
            at=at,
            local=at.isoformat(),
            reason="A test push.",
            snooze=Snooze(limit=0),  # it is over when it was seen, and must not become a ring
        )
        timer = Timer(f"test:{test_id}", user, now, TEST, test_id, 0, now)

        def step(known: Occurrence) -> Change:
            return Change(known, (set_timer(timer),))

        stored = self._updates.read([(user, test_id)]).get((user, test_id))
        if stored is None:
            self._updates.run_one(Update(user, Stored(occurrence.note(now, "scheduled"), 0), step))
            self._direct_path.send([timer])
        return PushTest(test_id=test_id)

    def _view(self, user: str, document: Document) -> DeviceView:
        connections = self._connections.of([user]).get(user, [])
        is_connected = any(connection.device_id == document.id for connection in connections)
        seen_at = self._connections.last_seen(user).get(document.id)
        latest = latest_occurrences(self._store, user)
        return self._to_view(document, latest, is_connected=is_connected, last_seen_at=seen_at)

    def _to_view(
        self, document: Document, latest: Sequence[Occurrence], *, is_connected: bool, last_seen_at: datetime | None
    ) -> DeviceView:
        device = Device.from_document(document)
        standing = standing_of(device, subscribed_at(document), latest, self._clock.now())
        return DeviceView(
            **{name: getattr(device, name) for name in Device.model_fields},
            push="ok" if device.push_subscription else "lost" if device.push_lost_at else "none",
            health=standing.health,
            last_shown_at=standing.last_shown_at,
            connected=is_connected,
            last_seen_at=last_seen_at,
            version=document.version,
        )

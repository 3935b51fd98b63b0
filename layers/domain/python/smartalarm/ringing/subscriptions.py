"""Dead push subscriptions: after 404 or 410 the device loses its subscription, and shows that it did."""

from collections.abc import Iterable

from smartalarm.errors import SmartAlarmError
from smartalarm.instants import to_milliseconds
from smartalarm.ports import Clock, Commit, Key, Put, Store, Telemetry, TimerChange
from smartalarm.ringing.delivery import Push
from smartalarm.ringing.device import Device
from smartalarm.ringing.reports import evening_before, report_timer
from smartalarm.ringing.timers import set_timer
from smartalarm.sync.ticking import ticked


class Subscriptions:
    """Forgets subscriptions that push services do not know any more."""

    def __init__(self, store: Store, clock: Clock, telemetry: Telemetry) -> None:
        self._store = store
        self._clock = clock
        self._telemetry = telemetry

    def drop(self, user: str, lost: Iterable[Push]) -> None:
        """Take them off their devices. A device that subscribed anew in the meantime keeps what it has now."""
        for push in lost:
            try:
                self._drop(user, push)
            except SmartAlarmError as error:  # the next ring finds it dead again; others' rings must not wait for this
                self._telemetry.problem("subscription_not_dropped", error, device=push.device_id)

    def _drop(self, user: str, push: Push) -> None:
        key = Key(user, "device", push.device_id)
        document = self._store.read([key]).get(key)
        if document is None or document.deleted:
            return
        device = Device.from_document(document)
        if device.push_subscription is None or device.push_subscription.endpoint != push.endpoint:
            return
        now = self._clock.now()
        known = {"push_subscription": None, "push_lost_at": to_milliseconds(now), "updated_at": now}
        fields = {**device.model_copy(update=known).to_fields(), **ticked(document, ["push_subscription"], now)}
        put = Put("device", device.id, fields, expected=document.version)
        timers: tuple[TimerChange, ...] = ()
        if device.ring != "never":  # the others are told, in time for the next ring
            timers = (set_timer(report_timer(user, device.id, evening_before(self._store.timers(user), now), now)),)
        self._store.commit(Commit(user, now, writes=(put,), timers=timers))

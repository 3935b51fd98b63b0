"""A device that stopped answering is reported on the others, the evening before it matters. See docs/adr/0015.

Nothing is asked or written while every device answers: what starts it is a ring that a device let pass without a word, or a
push service that dropped a subscription.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smartalarm.errors import SmartAlarmError
from smartalarm.events import HandedTimer
from smartalarm.instants import to_milliseconds
from smartalarm.ports import Clock, Commit, Document, Key, Put, Store, Telemetry, TimerChange
from smartalarm.ringing.around import Around, Audience
from smartalarm.ringing.delivery import Delivery
from smartalarm.ringing.device import Device
from smartalarm.ringing.health import Standing, is_silent, latest_occurrences, standing_of, subscribed_at
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.reports import evening_before, report_timer
from smartalarm.ringing.run import SPENT, Failures, Run
from smartalarm.ringing.subscriptions import Subscriptions
from smartalarm.ringing.timers import clear_timer, set_timer

REPORTED_AGAIN: Final = timedelta(days=7)
"""A device that stays quiet is told once in so long, and not looked at in between."""


@dataclass(frozen=True)
class Bystanders:
    """A ring that is over, and whom it was for."""

    user: str
    occurrence: Occurrence
    audience: Audience

    def suspects(self, now: datetime) -> list[Device]:
        """Devices to look closer at. One with an open socket is there: the ring reached it by that."""
        connected = {connection.device_id for connection in self.audience.connections}
        silent = (device for device in self.audience.devices if _is_suspect(device, self.occurrence, now))
        return [device for device in silent if device.id not in connected]


class Readiness:
    """Watches for devices that stay silent, and tells the others."""

    def __init__(
        self,
        store: Store,
        around: Around,
        delivery: Delivery,
        subscriptions: Subscriptions,
        failures: Failures,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._around = around
        self._delivery = delivery
        self._subscriptions = subscriptions
        self._failures = failures
        self._clock = clock
        self._telemetry = telemetry

    def after_ring(self, rings: Sequence[Bystanders]) -> None:
        """Look closer where a device said nothing. Never raises: the ring is over and told."""
        now = self._clock.now()
        for ring in rings:
            if suspects := ring.suspects(now):
                try:
                    self._suspect(ring.user, suspects, now)
                except SmartAlarmError as error:  # its next silence brings it up again
                    self._telemetry.problem("readiness_not_judged", error, occurrence=ring.occurrence.id)

    def _suspect(self, user: str, suspects: Sequence[Device], now: datetime) -> None:
        """A first look, without the subscription's clock: the device is judged once more before anybody is told."""
        latest = latest_occurrences(self._store, user)
        quiet = [device.id for device in suspects if standing_of(device, None, latest, now).health == "quiet"]
        if quiet:
            due_at = evening_before(self._store.timers(user), now)
            changes = tuple(set_timer(report_timer(user, device_id, due_at, now)) for device_id in quiet)
            self._store.commit(Commit(user, now, timers=changes))

    def report(self, run: Run, handed: Sequence[HandedTimer]) -> None:
        """Handle report timers: if it still is as bad, tell the user's other devices, and note that they were told."""
        now = self._clock.now()
        for one in handed:
            user, device_id = one.timer.user, one.timer.subject
            key = Key(user, "device", device_id)
            document = self._store.read([key]).get(key)
            changes: tuple[TimerChange, ...] = (clear_timer(one.timer.id, one.timer),)
            writes: tuple[Put, ...] = ()
            if document is not None and not document.deleted:
                device = Device.from_document(document)
                health = _standing(document, latest_occurrences(self._store, user), now).health
                if device.ring != "never" and health in {"quiet", "lost"}:
                    told = self._tell(user, device, health)
                    writes = (_reported(document, device, now),) if told else ()
            outcome = self._store.commit_many([Commit(user, now, writes=writes, timers=changes)])[0]
            if isinstance(outcome, SmartAlarmError) and outcome.code not in SPENT:
                self._failures.hand_back(run, one, outcome)

    def _tell(self, user: str, device: Device, health: str) -> bool:
        audience = self._around.audiences([user])[user]
        others = tuple(other for other in audience.devices if other.id != device.id)
        envelope = self._delivery.prepare_readiness(user, device, health, Audience(others, ()))
        report = self._delivery.send([envelope])[0]
        self._subscriptions.drop(user, report.lost)
        return bool(envelope.pushes)


def _standing(document: Document, latest: Sequence[Occurrence], now: datetime) -> Standing:
    return standing_of(Device.from_document(document), subscribed_at(document), latest, now)


def _is_suspect(device: Device, occurrence: Occurrence, now: datetime) -> bool:
    was_told = device.reported_at is not None and now - device.reported_at < REPORTED_AGAIN
    return device.ring != "never" and device.push_subscription is not None and not was_told and is_silent(device, occurrence)


def _reported(document: Document, device: Device, now: datetime) -> Put:
    """Beside the fields, as they are: nobody's edit is touched."""
    fields = {**document.fields, **device.model_copy(update={"reported_at": to_milliseconds(now)}).to_fields()}
    return Put("device", device.id, fields, expected=document.version)

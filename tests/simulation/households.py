"""Moving in: accounts, their devices and first alarms; devices come and go, and so do their subscriptions and sockets."""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from smartalarm.injection import Injector
from smartalarm.instants import instant_to_text
from smartalarm.ports import Commit, Connection, Connections, Put
from smartalarm.ringing.device import NewDevice
from smartalarm.ringing.devices import Devices
from tests.simulation.meddling import Meddling
from tests.simulation.people import Clients, Device, People, Person
from tests.simulation.postal import PostOffice
from tests.simulation.shapes import draw_shape
from tests.simulation.unreliable import SimulatedStore

STAYING: Final = 0.9
"""About how many of the occurrences of the coming hours nobody meddles away."""


@dataclass
class Households:
    """Fills a world with people."""

    rng: random.Random
    clients: Clients
    people: People
    meddling: Meddling
    office: PostOffice
    store: SimulatedStore
    zones: tuple[str, ...]
    until: datetime

    def move_in(self, occurrences: int, zone_of: Any) -> None:
        """New people, until they have so many occurrences before them."""
        now, expected = self.clients.timeline.now, 0
        while expected < occurrences:
            person = self._register(now)
            for _ in range(self.rng.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3))):
                self._add_device(person)
            for _ in range(self.rng.choice((1, 2, 3, 4, 6))):
                shape = draw_shape(self.rng, now.date())
                expected += len(shape.due(zone_of(person.zone_name), now, self.until))
                copies = 2 if self.rng.random() < 0.08 else 1  # two alarms at the same second
                for _ in range(copies):
                    self.clients.timeline.after(self.rng.uniform(1, 600), partial(self.meddling.create, person, shape))

    def keep_up(self, occurrences: int, rung: int, zone_of: Any) -> None:
        """More new people, where those that are there will not come to so many: alarms are deleted, moved, switched off."""
        now = self.clients.timeline.now
        coming = sum(
            len(setting.shape.due(zone_of(setting.zone_name or person.zone_name), now, self.until))
            for person in self.people.persons.values()
            for setting in person.alarms.values()
        )
        self.move_in(occurrences - rung - int(coming * STAYING), zone_of)

    def _register(self, now: datetime) -> Person:
        user = str(UUID(int=self.rng.getrandbits(128), version=4))
        person = self.people.persons[user] = Person(user, self.rng.choice(self.zones))
        since = instant_to_text(now)
        fields = {"time_zone": person.zone_name, "email": f"{user}@example.org", "name": "Somebody", "locale": "en"}
        put = Put("profile", "me", {**fields, "created_at": since, "updated_at": since}, expected=0)
        self.store.commit(Commit(user, now, writes=(put,), creates_user=True))
        return person

    # ---- devices

    def _add_device(self, person: Person) -> None:
        rng = self.rng
        device_id = str(UUID(int=rng.getrandbits(128), version=4))
        mode = rng.choice(("always",) * 8 + ("backup", "never"))
        ahead = rng.choice((0.0, 0.0, rng.uniform(-240, 240)))
        device = person.devices[device_id] = Device(device_id, person.id, mode, ahead, None)
        self._put(device, subscribes=rng.random() < 0.85)
        if rng.random() < 0.6:
            self._connect_later(device, 60)
        if rng.random() < 0.3:
            self._later(3600 * 24, lambda: self._lose_subscription(device))
        if rng.random() < 0.1:
            self._later(3600 * 48, lambda: self._leave(person, device))
        if rng.random() < 0.2:
            self._later(3600 * 24, lambda: self._test(device))

    def _later(self, mean_seconds: float, act: Any) -> None:
        """Some time from now, unless the world has come to rest by then."""
        timeline = self.clients.timeline

        def still() -> None:
            if timeline.now < self.until:
                act()

        timeline.after(self.rng.expovariate(1 / mean_seconds), still)

    def _put(self, device: Device, *, subscribes: bool) -> None:
        device.endpoint = f"https://push.example/{device.id}/{self.rng.randrange(10**6)}" if subscribes else None
        if device.endpoint:
            self.people.by_address[device.endpoint] = device
        keys = {"p256dh": "p", "auth": "a"}
        subscription = {"endpoint": device.endpoint, "keys": keys} if device.endpoint else None
        new = NewDevice.model_validate({"name": "A device", "ring": device.mode, "push_subscription": subscription})

        def call(injector: Injector) -> Any:
            return injector.get(Devices).put(device.user, device.id, new, expected=None)

        self.clients.ask(device.user, "put device", call)

    def _test(self, device: Device) -> None:
        """Send oneself a test push."""
        self.clients.ask(device.user, "test push", lambda i: i.get(Devices).test(device.user, device.id))
        self._later(3600 * 48, lambda: self._test(device))

    def _lose_subscription(self, device: Device) -> None:
        if device.endpoint is not None:
            self.office.gone.add(device.endpoint)
        self._later(3600 * 3, lambda: self._put(device, subscribes=True))
        self._later(3600 * 48, lambda: self._lose_subscription(device))

    def _leave(self, person: Person, device: Device) -> None:
        """The device is removed; perhaps another one comes."""
        person.devices.pop(device.id, None)
        self.clients.ask(person.id, "delete device", lambda i: i.get(Devices).delete(person.id, device.id, expected=None))
        if self.rng.random() < 0.7:
            self._later(3600, lambda: self._add_device(person))

    # ---- sockets

    def _connect_later(self, device: Device, mean_seconds: float) -> None:
        self._later(mean_seconds, lambda: self._connect(device))

    def _connect(self, device: Device) -> None:
        host = self.clients.host.socket_host()
        if host is None or device.socket is not None:
            self._connect_later(device, 60)
            return
        name = f"socket-{self.rng.getrandbits(40):x}"
        connection = Connection(name, device.user, device.id, self.clients.timeline.now, host)
        device.socket = name
        self.people.by_address[name] = device
        self.office.open_sockets.add(name)
        self.clients.ask(device.user, "connect", lambda i: i.get(Connections).open(connection), tries=0)
        self._later(3600 * 2, lambda: self._disconnect(device))

    def _disconnect(self, device: Device) -> None:
        """Cleanly, or the line just goes dead."""
        name, device.socket = device.socket, None
        if name is not None:
            self.office.open_sockets.discard(name)
            if self.rng.random() < 0.6:
                self.clients.ask(device.user, "disconnect", lambda i: i.get(Connections).close(name), tries=0)
        self._connect_later(device, 3600)

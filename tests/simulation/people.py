"""People and their devices: how they answer a ring that reaches them, from one device or from two, soon, late or never."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from smartalarm.errors import Unavailable
from smartalarm.injection import Injector
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import Occurrence
from tests.simulation.postal import Posted
from tests.simulation.serving import Call, Host, Reply
from tests.simulation.shapes import Shape
from tests.simulation.timeline import Timeline
from tests.simulation.witness import Witness

NOTICES: Final[tuple[Literal["shown", "heard"], ...]] = ("shown", "heard")
KNOWN_REFUSALS: Final = frozenset(
    {
        "not_ringing",
        "snooze_limit",
        "not_found",
        "already_rang",
        "busy",
        "stale_version",
        "invalid",
        "id_taken",
        "unavailable",
        "no_push",
    }
)


@dataclass
class Device:
    """One device. `clock_ahead` in seconds: its own clock; `endpoint`: its push subscription; `socket`: its connection."""

    id: str
    user: str
    mode: str
    clock_ahead: float
    endpoint: str | None
    socket: str | None = None


@dataclass
class Setting:
    """An alarm as its owner believes it to be."""

    id: str
    shape: Shape
    zone_name: str | None
    enabled: bool = True


@dataclass
class Person:
    """One user."""

    id: str
    zone_name: str
    devices: dict[str, Device] = field(default_factory=dict)
    alarms: dict[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True)
class Promise:
    """What a person was told: this occurrence is dismissed, or snoozed after its `ring_count`-th ring."""

    occurrence_id: str
    state: str
    ring_count: int


class Clients:
    """The way of all requests: asked again when nothing comes back, and refusals are looked at."""

    def __init__(self, rng: random.Random, timeline: Timeline, host: Host, witness: Witness) -> None:
        self.rng = rng
        self.timeline = timeline
        self.host = host
        self.witness = witness
        self.excused: Callable[[str], bool] = lambda _user: True

    def ask(self, user: str, what: str, call: Call, then: Callable[[Reply], None] | None = None, *, tries: int = 3) -> None:
        """Ask, and up to `tries` times again; `then` hears the last reply."""

        def heard(reply: Reply) -> None:
            if (reply.is_silent or isinstance(reply.error, Unavailable)) and tries > 0 and self.rng.random() < 0.8:
                self.timeline.after(self.rng.uniform(0.3, 4), lambda: self.ask(user, what, call, then, tries=tries - 1))
                return
            if reply.error is not None:
                self.witness.counts[f"{what}: {reply.error.code}"] += 1
                if reply.error.code not in KNOWN_REFUSALS and not self.excused(user):
                    self.witness.wrong(f"{user}: {what} was refused with {reply.error.code} ({reply.error.detail})")
            elif not reply.is_silent:
                self.witness.counts[what] += 1
            if then is not None:
                then(reply)

        self.host.serve(call, heard)


class People:
    """Everybody, and what they do when it rings."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.persons: dict[str, Person] = {}
        self.by_address: dict[str, Device] = {}
        self.promises: list[Promise] = []
        self._planned: set[tuple[str, int]] = set()

    def arrived(self, message: Posted) -> None:
        """A message reached a device."""
        device = self.by_address.get(message.address)
        if device is None or message.kind != "ring":
            return
        rng, timeline = self.clients.rng, self.clients.timeline
        occurrence_id = message.occurrence_id
        if rng.random() < 0.7:
            timeline.after(rng.uniform(0.02, 1.5), lambda: self._acknowledge(device, occurrence_id))
        if (occurrence_id, message.ring_count) not in self._planned:
            self._planned.add((occurrence_id, message.ring_count))
            for seconds, answer in self._plan(device, occurrence_id):
                timeline.after(seconds, answer)

    def _plan(self, device: Device, occurrence_id: str) -> Iterator[tuple[float, Callable[[], None]]]:
        rng = self.clients.rng
        pace = rng.random()
        soon = rng.uniform(0.02, 1) if pace < 0.35 else rng.uniform(1, 25) if pace < 0.85 else rng.uniform(25, 140)
        if pace > 0.97:
            soon = rng.uniform(140, 900)
        other = rng.choice(list(self.persons[device.user].devices.values()) or [device])
        kind = rng.random()
        if kind < 0.51:
            yield soon, lambda: self.dismiss(device, occurrence_id)
        elif kind < 0.76:
            yield soon, lambda: self.snooze(device, occurrence_id)
        elif kind < 0.82:
            yield soon, lambda: self.dismiss(device, occurrence_id)
            yield soon + rng.uniform(0, 0.05), lambda: self.dismiss(other, occurrence_id)
        elif kind < 0.88:
            yield soon, lambda: self.snooze(device, occurrence_id)
            yield soon + rng.uniform(-0.02, 0.05), lambda: self.dismiss(other, occurrence_id)
        elif kind < 0.94:
            yield soon, lambda: self.snooze(device, occurrence_id, minutes=rng.randint(2, 4))
            yield soon + rng.uniform(0, 90), lambda: self.snooze(other, occurrence_id, minutes=1)

    # ---- answers

    def dismiss(self, device: Device, occurrence_id: str) -> None:
        """Dismiss it."""

        def then(reply: Reply) -> None:
            self._promised(reply)

        self.clients.ask(
            device.user,
            "dismiss",
            lambda injector: injector.get(Answers).dismiss(device.user, occurrence_id, device.id),
            then,
        )

    def snooze(self, device: Device, occurrence_id: str, minutes: int | None = None) -> None:
        """Snooze it; when only dismiss is left, mostly dismiss it."""
        clients = self.clients

        def then(reply: Reply) -> None:
            self._promised(reply)
            if reply.error is not None and reply.error.code == "snooze_limit" and clients.rng.random() < 0.6:
                clients.timeline.after(1, lambda: self.dismiss(device, occurrence_id))

        def call(injector: Injector) -> Any:
            return injector.get(Answers).snooze(device.user, occurrence_id, minutes, device.id)

        clients.ask(device.user, "snooze", call, then)

    def _acknowledge(self, device: Device, occurrence_id: str) -> None:
        event = self.clients.rng.choice(NOTICES)
        at = self._device_time(device)

        def call(injector: Injector) -> Any:
            return injector.get(Answers).acknowledge(device.user, occurrence_id, event, device.id, at)

        self.clients.ask(device.user, "acknowledge", call, tries=1)

    def _device_time(self, device: Device) -> datetime:
        return self.clients.timeline.now + timedelta(seconds=device.clock_ahead)

    def _promised(self, reply: Reply) -> None:
        if isinstance(reply.value, Occurrence):
            self.promises.append(Promise(reply.value.id, reply.value.state, reply.value.ring_count))

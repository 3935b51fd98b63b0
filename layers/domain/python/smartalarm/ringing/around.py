"""What is around a timer: the documents its decision needs, read for a whole batch in a handful of bulk reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smartalarm.alarms.plan import Calendar
from smartalarm.instants import text_to_instant
from smartalarm.ports import Connection, Connections, Document, Key, Store, Timer
from smartalarm.ringing.device import Device
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.updates import Stored


@dataclass(frozen=True)
class Audience:
    """Whom a user's rings reach."""

    devices: tuple[Device, ...]
    connections: tuple[Connection, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it reaches nobody."""
        return not self.devices and not self.connections

    def beyond(self, earlier: "Audience") -> "Audience":
        """Who of these was not addressed before: new sockets, and devices that are new or were to be reached otherwise."""
        ways = {_way(device) for device in earlier.devices}
        connections = {connection.id for connection in earlier.connections}
        return Audience(
            tuple(device for device in self.devices if _way(device) not in ways),
            tuple(connection for connection in self.connections if connection.id not in connections),
        )


@dataclass(frozen=True)
class Surroundings:
    """What was read for one timer."""

    alarm: Document | None
    stored: Stored | None
    calendar: Calendar
    audience: Audience


class Around:
    """Reads surroundings."""

    def __init__(self, store: Store, connections: Connections) -> None:
        self._store = store
        self._connections = connections

    def timers(self, timers: Sequence[Timer]) -> list[Surroundings]:
        """For each timer its occurrence, its alarm, and its user's devices, skips, zone and connections."""
        users = list(dict.fromkeys(timer.user for timer in timers))
        occurrences = [Key(timer.user, "occurrence", timer.subject) for timer in timers]
        alarms = [Key(timer.user, "alarm", timer.subject.partition(":")[0]) for timer in timers]
        documents = self._store.read([*occurrences, *alarms])
        small = self._store.list_many(users, ("device", "skip", "profile"))
        connections = self._connections.of(users)
        shared = {
            user: (_calendar(small.get(user, [])), _audience(small.get(user, []), connections.get(user, [])))
            for user in users
        }
        found = []
        for timer, occurrence_key, alarm_key in zip(timers, occurrences, alarms, strict=True):
            document = documents.get(occurrence_key)
            stored = Stored(Occurrence.from_document(document), document.version) if document else None
            found.append(Surroundings(documents.get(alarm_key), stored, *shared[timer.user]))
        return found

    def audiences(self, users: Iterable[str]) -> dict[str, Audience]:
        """Each user's devices and connections."""
        wanted = list(dict.fromkeys(users))
        small = self._store.list_many(wanted, ("device",))
        connections = self._connections.of(wanted)
        return {user: _audience(small.get(user, []), connections.get(user, [])) for user in wanted}


def _audience(documents: Sequence[Document], connections: Sequence[Connection]) -> Audience:
    devices = tuple(Device.from_document(document) for document in documents if document.kind == "device")
    return Audience(devices, tuple(connections))


def _calendar(documents: Sequence[Document]) -> Calendar:
    profile = next((document.fields for document in documents if document.kind == "profile"), {})
    since = profile.get("time_zone_since")
    skips = (document for document in documents if document.kind == "skip")
    return Calendar.of(str(profile.get("time_zone", "UTC")), skips, text_to_instant(since) if since else None)


def _way(device: Device) -> tuple[str, str, str | None]:
    return device.id, device.ring, device.push_subscription.endpoint if device.push_subscription else None

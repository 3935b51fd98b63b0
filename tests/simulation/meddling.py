"""What people do to their alarms, zones and devices, mostly within seconds of the instant at which something is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from smartalarm.accounts.profile import ProfileChange
from smartalarm.accounts.profiles import Profiles
from smartalarm.alarms.alarm import AlarmChange, NewAlarm
from smartalarm.alarms.alarms import Alarms
from smartalarm.alarms.skips import Skips
from smartalarm.alarms.zones import zone
from smartalarm.injection import Injector
from smartalarm.ports import Commit
from smartalarm.preconditions import IdempotencyKey
from tests.simulation.people import Clients, People, Person, Setting
from tests.simulation.shapes import Shape, draw_shape

MEDDLED: Final = 0.15
"""About how many of the coming occurrences something is done."""
NO_KEY: Final = IdempotencyKey(None, "")


class Meddling:
    """Edits, skips, deletions and journeys."""

    def __init__(self, clients: Clients, people: People, zones: tuple[str, ...], until: datetime) -> None:
        self._clients = clients
        self._people = people
        self._zones = zones
        self._until = until
        self._rng = clients.rng
        self.window_of: Callable[[], int] = lambda: 0

    # ---- making

    def create(self, person: Person, shape: Shape) -> None:
        """Set an alarm."""
        rng = self._rng
        alarm_id = str(UUID(int=rng.getrandbits(128), version=4))
        zone_name = None if rng.random() < 0.5 else rng.choice((person.zone_name, rng.choice(self._zones)))
        new = NewAlarm.model_validate(
            {
                "id": alarm_id,
                "label": f"Alarm {alarm_id[:4]}",
                "schedule": shape.to_schedule(),
                "time_zone": zone_name,
                "snooze": {"minutes": rng.choice((1, 1, 2, 3)), "limit": rng.choice((0, 1, 2, 3))},
                "ring": {"timeout_minutes": rng.choice((1, 2, 4, 10))},
                "smart_wake_minutes": self.window_of(),
            }
        )
        person.alarms[alarm_id] = Setting(alarm_id, shape, zone_name)
        self._clients.ask(person.id, "create", lambda i: i.get(Alarms).create(person.id, new, NO_KEY))

    def planned(self, commit: Commit) -> None:
        """An alarm's timer was set: plan what will be done around its instant, if anything."""
        person, now = self._people.persons.get(commit.user), self._clients.timeline.now
        for change in commit.timers:
            timer = change.timer
            if person is None or timer is None or timer.purpose != "ring" or self._rng.random() >= MEDDLED:
                continue
            setting = person.alarms.get(timer.subject.partition(":")[0])
            moment = timer.due_at + timedelta(seconds=self._offset())
            if setting is not None and now < moment < self._until:
                self._clients.timeline.at(moment, partial(self.act, person, setting, timer.due_at))

    def _offset(self) -> float:
        """Seconds before or after the instant."""
        rng = self._rng
        low, high = rng.choice(((-1.0, 0.3), (-1.0, 0.3), (-0.9, 0.0), (-4, 4), (-4, 4), (-12, 0), (0, 60), (-290, 0)))
        return rng.uniform(low, high)

    # ---- what is done

    def race(self, commit: Commit) -> None:
        """Somebody does something about an alarm at the very moment at which a process commits to it."""
        names = [change.id for change in commit.timers] or [put.id for put in commit.writes]
        person = self._people.persons.get(commit.user)
        if person is None or self._clients.timeline.now >= self._until:
            return
        for name in names:
            parts = name.split(":")
            setting = next((person.alarms[part] for part in parts if part in person.alarms), None)
            if setting is not None:
                at = _instant(parts[-1]) or self._clients.timeline.now
                self.act(person, setting, at)
                return

    def act(self, person: Person, setting: Setting, at: datetime) -> None:
        """Do something about the alarm and its occurrence at an instant."""
        occurrence_id = f"{setting.id}:{at:%Y%m%dT%H%M%SZ}"
        devices = list(person.devices.values())
        draw = self._rng.random()
        if draw < 0.12:
            self._change(person, setting, label=f"Alarm {draw:.6f}")
        elif draw < 0.24:
            self._reshape(person, setting, self._moved(setting, at))
        elif draw < 0.36:
            self._switch_off(person, setting)
        elif draw < 0.40:
            self._delete(person, setting)
        elif draw < 0.54:
            self._skip(person, setting, occurrence_id)
        elif draw < 0.60:
            self._travel(person)
        elif draw < 0.64:
            zone_name = self._rng.choice((None, *self._zones))
            setting.zone_name = zone_name
            self._change(person, setting, time_zone=zone_name)
        elif devices:
            device = self._rng.choice(devices)
            if draw < 0.85:
                self._people.dismiss(device, occurrence_id)
            else:
                self._people.snooze(device, occurrence_id, self._rng.choice((None, 1, 2)))

    def _change(self, person: Person, setting: Setting, **fields: Any) -> None:
        change = AlarmChange.model_validate(fields)

        def call(injector: Injector) -> Any:
            return injector.get(Alarms).change(person.id, setting.id, change, expected=None)

        self._clients.ask(person.id, f"change {next(iter(fields))}", call)

    def _moved(self, setting: Setting, at: datetime) -> Shape:
        """The same alarm a little later, or at another time of the day."""
        shape, rng = setting.shape, self._rng
        if rng.random() < 0.5:
            return replace(shape, minutes=tuple(sorted({(minute + rng.randint(1, 5)) % 60 for minute in shape.minutes})))
        local = at.astimezone(zone(setting.zone_name or "UTC")) + timedelta(minutes=rng.randint(1, 4))
        return replace(shape, hours=tuple(sorted({*shape.hours[1:], local.hour})), minutes=(local.minute,))

    def _reshape(self, person: Person, setting: Setting, shape: Shape) -> None:
        setting.shape = shape
        self._change(person, setting, schedule=shape.to_schedule())

    def _switch_off(self, person: Person, setting: Setting) -> None:
        self._change(person, setting, enabled=False)
        low, high = self._rng.choice(((0.01, 0.5), (0.2, 3), (3, 60), (600, 7200)))
        self._clients.timeline.after(self._rng.uniform(low, high), lambda: self._change(person, setting, enabled=True))

    def _delete(self, person: Person, setting: Setting) -> None:
        """Delete it, and set another one soon."""

        def call(injector: Injector) -> Any:
            return injector.get(Alarms).delete(person.id, setting.id, expected=None)

        self._clients.ask(person.id, "delete", call)
        person.alarms.pop(setting.id, None)
        today: date = self._clients.timeline.now.date()
        self._clients.timeline.after(self._rng.uniform(1, 3600), lambda: self.create(person, draw_shape(self._rng, today)))

    def _skip(self, person: Person, setting: Setting, occurrence_id: str) -> None:
        """Skip it; a third take that back at once or later."""

        def call(*, is_skipped: bool) -> Callable[[Injector], Any]:
            return lambda i: i.get(Skips).set(person.id, setting.id, occurrence_id, is_skipped=is_skipped)

        self._clients.ask(person.id, "skip", call(is_skipped=True))
        if self._rng.random() < 0.35:
            self._clients.timeline.after(
                self._rng.choice((0.01, 0.3, 2.0)), lambda: self._clients.ask(person.id, "unskip", call(is_skipped=False))
            )

    def _travel(self, person: Person) -> None:
        """Be in another zone, and perhaps soon in a third."""
        for seconds in (0.0, self._rng.uniform(0.01, 200))[: 1 if self._rng.random() < 0.7 else 2]:
            self._clients.timeline.after(seconds, lambda: self._arrive(person))

    def _arrive(self, person: Person) -> None:
        person.zone_name = self._rng.choice(self._zones)
        change = ProfileChange.model_validate({"time_zone": person.zone_name})
        self._clients.ask(person.id, "travel", lambda i: i.get(Profiles).change(person.id, change, expected=None))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None

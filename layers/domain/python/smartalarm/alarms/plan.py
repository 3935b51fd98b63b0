"""From an alarm to its coming occurrences and its timer. Pure: what is stored comes in, what should be comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.occurrence import Occurrence, occurrence_id, parse_occurrence_id
from smartalarm.alarms.occurrences import next_occurrence, occurrence_at
from smartalarm.alarms.preview import PreviewItem, preview
from smartalarm.alarms.suppressions import Answered, Disabled, SkippedDates, Suppression
from smartalarm.alarms.zones import zone
from smartalarm.ports import Document, Timer

RING: Final = "ring"
ONE_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Calendar:
    """What decides, beside the alarm itself, when it rings: the user's zone and the skipped times of each alarm.

    A skipped time is a wall time, or the instant itself where the alarm was not known yet when it was skipped.

    `zone_since`: when the user's zone became what it is, if it ever changed and that matters. `answered`: by alarm, what is
    over before its time; only what a person is shown looks at it, a ring looks at the occurrence itself.
    """

    zone_name: str
    skipped: Mapping[str, frozenset[datetime]]
    zone_since: datetime | None = None
    answered: Mapping[str, frozenset[datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, zone_name: str, skips: Iterable[Document], zone_since: datetime | None = None) -> "Calendar":
        """From the user's zone and the live documents of kind `skip`."""
        times: dict[str, set[datetime]] = {}
        for skip in skips:
            if skip.fields.get("skipped"):
                wall = skip.fields.get("wall")
                time = datetime.fromisoformat(wall) if wall else parse_occurrence_id(skip.id).at
                times.setdefault(skip.id.partition(":")[0], set()).add(time)
        return cls(zone_name, {alarm_id: frozenset(found) for alarm_id, found in times.items()}, zone_since)

    def zone_name_of(self, alarm: Alarm) -> str:
        """The alarm's own zone, or the user's current one."""
        return alarm.time_zone or self.zone_name

    def zone_of(self, alarm: Alarm) -> ZoneInfo:
        """The same as a zone."""
        return zone(self.zone_name_of(alarm))

    def not_before(self, alarm: Alarm, at: datetime) -> datetime:
        """`at`, or if that is later when the alarm came to its zone: what is due there before that was never due."""
        return at if self.zone_since is None or alarm.time_zone is not None else max(at, self.zone_since)

    def chain(self, alarm: Alarm) -> tuple[Suppression, ...]:
        """What each occurrence must pass before it rings, in order."""
        links: list[Suppression] = []
        if not alarm.enabled:
            links.append(Disabled())
        if times := self.skipped.get(alarm.id):
            links.append(SkippedDates(times))
        if instants := self.answered.get(alarm.id):
            links.append(Answered(instants))
        return tuple(links)


def upcoming(alarm: Alarm, calendar: Calendar, from_at: datetime) -> PreviewItem | None:
    """The next occurrence that will ring."""
    found = next_occurrence(alarm.schedule, calendar.zone_of(alarm), from_at, calendar.chain(alarm))
    return PreviewItem.of(alarm.id, found) if found else None


def preview_of(alarm: Alarm, calendar: Calendar, from_at: datetime, count: int) -> list[PreviewItem]:
    """The next `count` occurrences, those that are skipped among them, with the reason."""
    return preview(alarm.id, alarm.schedule, calendar.zone_of(alarm), from_at, count, calendar.chain(alarm))


def next_due(alarm: Alarm, calendar: Calendar, from_at: datetime) -> Occurrence | None:
    """The next occurrence that the schedule names, skipped or not; None while the alarm is off."""
    return next_occurrence(alarm.schedule, calendar.zone_of(alarm), from_at) if alarm.enabled else None


def resume_at(alarm: Alarm, calendar: Calendar, standing_at: datetime) -> datetime:
    """From when on to plan an alarm whose timer stands at an instant that has passed: from there while it is due then."""
    if occurrence_at(alarm.schedule, calendar.zone_of(alarm), standing_at):
        return standing_at
    return calendar.not_before(alarm, standing_at)


def timer_id(alarm_id: str) -> str:
    """Each alarm has one timer, for its next occurrence."""
    return f"alarm:{alarm_id}"


def standing_timer(timers: Iterable[Timer], alarm_id: str) -> Timer | None:
    """The alarm's timer among the user's."""
    return next((timer for timer in timers if timer.id == timer_id(alarm_id)), None)


def ring_timer(
    user: str, alarm: Alarm, calendar: Calendar, *, from_at: datetime, revision: int, set_at: datetime
) -> Timer | None:
    """The timer of the next occurrence at or after `from_at`.

    It stands at skipped ones too: when their instant passes they become part of the history, with the reason.
    """
    due = next_due(alarm, calendar, from_at)
    if due is None:
        return None
    return Timer(timer_id(alarm.id), user, due.at, RING, occurrence_id(alarm.id, due.at), revision, set_at)

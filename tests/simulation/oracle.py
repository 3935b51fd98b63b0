"""What must have happened: from the history of alarms, skips and zones alone, which occurrences were due, and when.

It expands every alarm by brute force over the stretches of time in which nothing about it changed.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from smartalarm.alarms.zones import zone
from tests.simulation.shapes import Shape
from tests.simulation.witness import Version

History = dict[tuple[str, str, str], list[Version]]


@dataclass(frozen=True)
class Due:
    """One occurrence that was due, by what was stored at its instant."""

    id: str
    user: str
    alarm_id: str
    at: datetime
    wall: datetime
    is_skipped: bool


class Oracle:
    """Knows the history of one world."""

    def __init__(self, history: History, start: datetime, end: datetime) -> None:
        self._history = history
        self._start, self._end = start, end
        self._last = Version(end, None, end)
        self._skips: dict[tuple[str, str], list[tuple[datetime, str, bool]]] = {}
        self._touched: dict[tuple[str, str], list[datetime]] = {}
        for (user, kind, name), versions in history.items():
            if kind == "skip":
                alarm_id = name.partition(":")[0]
                for version in versions:
                    fields = version.fields or {}
                    is_on = bool(fields.get("skipped"))
                    self._skips.setdefault((user, alarm_id), []).append((version.at, str(fields.get("wall")), is_on))
                    self._touched.setdefault((user, alarm_id), []).append(version.at)
            elif kind == "alarm":
                self._touched.setdefault((user, name), []).extend(version.at for version in versions)
        for changes in (*self._skips.values(), *self._touched.values()):
            changes.sort()  # type: ignore[attr-defined]

    def due(self) -> Iterator[Due]:
        """All that was due."""
        for user, kind, name in self._history:
            if kind == "alarm":
                yield from self._due_of(user, name, self._start, self._end)

    def _due_of(self, user: str, alarm_id: str, since: datetime, before: datetime) -> Iterator[Due]:
        for start, end, fields in self._stretches(user, alarm_id, since, before):
            for at, wall in self._expand(user, fields, start, end):
                skipped = self._is_skipped(user, alarm_id, wall, at)
                yield Due(f"{alarm_id}:{at:%Y%m%dT%H%M%SZ}", user, alarm_id, at, wall, skipped)

    def _stretches(
        self, user: str, alarm_id: str, since: datetime, before: datetime
    ) -> Iterator[tuple[datetime, datetime, dict[str, Any]]]:
        """Times in which the alarm was live and switched on, and its fields then."""
        versions = self._history.get((user, "alarm", alarm_id), [])
        for version, following in pairwise((*versions, self._last)):
            start, end = max(version.at, since), min(following.at, before)
            if version.fields is not None and version.fields["enabled"] and start < end:
                yield start, end, version.fields

    def _expand(
        self, user: str, fields: dict[str, Any], start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        shape = Shape.from_schedule(fields["schedule"])
        if fields["time_zone"] is not None:
            yield from shape.due(zone(fields["time_zone"]), start, end)
            return
        profiles = self._history[user, "profile", "me"]
        for version, following in pairwise((*profiles, self._last)):
            since, before = max(start, version.at), min(end, following.at)
            if since < before and version.fields is not None:
                yield from shape.due(zone(version.fields["time_zone"]), since, before)

    def _is_skipped(self, user: str, alarm_id: str, wall: datetime, at: datetime) -> bool:
        found = False
        for since, text, is_on in self._skips.get((user, alarm_id), []):
            if since <= at and text == wall.isoformat():
                found = is_on
        return found

    # ---- what is near

    def was_being_moved(self, user: str, alarm_id: str, at: datetime) -> bool:
        """Whether the instant lies between the decision of a change that moves or ends the alarm, and its effect.

        By the ledger it came after the change, by the store before it.
        """
        moves = ((user, "alarm", alarm_id), ("enabled", "schedule", "time_zone")), ((user, "profile", "me"), ("time_zone",))
        return any(
            after.decided_at <= at < after.at
            and any((before.fields or {}).get(n) != (after.fields or {}).get(n) for n in names)
            for key, names in moves
            for before, after in pairwise(self._history[key])
        )

    def was_touched(self, user: str, alarm_id: str, since: datetime, until: datetime) -> bool:
        """Whether somebody changed, skipped, unskipped or deleted the alarm in this time."""
        times = self._touched.get((user, alarm_id), [])
        index = bisect_right(times, since)
        return index < len(times) and times[index] <= until

    def has_moved(self, user: str, since: datetime, until: datetime) -> bool:
        """Whether the user's zone changed in this time."""
        return any(since < version.at <= until for version in self._history[user, "profile", "me"][1:])

    def could_be_due(self, user: str, alarm_id: str, at: datetime, slack: timedelta) -> bool:
        """Whether the alarm was due at the instant by any of its versions, in any of the zones, within `slack` of it."""
        versions = self._history.get((user, "alarm", alarm_id), [])
        near = [
            version.fields
            for version, following in pairwise((*versions, self._last))
            if version.fields is not None and version.fields["enabled"]
            if version.at <= at + slack and following.at >= at - slack
        ]
        zones = [
            version.fields["time_zone"]
            for version, following in pairwise((*self._history[user, "profile", "me"], self._last))
            if version.fields is not None and version.at <= at + slack and following.at >= at - slack
        ]
        second = timedelta(seconds=1)
        return any(
            Shape.from_schedule(fields["schedule"]).due(zone(name), at, at + second)
            for fields in near
            for name in ([fields["time_zone"]] if fields["time_zone"] else zones)
        )

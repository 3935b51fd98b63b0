"""When an alarm is due: a schedule in a zone to occurrences. Pure: the instant to look from is always given.

Wall times come first, instants after: a rule is expanded in wall time (`expansion`), every wall time is then resolved on
its own (`zones`). Only in a gap may the two orders differ, and there two wall times may share one instant.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from smartalarm.alarms.expansion import Expansion
from smartalarm.alarms.occurrence import Occurrence
from smartalarm.alarms.schedule import FIRST_YEAR, LAST_YEAR, Schedule
from smartalarm.alarms.suppressions import Suppression, first_skip
from smartalarm.alarms.zones import local_to_instant

SEARCH_LIMIT: Final = 20_000
"""How many skipped occurrences `next_occurrence` looks past, those that a link's `Skip.until` jumps over not counted."""

_LONGEST_GAP: Final = timedelta(hours=25)
"""No zone ever skipped more than a whole day (Samoa, 30 December 2011)."""

EARLIEST: Final = datetime(FIRST_YEAR - 1, 12, 30, tzinfo=UTC)
_LATEST: Final = datetime(LAST_YEAR + 1, 1, 2, tzinfo=UTC)
"""Every occurrence of every schedule in every zone lies between these two."""


def occurrences(schedule: Schedule, zone: ZoneInfo, from_at: datetime) -> Iterator[Occurrence]:
    """All from `from_at` (aware) on, by instant, each instant once; ends by itself after the year 2200."""
    if from_at > _LATEST:
        return
    from_at = max(from_at, EARLIEST)
    # A wall time before the one on the clock can still be ahead of us when a gap moves it later.
    first = from_at.astimezone(zone).replace(tzinfo=None) - _LONGEST_GAP
    moved: deque[Occurrence] = deque()  # by a gap, each waiting for its place among those that follow
    for wall in _wall_times(schedule, zone, first):
        at = local_to_instant(wall, zone)
        if at < from_at:
            continue
        occurrence = Occurrence(at, at.astimezone(zone), wall)
        if occurrence.local.replace(tzinfo=None) != wall:
            moved.append(occurrence)
            continue
        while moved and moved[0].at <= at:
            earlier = moved.popleft()
            if earlier.at < at:  # on the same instant the one that the clock really shows stays
                yield earlier
        yield occurrence
    yield from moved


def next_occurrence(
    schedule: Schedule, zone: ZoneInfo, from_at: datetime, suppressions: Sequence[Suppression] = ()
) -> Occurrence | None:
    """The first occurrence at or after `from_at` (aware) that no link of the chain skips; None when there is none."""
    looked_at = 0
    resume_at: datetime | None = from_at
    while resume_at is not None:
        search_at, resume_at = resume_at, None
        for occurrence in occurrences(schedule, zone, search_at):
            skip = first_skip(occurrence, suppressions)
            if skip is None:
                return occurrence
            looked_at += 1
            if looked_at >= SEARCH_LIMIT:
                return None
            if skip.until is not None and skip.until > occurrence.at:
                resume_at = skip.until
                break
    return None


def occurrence_at(schedule: Schedule, zone: ZoneInfo, at: datetime) -> Occurrence | None:
    """The occurrence at exactly this instant, whether or not it will ring; None when the schedule has none there."""
    found = next(occurrences(schedule, zone, at), None)
    return found if found and found.at == at else None


def _wall_times(schedule: Schedule, zone: ZoneInfo, first: datetime) -> Iterator[datetime]:
    """The schedule's wall times from `first` on, ascending, each once: the rule's, plus rdates, minus exdates."""
    walls: Iterable[datetime] = _rule_wall_times(schedule, zone, first)
    if schedule.rdates:
        walls = heapq.merge(walls, sorted(wall for wall in schedule.rdates if wall >= first))
    excluded = frozenset(schedule.exdates)
    previous: datetime | None = None
    for wall in walls:
        if wall != previous and wall not in excluded:
            yield wall
        previous = wall


def _rule_wall_times(schedule: Schedule, zone: ZoneInfo, first: datetime) -> Iterator[datetime]:
    rule = schedule.rule
    if rule is None:
        return iter((schedule.start,) if schedule.start >= first else ())
    walls = Expansion(rule, schedule.start).wall_times(first)
    until_at = rule.until_at
    if until_at is None:
        return walls
    # Not "until the first one that is later": a gap may put a later wall time on an earlier instant.
    return (wall for wall in walls if local_to_instant(wall, zone) <= until_at)

"""Next, preview, the chain, identity, and the bounds on what a question may cost."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartalarm.alarms.occurrence import Occurrence, OccurrenceId, occurrence_id, parse_occurrence_id
from smartalarm.alarms.occurrences import SEARCH_LIMIT, next_occurrence, occurrence_at, occurrences
from smartalarm.alarms.preview import PreviewItem, preview
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.suppressions import Disabled, Skip, SkippedDates, Suppression, first_skip
from smartalarm.alarms.zones import zone

MADRID = zone("Europe/Madrid")
ALARM = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f"
WEEKDAYS = Schedule.model_validate({"start": "2026-12-01T07:00:00", "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"})
EVERY_MINUTE = f"FREQ=DAILY;BYHOUR={','.join(str(n) for n in range(24))};BYMINUTE={','.join(str(n) for n in range(60))}"


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def wall(text: str) -> datetime:
    """A wall time, naive."""
    return datetime.fromisoformat(text)


def schedule(start: str, rrule: str | None = None, **dates: list[str]) -> Schedule:
    """A schedule in short."""
    return Schedule.model_validate({"start": start, "rrule": rrule, **dates})


# ------------------------------------------------------------------------------------------------ next


def test_next_is_inclusive_to_the_second() -> None:
    """On the instant it is due; a microsecond later the next one is."""
    due_at = at("2026-12-01T06:00:00Z")
    expected = Occurrence(at=due_at, local=due_at.astimezone(MADRID), wall=wall("2026-12-01T07:00:00"))
    assert expected == next_occurrence(WEEKDAYS, MADRID, due_at)
    later = next_occurrence(WEEKDAYS, MADRID, due_at + timedelta(microseconds=1))
    assert later is not None
    assert at("2026-12-02T06:00:00Z") == later.at


def test_a_moved_occurrence_tells_both_its_wall_time_and_its_local_time() -> None:
    """02:30 in the gap is due at 03:30."""
    found = next_occurrence(schedule("2027-03-28T02:30:00"), MADRID, at("2027-03-01T00:00:00Z"))
    assert found is not None
    assert (wall("2027-03-28T02:30:00"), "2027-03-28T03:30:00+02:00") == (found.wall, found.local.isoformat())


def test_of_two_wall_times_on_one_instant_the_one_on_the_clock_stays() -> None:
    """Whichever order they come in."""
    both = schedule("2027-03-28T02:30:00", None, rdates=["2027-03-28T03:30:00"])
    assert [wall("2027-03-28T03:30:00")] == [found.wall for found in occurrences(both, MADRID, at("2027-01-01T00:00:00Z"))]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "1960-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00"])
def test_any_moment_may_be_asked_from(moment: str) -> None:
    """Before the first year and after the last one."""
    from_at = datetime.fromisoformat(moment)
    found = next_occurrence(schedule("1970-01-01T00:00:00", "FREQ=DAILY"), zone("Pacific/Kiritimati"), from_at)
    assert (at("1970-01-01T10:40:00Z") if from_at.year < 1970 else None) == (found and found.at)


def test_the_last_second_of_the_last_year_still_rings_in_the_westmost_zone() -> None:
    """The horizon is wall time."""
    last = schedule("2200-12-31T23:59:59", "FREQ=DAILY")
    found = occurrences(last, zone("Etc/GMT+12"), at("2200-01-01T00:00:00Z"))
    expected = ["2200-12-31T23:59:59-12:00"]
    assert expected == [each.local.isoformat() for each in found]


def test_an_occurrence_can_be_looked_up_by_its_instant_alone() -> None:
    """None a second beside it."""
    found = occurrence_at(WEEKDAYS, MADRID, at("2026-12-01T06:00:00Z"))
    assert found is not None
    assert wall("2026-12-01T07:00:00") == found.wall
    assert occurrence_at(WEEKDAYS, MADRID, at("2026-12-01T06:00:01Z")) is None
    assert occurrence_at(WEEKDAYS, MADRID, at("2026-12-05T06:00:00Z")) is None
    assert occurrence_at(schedule("2026-12-01T07:00:00"), MADRID, at("2026-12-02T06:00:00Z")) is None


# ------------------------------------------------------------------------------------------------ the chain


class Holidays:
    """A later link of the chain, as one could be written: whole local days are off."""

    def __init__(self, *days: str) -> None:
        self._days = set(days)

    def __call__(self, occurrence: Occurrence, /) -> Skip | None:
        """Skips the rest of such a day."""
        if f"{occurrence.local:%Y-%m-%d}" not in self._days:
            return None
        ends = (occurrence.local + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        return Skip("Public holiday.", until=ends.astimezone(UTC))


def test_a_preview_shows_what_rings_and_what_is_skipped_with_the_reason() -> None:
    """In the API's shape."""
    chain = (SkippedDates(frozenset({wall("2026-12-02T07:00:00")})), Holidays("2026-12-03"))
    items = preview(ALARM, WEEKDAYS, MADRID, at("2026-12-01T00:00:00Z"), 4, chain)

    def item(day: int, status: str, reason: str | None) -> dict[str, Any]:
        return {
            "id": f"{ALARM}:202612{day:02}T060000Z",
            "at": f"2026-12-{day:02}T06:00:00.000Z",
            "local": f"2026-12-{day:02}T07:00:00+01:00",
            "status": status,
            "reason": reason,
        }

    expected = [
        item(1, "will_ring", None),
        item(2, "skipped", "You skipped this one."),
        item(3, "skipped", "Public holiday."),
        item(4, "will_ring", None),
    ]
    assert expected == [found.model_dump(mode="json") for found in items]


def test_the_first_link_that_skips_gives_the_reason() -> None:
    """Disabled comes before everything."""
    found = next_occurrence(WEEKDAYS, MADRID, at("2026-12-02T00:00:00Z"))
    assert found is not None
    chain: tuple[Suppression, ...] = (Disabled(), SkippedDates(frozenset({found.wall})))
    skips = [first_skip(found, links) for links in (chain, chain[1:], ())]
    expected = ["The alarm is off.", "You skipped this one.", None]
    assert expected == [skip and skip.reason for skip in skips]


def test_next_looks_past_what_is_skipped() -> None:
    """One by one, by whole days, and never again."""
    from_at = at("2026-12-01T00:00:00Z")
    skipped = SkippedDates(frozenset({wall("2026-12-01T07:00:00"), wall("2026-12-02T07:00:00")}))
    found = next_occurrence(WEEKDAYS, MADRID, from_at, (skipped, Holidays("2026-12-03", "2026-12-04")))
    assert found is not None
    assert wall("2026-12-07T07:00:00") == found.wall
    assert next_occurrence(WEEKDAYS, MADRID, from_at, (Disabled(),)) is None


def test_a_skip_follows_its_wall_time_into_another_zone() -> None:
    """Skipped at home, still skipped after the flight."""
    skipped = SkippedDates(frozenset({wall("2026-12-01T07:00:00")}))
    for name in ("Europe/Madrid", "Asia/Tokyo"):
        (item,) = preview(ALARM, WEEKDAYS, zone(name), at("2026-11-30T12:00:00Z"), 1, (skipped,))
        assert item.status == "skipped"


def test_a_link_that_skips_everything_one_by_one_is_given_up_on() -> None:
    """The search is bounded whatever a link does."""
    asked = 0

    def never(_occurrence: Occurrence, /) -> Skip | None:
        nonlocal asked
        asked += 1
        return Skip("Never.")

    dense = schedule("2026-12-01T00:00:00", EVERY_MINUTE)
    assert next_occurrence(dense, MADRID, at("2026-12-01T00:00:00Z"), (never,)) is None
    assert asked == SEARCH_LIMIT


def test_a_link_that_knows_its_end_is_jumped_over() -> None:
    """Three months of an alarm that rings every minute: far more than a search looks at one by one."""
    ends_at = at("2027-03-01T00:00:00Z")

    def away(occurrence: Occurrence, /) -> Skip | None:
        return Skip("You are away.", until=ends_at) if occurrence.at < ends_at else None

    dense = schedule("2026-12-01T00:00:00", EVERY_MINUTE)
    found = next_occurrence(dense, MADRID, at("2026-12-01T00:00:00Z"), (away,))
    assert found is not None
    assert ends_at == found.at


def test_an_item_without_a_reason_will_ring() -> None:
    """The `next` of an alarm."""
    found = next_occurrence(WEEKDAYS, MADRID, at("2026-12-01T00:00:00Z"))
    assert found is not None
    item = PreviewItem.of(ALARM, found)
    assert (f"{ALARM}:20261201T060000Z", "will_ring", None) == (item.id, item.status, item.reason)


# ------------------------------------------------------------------------------------------------ identity


def test_an_id_reads_back() -> None:
    """Whatever zone the instant was given in."""
    instant = datetime(2026, 12, 1, 7, 0, 5, tzinfo=MADRID)
    text = occurrence_id(ALARM, instant)
    assert text == f"{ALARM}:20261201T060005Z"
    assert OccurrenceId(ALARM, instant) == parse_occurrence_id(text)
    assert parse_occurrence_id(text).at.tzinfo is UTC


@pytest.mark.parametrize("instant", [wall("2026-12-01T07:00:00"), datetime(2026, 12, 1, 7, 0, 0, 1, tzinfo=UTC)])
def test_an_id_needs_an_aware_instant_in_whole_seconds(instant: datetime) -> None:
    """Anything else would not read back."""
    with pytest.raises(ValueError, match="an occurrence is at an aware instant in whole seconds"):
        occurrence_id(ALARM, instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        ALARM,
        f"{ALARM}:",
        ":20261201T060000Z",
        f"{ALARM}:20261201T060000",
        f"{ALARM}:20261201T060000z",
        f"{ALARM}:20260230T060000Z",
        f"{ALARM}:20261201T240000Z",
        f"{ALARM}:20261201T060060Z",
        f"{ALARM}:00001201T060000Z",
        f"{ALARM}:2026-12-01T06:00:00Z",
        f"{ALARM}:20261201T060000+00:00",
        f"{ALARM}:20261201T060000Z\n",
        f" {ALARM}:20261201T060000Z",
        f"{ALARM}:20261201T060000Z:",
        f"{ALARM.upper()}:20261201T060000Z",
        f"{ALARM[:-1]}:20261201T060000Z",
        f"{ALARM}:\u0662\u0660261201T060000Z",
    ],
)
def test_an_id_is_read_strictly(text: str) -> None:
    """One occurrence has one spelling."""
    with pytest.raises(ValueError, match=r"^not an occurrence id$"):
        parse_occurrence_id(text)


# ------------------------------------------------------------------------------------------------ what it costs


def seconds_of(call: Callable[[], object]) -> float:
    """Processor seconds, the best of three: another process on the machine is not our matter."""

    def once() -> float:
        began = time.process_time()
        call()
        return time.process_time() - began

    return min(once() for _ in range(3))


NEVER = [
    *(f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30" for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    *(f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30;COUNT=9" for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    *(f"FREQ={frequency};INTERVAL=999;BYMONTH=2;BYMONTHDAY=30" for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    *(f"FREQ={frequency};BYDAY=MO,TU,WE;BYSETPOS=366" for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=4,5,6,7;COUNT=9",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA;BYHOUR=1,2,3,4;BYMINUTE=1,2;BYSETPOS=" + ",".join(str(n) for n in range(49, 160)),
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYSETPOS=2",
]


@pytest.mark.parametrize("rrule", NEVER)
def test_a_rule_that_can_never_fire_ends_quickly_with_none(rrule: str) -> None:
    """From the first year of all: 231 years to look through."""
    never = schedule("1970-01-05T07:00:00", rrule)
    from_at = at("1970-01-05T00:00:00Z")
    assert next_occurrence(never, MADRID, from_at) is None
    assert seconds_of(lambda: next_occurrence(never, MADRID, from_at)) < 0.05


@pytest.mark.parametrize(
    ("start", "rrule", "expected"),
    [
        ("2001-03-01T07:00:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2004-02-29"),
        ("2005-03-01T07:00:00", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2032-02-29"),
        ("2073-03-01T07:00:00", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2112-02-29"),
        ("1970-01-01T07:00:00", "FREQ=DAILY;INTERVAL=99;BYMONTH=2;BYMONTHDAY=29", "1988-02-29"),
        ("1970-01-01T07:00:00", "FREQ=DAILY;INTERVAL=999;BYMONTH=5", "1986-05-31"),
        ("1970-01-01T07:00:00", "FREQ=WEEKLY;INTERVAL=999", "1989-02-23"),
        ("1970-01-01T07:00:00", "FREQ=MONTHLY;INTERVAL=999;BYMONTH=7", "2136-07-01"),
        ("1970-01-01T07:00:00", "FREQ=YEARLY;INTERVAL=230", "2200-01-01"),
        ("2000-01-01T07:00:00", "FREQ=YEARLY;BYDAY=53SA;BYMONTHDAY=31", "2005-12-31"),
    ],
)
def test_a_rare_rule_is_found(start: str, rrule: str, expected: str) -> None:
    """Asked the day after the start, up to two centuries ahead."""
    found = next_occurrence(schedule(start, rrule), MADRID, at(start) + timedelta(days=1))
    assert expected == (found and f"{found.local:%Y-%m-%d}")


@pytest.mark.parametrize(
    "rrule",
    [
        EVERY_MINUTE,
        f"{EVERY_MINUTE};COUNT=999999999",
        f"{EVERY_MINUTE};UNTIL=22001231T000000Z",
        EVERY_MINUTE.replace("DAILY", "WEEKLY"),
        EVERY_MINUTE.replace("DAILY", "MONTHLY") + ";BYDAY=MO,2TU,-1FR;COUNT=999999999",
        EVERY_MINUTE.replace("DAILY", "YEARLY")
        + ";BYMONTHDAY=1,2,3,-1,-2;BYSETPOS="
        + ",".join(str(n) for n in range(-40, -1)),
        EVERY_MINUTE.replace("DAILY", "WEEKLY")
        + ";BYMONTH=1,2,3;BYSETPOS="
        + ",".join(str(n) for n in range(300, 340))
        + ";COUNT=99999",
        EVERY_MINUTE.replace("DAILY", "MONTHLY") + ";BYMONTH=3;BYSETPOS=366,-366;COUNT=999999999",
        "FREQ=YEARLY;BYDAY=" + ",".join(f"{n}{day}" for n in range(1, 53) for day in ("MO", "FR"))[:460].rpartition(",")[0],
        "FREQ=DAILY",
    ],
)
def test_the_worst_alarm_is_answered_within_a_tenth_of_a_second(rrule: str) -> None:
    """500 exdates over the coming 500 days, 500 rdates, 57 years after the start: 100 items."""
    days = [(wall("2026-12-01T07:00:00") + timedelta(days=n)).isoformat() for n in range(500)]
    worst = schedule("1970-01-01T07:00:00", rrule, exdates=days, rdates=[*days[:250], *("2199-01-01T00:00:00",) * 250])
    from_at = at("2026-12-01T00:00:00Z")
    assert preview(ALARM, worst, MADRID, from_at, 100)
    assert seconds_of(lambda: preview(ALARM, worst, MADRID, from_at, 100)) < 0.1


def calls_of(call: Callable[[], object]) -> int:
    """How many Python functions run: a measure of work that no busy machine disturbs."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;BYDAY=MO,TH",
        "FREQ=DAILY;BYMONTH=11,12",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "FREQ=YEARLY",
        "FREQ=DAILY;COUNT=99999",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU;COUNT=99999",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=99999",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=-1;COUNT=99999",
    ],
)
def test_an_alarm_started_decades_ago_costs_no_more_than_one_started_today(rrule: str) -> None:
    """The same question to both, in function calls."""
    from_at = at("2026-12-10T00:00:00Z")
    asked = [schedule(start, rrule) for start in ("2026-12-01T07:00:00", "1972-12-05T07:00:00")]
    today, decades = (calls_of(lambda each=each: next_occurrence(each, MADRID, from_at)) for each in asked)  # type: ignore[misc]
    assert decades <= 1.3 * today

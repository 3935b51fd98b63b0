"""Rules are read part by part, and what is wrong is said in words. Each refused part is in the vectors as well."""

from datetime import UTC, datetime

import pytest

from smartalarm.alarms.rule import Rule, RuleError, parse_rule


def test_every_part_is_read() -> None:
    """Lists sorted and without doubles, days as weekday and number."""
    text = "BYMINUTE=45,15;BYHOUR=7,07,6;BYSETPOS=-1,2;BYMONTH=12,1;BYMONTHDAY=-1,+15;BYDAY=FR,-2MO,MO;WKST=SU;COUNT=9"
    expected = Rule(
        text=f"{text};FREQ=MONTHLY",
        frequency="MONTHLY",
        count=9,
        week_start=6,
        weekdays=(0, 4),
        ordinal_weekdays=((0, -2),),
        month_days=(-1, 15),
        months=(1, 12),
        positions=(-1, 2),
        hours=(6, 7),
        minutes=(15, 45),
    )
    assert expected == parse_rule(f"{text};FREQ=MONTHLY")


def test_case_does_not_matter_and_becomes_upper() -> None:
    """RFC 5545 is case-insensitive here."""
    assert parse_rule("freq=weekly;byday=mo").text == "FREQ=WEEKLY;BYDAY=MO"


@pytest.mark.parametrize(
    ("until", "local", "instant"),
    [
        ("20260131T235959", datetime.fromisoformat("2026-01-31T23:59:59"), None),
        ("20260131T235959Z", None, datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ("20260131", datetime.fromisoformat("2026-01-31T23:59:59"), None),
        ("99991231T235959Z", None, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_until_is_wall_time_an_instant_or_a_whole_day(until: str, local: datetime | None, instant: datetime | None) -> None:
    """Without Z, with Z, and as a bare date."""
    rule = parse_rule(f"FREQ=DAILY;UNTIL={until}")
    assert (local, instant) == (rule.until_local, rule.until_at)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FREQ=HOURLY", "rrule: FREQ=HOURLY is not supported; an alarm repeats daily at most, with BYHOUR and BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=0", "rrule: BYSECOND is not supported"),
        ("FREQ=YEARLY;BYWEEKNO=1", "rrule: BYWEEKNO is not supported"),
        ("FREQ=DAILY;FREQ=DAILY", "rrule: FREQ is given twice"),
        ("INTERVAL=1", "rrule: FREQ is missing"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260101", "rrule: COUNT and UNTIL cannot be combined"),
        ("FREQ=DAILY;INTERVAL=1000", "rrule: INTERVAL must be a whole number from 1 to 999"),
        ("FREQ=WEEKLY;BYDAY=1MO", "rrule: BYDAY may have a number only with FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "rrule: BYMONTHDAY must be whole numbers from 1 to 31 or from -31 to -1"),
        ("FREQ=MONTHLY;BYSETPOS=1", "rrule: BYSETPOS needs another BY part"),
        (
            "FREQ=DAILY;UNTIL=20260230",
            "rrule: UNTIL must be a real time such as 20261231T235959, 20261231T225959Z or 20261231",
        ),
        ("RRULE:FREQ=DAILY", 'rrule: must be the value alone, without "RRULE:"'),
        ("FREQ=DAILY;;INTERVAL=2", "rrule: every part must look like NAME=VALUE, with one semicolon between two"),
    ],
)
def test_an_error_names_the_part_in_plain_words(text: str, message: str) -> None:
    """What a person reads under the field."""
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert message == str(caught.value)


@pytest.mark.parametrize(
    "text", ["<script>=1;FREQ=DAILY", "FREQ=DAILY;\0=1", "FREQ=DAILY;" + "A" * 400 + "=1", "\u202eFREQ=DAILY"]
)
def test_an_error_repeats_nothing_but_short_plain_letters_of_the_text(text: str) -> None:
    """Error texts end up in pages, logs and terminals."""
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert len(str(caught.value)) < 100
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()
    assert "<" not in str(caught.value)


def test_500_characters_are_the_limit() -> None:
    """Exactly 500 pass."""
    head = "FREQ=YEARLY;BYMONTHDAY="
    text = head + ",".join(["1"] * 300)[: 500 - len(head)]
    assert len(parse_rule(text).text) == 500
    with pytest.raises(RuleError, match="at most 500 characters"):
        parse_rule(f"{text}1")

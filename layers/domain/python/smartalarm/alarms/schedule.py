"""What a person sets: an alarm's wall times as iCalendar (RFC 5545) in JSON."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from smartalarm.alarms.rule import MAX_RULE_CHARACTERS, Rule, parse_rule

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200
MAX_DATES: Final = 500


def _read_wall_time(value: Any) -> datetime:
    """Exactly YYYY-MM-DDTHH:MM:SS; a datetime is taken as it is, for schedules built in code."""
    try:
        wall = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        wall = None
    # fromisoformat reads more spellings than ours (offsets, fractions, week dates); only ours reads back the same.
    if wall is None or wall.tzinfo is not None or wall.microsecond or (isinstance(value, str) and wall.isoformat() != value):
        raise ValueError('must be a local time such as "2026-12-01T07:00:00", without zone or fraction')
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return wall


WallTime = Annotated[
    datetime,
    BeforeValidator(_read_wall_time),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(19[789]\d|2[01]\d\d|2200)-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$",
            "description": "A local time, without zone: the alarm's time zone gives it its instant.",
            "examples": ["2026-12-01T07:00:00"],
        }
    ),
]
"""A naive datetime in whole seconds, in JSON "YYYY-MM-DDTHH:MM:SS"."""

RuleText = Annotated[
    str,
    Field(max_length=MAX_RULE_CHARACTERS, examples=["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"]),
    AfterValidator(lambda text: parse_rule(text).text),
]
"""An RRULE value that `parse_rule` accepts, in upper case."""


class Schedule(BaseModel):
    """Wall times: what `rrule` generates from `start`, plus `rdates`, minus `exdates`. Without `rrule`, `start` once.

    `start` counts only if the rule generates it; COUNT counts what the rule generates, before `exdates` are taken away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: WallTime
    rrule: RuleText | None = None
    exdates: tuple[WallTime, ...] = Field(default=(), max_length=MAX_DATES)
    rdates: tuple[WallTime, ...] = Field(default=(), max_length=MAX_DATES)

    @property
    def rule(self) -> Rule | None:
        """The parsed `rrule`, None for a one-off."""
        return None if self.rrule is None else parse_rule(self.rrule)

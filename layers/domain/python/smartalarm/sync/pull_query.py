"""What a pull asks beside its cursor."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from smartalarm.alarms.zones import ZONE_NAMES
from smartalarm.paging import InDigits

MOST_ZONES: Final = 5

PullLimit = Annotated[int, Field(ge=1, le=200, description="How many changes at most."), InDigits]


def _only_zones(text: str) -> str:
    names = text.split(",") if text else []
    if len(names) > MOST_ZONES:
        raise ValueError(f"Ask for at most {MOST_ZONES} zones at once.")
    if not ZONE_NAMES.issuperset(names):
        raise ValueError("This is not an IANA time zone name.")
    return text


AskedZones = Annotated[
    str,
    Field(
        max_length=300,
        description="Up to five more time zones, separated by commas, whose tables shall come along.",
        examples=["Asia/Tokyo,America/New_York"],
    ),
    AfterValidator(_only_zones),
]

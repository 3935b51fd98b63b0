"""Time zones from the pinned `tzdata` package alone, and how a wall time becomes an instant.

Importing this module takes the system's zone files out of reach for the whole process: two machines with different
system data must never disagree about when an alarm rings. Every other time module imports this one.
"""

import importlib
import zoneinfo
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, WithJsonSchema

zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()  # a zone that somebody loaded earlier may have come from the system's files

TZDATA_VERSION: Final[str] = importlib.import_module("tzdata").IANA_VERSION
"""The IANA release in use, such as "2026f"."""

# "Factory" is IANA's name for "nobody set a zone yet"; the other two are files of installed systems.
_NOT_PLACES: Final = frozenset({"Factory", "localtime", "posixrules"})

ZONE_NAMES: Final = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - _NOT_PLACES
"""Every name that `zone` accepts, the backward links (US/Eastern) included."""


@lru_cache(maxsize=len(ZONE_NAMES))
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, exactly as IANA spells it. Raises ValueError for anything else."""
    if name not in ZONE_NAMES:
        raise ValueError("not an IANA time zone name")
    return ZoneInfo(name)


def local_to_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The aware UTC instant of a naive wall time (RFC 5545, 3.3.5; Temporal's "compatible").

    A wall time inside a gap moves later by the length of the gap; of the two instants of an overlap the earlier is given.
    Raises ValueError for an aware `wall`.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    # PEP 495: fold=0 takes the offset before the change, in a gap as in an overlap, and that is the contract.
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _known(name: str) -> str:
    zone(name)
    return name


ZoneName = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "description": "An IANA time zone name.", "examples": ["Europe/Madrid"]}),
]
"""A string that `zone` accepts."""

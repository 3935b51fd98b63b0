"""Zones that a user left within the last two days: devices may still hold coming occurrences worked out in them. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.instants import instant_to_text, text_to_instant
from smartalarm.ports import JsonObject

TOLD_AHEAD: Final = timedelta(hours=49)
"""Devices know what is due within 48 hours, rounded up to the full hour."""
FORMER_ZONES: Final = "former_zones"
"""The key in the profile's document: [[zone name, the instant at which it was left], ...], the latest last."""
MOST: Final = 40


def former_zones(profile: JsonObject, now: datetime) -> tuple[str, ...]:
    """Their names; none is the current one."""
    return tuple(name for name, _ in _kept(profile, now) if name != profile.get("time_zone"))


def with_former_zone(profile: JsonObject, now: datetime) -> Sequence[Any]:
    """What the profile keeps when its zone, as it is in `profile`, is left now."""
    left = profile["time_zone"]
    others = [entry for entry in _kept(profile, now) if entry[0] != left]
    return [*others, [left, instant_to_text(now)]][-MOST:]


def _kept(profile: JsonObject, now: datetime) -> list[Any]:
    return [entry for entry in profile.get(FORMER_ZONES, []) if text_to_instant(entry[1]) > now - TOLD_AHEAD]

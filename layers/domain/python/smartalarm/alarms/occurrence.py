"""One time at which an alarm is due, and its identity: the same text on every device and on the server."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from smartalarm.instants import instant_to_compact

_ID: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{8}T(?:[01][0-9]|2[0-3])[0-9]{4}Z)")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`at`: the aware UTC instant. `local`: the same in the alarm's zone. `wall`: the naive time that the schedule names.

    `wall` differs from `local` only inside a gap: 02:30 that the clocks skip is due at 03:30.
    """

    at: datetime
    local: datetime
    wall: datetime


class OccurrenceId(NamedTuple):
    """The two halves of an occurrence's id."""

    alarm_id: str
    at: datetime


def occurrence_id(alarm_id: str, at: datetime) -> str:
    """`<alarm id>:<YYYYMMDDTHHMMSSZ>`. Raises ValueError unless `at` is aware and in whole seconds."""
    if at.tzinfo is None or at.microsecond:
        raise ValueError("an occurrence is at an aware instant in whole seconds")
    return f"{alarm_id}:{instant_to_compact(at)}"


def parse_occurrence_id(text: str) -> OccurrenceId:
    """The reverse. Raises ValueError for any text that `occurrence_id` does not make of an alarm's UUID in lower case."""
    found = _ID.fullmatch(text)
    if found is None:
        raise ValueError("not an occurrence id")
    try:
        return OccurrenceId(found[1], datetime.fromisoformat(found[2]))
    except ValueError:  # such as 30 February
        raise ValueError("not an occurrence id") from None

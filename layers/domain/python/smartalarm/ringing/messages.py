"""The body of a ring message: timers as compact JSON, one row each, so that 25 of them take a few kilobytes.

    {"v":1,"attempt":1,"timers":[[id, user, due_at, purpose, subject, revision, set_at], ...]}

Instants are microseconds since 1970 UTC. `handed_at` does not travel: it is the store's own.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from smartalarm.errors import Malformed
from smartalarm.ports import Timer

VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROW = (str, str, int, str, str, int, int)


def timers_to_body(timers: Sequence[Timer], attempt: int = 1) -> str:
    """The body that carries them as their `attempt`-th try."""
    body = {"v": VERSION, "attempt": attempt, "timers": [_timer_to_row(timer) for timer in timers]}
    return json.dumps(body, separators=(",", ":"))  # escaped to ASCII: SQS refuses some characters that JSON allows


def body_to_timers(text: str) -> tuple[list[Timer], int]:
    """The timers and the attempt. Raises Malformed for a body that `timers_to_body` did not write."""
    try:
        body = json.loads(text)
        if body["v"] != VERSION:
            raise Malformed(f"A ring message of version {body['v']!r}, not {VERSION}", code="ring_message")
        attempt = body["attempt"]
        if type(attempt) is not int or attempt < 1 or not isinstance(body["timers"], list):
            raise Malformed("A ring message without attempt or timers", code="ring_message")
        return [_row_to_timer(row) for row in body["timers"]], attempt
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed(f"A ring message that cannot be read ({type(error).__name__})", code="ring_message") from error


def _timer_to_row(timer: Timer) -> list[str | int]:
    due_at, set_at = ((at - _EPOCH) // _MICROSECOND for at in (timer.due_at, timer.set_at))
    return [timer.id, timer.user, due_at, timer.purpose, timer.subject, timer.revision, set_at]


def _row_to_timer(row: Any) -> Timer:
    if not isinstance(row, list) or tuple(map(type, row)) != _ROW:
        raise Malformed("A ring message with a row that is no timer", code="ring_message")
    timer_id, user, due_at, purpose, subject, revision, set_at = row
    return Timer(timer_id, user, _instant(due_at), purpose, subject, revision, _instant(set_at))


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)

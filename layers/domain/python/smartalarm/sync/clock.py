"""Hybrid logical clocks: what every synced field carries, as text that sorts by time.

`<unix ms, 13 digits>-<counter, 4 hex>-<client id>`. Clocks are compared as text: all parts but the last have one width, so
the text's order is (ms, counter, client id). A field without a clock (a default) is older than any clock.
Source: Kulkarni et al., "Logical Physical Clocks" (2014), with the writer's name appended to make every tick unique.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Self

from pydantic import StringConstraints

AHEAD_ALLOWED: Final = timedelta(minutes=5)
"""How far a client's clock may be ahead of the server's before it is clamped."""

KEPT_FOR: Final = timedelta(days=90)
"""The age at which a clock is expired; tombstones, incomplete entities and recorded outcomes are kept as long."""

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""What a client calls itself, for good: the last part of its clocks."""

_SHAPE: Final = re.compile(r"([0-9]{13})-([0-9a-f]{4})-([A-Za-z0-9_-]{1,64})")
_CLIENT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LAST_MS: Final = 9_999_999_999_999
_LAST_COUNTER: Final = 0xFFFF
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A clock taken apart. Raises ValueError when it could not be written as one (the milliseconds end in 2286)."""

    ms: int
    counter: int
    client_id: str

    def __post_init__(self) -> None:
        if not 0 <= self.ms <= _LAST_MS or not 0 <= self.counter <= _LAST_COUNTER or not _CLIENT.fullmatch(self.client_id):
            raise ValueError(
                "A clock has 13 digits of milliseconds, a counter up to ffff and a client id of 1 to 64 characters."
            )

    def __str__(self) -> str:
        return f"{self.ms:013}-{self.counter:04x}-{self.client_id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of a clock's text. Raises ValueError for any other text: there is one way to write a clock."""
        if not (found := _SHAPE.fullmatch(text)):
            raise ValueError("A clock is written like 1796000000000-0000-phone.")
        return cls(int(found[1]), int(found[2], 16), found[3])


def unix_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970 of an aware instant, cut and not rounded."""
    return (instant - _EPOCH) // _MILLISECOND


def greatest(clocks: Iterable[str | None]) -> str | None:
    """The latest of the clocks, None when there is none."""
    return max((clock for clock in clocks if clock is not None), default=None)


def tick(client_id: str, *, now: datetime, seen: str | None) -> str:
    """The next clock of `client_id`: at `now`, or right after the greatest clock it has `seen` if that is not earlier.

    A counter that overflows goes on in the next millisecond. Raises ValueError past the last clock there is.
    """
    ms = unix_ms(now)
    if seen is None or (last := Stamp.parse(seen)).ms < ms:
        return str(Stamp(ms, 0, client_id))
    if last.counter < _LAST_COUNTER:
        return str(Stamp(last.ms, last.counter + 1, client_id))
    return str(Stamp(last.ms + 1, 0, client_id))


def is_ahead(clock: str, *, now: datetime) -> bool:
    """Whether the clock is more than five minutes ahead of the server, so that it must be clamped."""
    return Stamp.parse(clock).ms > unix_ms(now + AHEAD_ALLOWED)


def is_expired(clock: str, *, now: datetime) -> bool:
    """Whether the clock is older than 90 days: what it would have met may be gone by now, so its write is refused."""
    return Stamp.parse(clock).ms < unix_ms(now - KEPT_FOR)


def clamp_all(clocks: Sequence[str], *, now: datetime, seen: str | None) -> tuple[str, ...]:
    """The clocks of one push, those too far ahead set to the server's next ticks, each still in its client's name.

    `seen`: the greatest clock of the documents the push writes to. Ticks are given in the clocks' own order, after all
    that is `seen` and all in the push that may stay, and equal clocks stay equal: so whatever one client wrote in an
    order keeps that order, however the push is arranged. What is recorded is never clamped again.
    """
    ahead = {clock for clock in clocks if is_ahead(clock, now=now)}
    latest = greatest([seen, *(clock for clock in clocks if clock not in ahead)])
    clamped: dict[str, str] = {}
    for clock in sorted(ahead):
        clamped[clock] = latest = tick(Stamp.parse(clock).client_id, now=now, seen=latest)
    return tuple(clamped.get(clock, clock) for clock in clocks)

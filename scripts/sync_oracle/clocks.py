"""Clocks by brute force: a clock is one number, and a tick the next number that is free."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from scripts.sync_oracle.values import units

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


class Tick(NamedTuple):
    """A clock: its place in time as one number (65,536 to the millisecond), and whose it is."""

    number: int
    client: str

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.number >> 16:013d}-{self.number & 0xFFFF:04x}-{self.client}"


def read_tick(text: str) -> Tick | None:
    """The clock of a text, part by part; None when it is none."""
    ms, counter, client = text[:13], text[14:18], text[19:]
    fits = (
        (len(ms), len(counter), text[13:14], text[18:19]) == (13, 4, "-", "-")
        and set(ms) <= set("0123456789")
        and set(counter) <= set("0123456789abcdef")
        and re.fullmatch(r"[A-Za-z0-9_-]+", client) is not None
        and len(client) <= 64  # noqa: PLR2004
        and "\n" not in client
    )
    return Tick((int(ms) << 16) + int(counter, 16), client) if fits else None


def known_tick(text: str) -> Tick:
    """The clock of a text that is one."""
    found = read_tick(text)
    assert found is not None, text  # noqa: S101
    return found


def ms_of(instant: str) -> int:
    """Unix milliseconds of an instant on the wire."""
    moment = datetime.fromisoformat(instant)
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000


def next_tick(client: str, now_ms: int, seen: int | None) -> Tick:
    """The first clock at or after now that is later than all that was seen."""
    return Tick(max(now_ms << 16, 0 if seen is None else seen + 1), client)


def recorded(now_ms: int, seen: int | None, sent: Sequence[Tick]) -> list[Tick]:
    """The clocks as they are kept: those more than five minutes ahead move, in their order, behind everything else."""
    limit = now_ms + 5 * MINUTE_MS
    ahead = sorted({tick for tick in sent if tick.number >> 16 > limit}, key=lambda tick: (tick.number, units(tick.client)))
    taken = [number for number in [seen] if number is not None] + [tick.number for tick in sent if tick not in ahead]
    moved = {}
    for tick in ahead:
        moved[tick] = next_tick(tick.client, now_ms, max(taken, default=None))
        taken.append(moved[tick].number)
    return [moved.get(tick, tick) for tick in sent]

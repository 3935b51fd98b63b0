"""Writes that lost a race, tried again: with a pause of random length, so that many writers of one thing all get through."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from smartalarm.errors import Conflict, Unavailable
from smartalarm.ports import Clock, Entropy

MAX_TURNS: Final = 10
PAUSE: Final = timedelta(milliseconds=20)


class Turns:
    """for _ in turns: read, decide, commit, return; `continue` where the race was lost. After the last: `raise busy()`."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy

    def __iter__(self) -> Iterator[int]:
        """The number of each turn, from 0."""
        for turn in range(MAX_TURNS):
            if turn:
                self._clock.wait_until(self._clock.now() + PAUSE * turn * self._entropy.fraction())
            yield turn


def busy() -> Conflict:
    """What a caller hears who had no luck in any turn."""
    return Conflict("Too many changes at once. Try again.", code="busy")


def try_later() -> Unavailable:
    """The same for a device that sends by itself: it keeps what it has and comes again."""
    return Unavailable("Too many changes at once. Send it again.", code="busy")

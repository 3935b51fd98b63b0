"""What goes wrong, drawn from the seed: weather for every minute of the week, and a log of every fault with whom it hit.

The log is what the checks forgive by: a ring may be late only as far as a logged fault explains it.
"""

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from tests.simulation.timeline import Timeline

Failure = Literal["error", "error_after", "conflict_after", "death", "death_after", "slow", "lag"]


@dataclass(frozen=True)
class Weather:
    """How likely each fault is: per call, per message or per push. `lag` is a slow call too short to be a fault."""

    name: str = "calm"
    error: float = 0.0
    error_after: float = 0.0
    conflict_after: float = 0.0
    slow: float = 0.0
    lag: float = 0.0
    death: float = 0.0
    race: float = 0.0
    lost_message: float = 0.0
    doubled_message: float = 0.0
    late_message: float = 0.0
    push_retry: float = 0.0
    push_refused: float = 0.0
    push_lost: float = 0.0
    push_slow: float = 0.0
    scheduler_stops: bool = False


CALM: Final = Weather(race=0.002, lag=0.002)
BREEZE: Final = Weather("breeze", 0.004, 0.003, 0.002, 0.003, 0.03, 0.002, 0.01, 0.01, 0.05, 0.01, 0.01, 0.01, 0.01, 0.02)
STORMS: Final = (
    Weather("store refuses", error=0.3),
    Weather("store loses its answers", error_after=0.15, conflict_after=0.1),
    Weather("store is slow", slow=0.15, lag=0.4),
    Weather("store is away", error=1.0),
    Weather("processes die", death=0.03),
    Weather("messages get lost", lost_message=0.4, doubled_message=0.2),
    Weather("messages come late and twice", late_message=0.4, doubled_message=0.5),
    Weather("push services fail", push_retry=0.4, push_refused=0.1, push_lost=0.1, push_slow=0.2),
    Weather("everybody at once", lag=0.3, race=0.2, doubled_message=0.3),
    Weather("the scheduler stops", scheduler_stops=True),
    Weather("all together", 0.03, 0.03, 0.02, 0.03, 0.1, 0.01, 0.05, 0.1, 0.2, 0.1, 0.1, 0.05, 0.05, 0.1),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and until when it lasted."""

    at: datetime
    until: datetime
    kind: str


class Log:
    """Faults by when they began, and with each the latest end of all up to it."""

    def __init__(self) -> None:
        self._begun: list[datetime] = []
        self._ended: list[datetime] = []

    def add(self, fault: Fault) -> None:
        """Note one; it may begin a little later than the next one noted."""
        index = bisect_right(self._begun, fault.at)
        self._begun.insert(index, fault.at)
        self._ended.insert(index, max(fault.until, self._ended[index - 1]) if index else fault.until)
        for later in range(index + 1, len(self._ended)):
            self._ended[later] = max(self._ended[later], fault.until)

    def last_until(self, up_to: datetime) -> datetime | None:
        """The latest end of those that began by then."""
        index = bisect_right(self._begun, up_to)
        return self._ended[index - 1] if index else None


class Faults:
    """Draws faults and remembers them."""

    def __init__(self, rng: random.Random, timeline: Timeline, start: datetime, calm_from: datetime) -> None:
        self._rng = rng
        self._timeline = timeline
        self.counts: Counter[str] = Counter()
        self.of_everybody = Log()
        self.of_user: dict[str, Log] = {}
        self._forecast = _forecast(rng, start, calm_from)
        self._starts = [at for at, _ in self._forecast]
        self._stops = [
            (at, self._forecast[i + 1][0]) for i, (at, weather) in enumerate(self._forecast) if weather.scheduler_stops
        ]
        self._change_at = start
        self._weather = CALM
        self._can_fail = True

    @property
    def weather(self) -> Weather:
        """How it is now."""
        now = self._timeline.now
        if now >= self._change_at:
            index = bisect_right(self._starts, now)
            self._weather = self._forecast[index - 1][1]
            self._change_at = self._starts[index] if index < len(self._starts) else now + timedelta(days=999)
        return self._weather

    def scheduler_stops_until(self) -> datetime | None:
        """Until when the scheduler stands still; None when it runs."""
        now = self._timeline.now
        return next((until for at, until in self._stops if at <= now < until), None)

    def happens(self, likelihood: float) -> bool:
        """One draw."""
        return likelihood > 0 and self._rng.random() < likelihood

    def of_call(self, *, is_commit: bool) -> Failure | None:
        """What happens to one call of a port."""
        weather = self.weather
        draw = self._rng.random()
        for kind in ("lag", "error", "error_after", "slow", "death"):
            draw -= getattr(weather, kind)
            if draw < 0:
                if kind == "death" and self._rng.random() < 0.5:
                    return "death_after"
                return kind
        if is_commit and draw < weather.conflict_after:
            return "conflict_after"
        return None

    def latency(self) -> float:
        """Seconds that one way of a call takes on a good day."""
        return 0.0002 + 0.002 * self._rng.random() ** 2

    def lag(self) -> float:
        """Seconds of a call that takes longer than usual, but not long."""
        return 0.005 + 0.035 * self._rng.random()

    def slowness(self) -> float:
        """Seconds of a slow call: mostly a moment, sometimes long."""
        return 0.1 + 3 * self._rng.random() if self._rng.random() < 0.8 else 3 + 17 * self._rng.random()

    def uniform(self, low: float, high: float) -> float:
        """A number between the two."""
        return self._rng.uniform(low, high)

    def note(self, kind: str, users: Iterable[str] | None, seconds: float = 0.0, *, after: float = 0.0) -> None:
        """Log a fault that lasts so long, and hits from now or from some seconds on. `users` None: everybody is hit."""
        self.counts[kind] += 1
        now = self._timeline.now
        fault = Fault(now + timedelta(seconds=after), now + timedelta(seconds=after + seconds), kind)
        if users is None:
            self.of_everybody.add(fault)
        else:
            for user in users:
                self.of_user.setdefault(user, Log()).add(fault)

    def last_until(self, user: str, since: datetime, up_to: datetime) -> datetime | None:
        """The latest end of the faults that hit the user and overlap the time; None when there are none."""
        found: datetime | None = None
        for log in (self.of_everybody, self.of_user.get(user)):
            until = log.last_until(up_to) if log else None
            if until is not None and until >= since and (found is None or until > found):
                found = until
        return found


def _forecast(rng: random.Random, start: datetime, calm_from: datetime) -> list[tuple[datetime, Weather]]:
    """Calm, breezes and storms of minutes in turn; the first hour and all from `calm_from` on are calm."""
    forecast = [(start, CALM)]
    at = start + timedelta(hours=1)
    while at < calm_from:
        length = timedelta(minutes=rng.uniform(3, 15))
        storm = rng.choice(STORMS)
        if storm.error == 1.0 or storm.scheduler_stops:
            length = timedelta(minutes=rng.uniform(1, 10) if rng.random() < 0.85 else rng.uniform(25, 50))
        if rng.random() < 0.3:
            storm, length = BREEZE, timedelta(minutes=rng.uniform(20, 90))
        if at + length >= calm_from:
            break
        forecast += [(at, storm), (at + length, CALM)]
        at += length + timedelta(minutes=rng.uniform(15, 90))
    return forecast

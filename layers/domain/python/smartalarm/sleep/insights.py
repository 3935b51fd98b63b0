"""Patterns over a user's recorded nights. Reading them needs no consent: what may be kept was asked before it was stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from smartalarm.accounts.profiles import read_me
from smartalarm.errors import NotFound
from smartalarm.ports import Clock, Store
from smartalarm.settings import Settings
from smartalarm.sleep.insight_views import InsightSet, InsightsView
from smartalarm.sleep.patterns import insights_of, series_of
from smartalarm.sleep.sessions import SleepSessions
from smartalarm.sleep.sleep_days import SleepDay, is_unread, sleep_of, to_sleep_days


@dataclass(frozen=True, slots=True)
class Patterns:
    """The figures of some days, and the days."""

    insights: InsightSet
    days: list[SleepDay]
    naps: int


class SleepInsights:
    """Reads nights, gives figures."""

    def __init__(self, sessions: SleepSessions, store: Store, settings: Settings, clock: Clock) -> None:
        self._sessions = sessions
        self._store = store
        self._settings = settings
        self._clock = clock

    def over(self, user: str, days: int) -> InsightsView:
        """The nights that ended within the last days. Raises NotFound(code="ml_disabled" | "no_such_user")."""
        now = self._clock.now()
        found = self.patterns(user, days, now)
        return InsightsView(
            days=days,
            since=now - timedelta(days=days),
            until=now,
            nights=len(found.days),
            naps=found.naps,
            insights=found.insights,
            series=series_of(found.days),
        )

    def patterns(self, user: str, days: int, now: datetime) -> Patterns:
        """The same before it is put into words."""
        if not self._settings.ml_enabled:
            raise NotFound("Sleep analysis is switched off here.", code="ml_disabled")
        goal = read_me(self._store, user).settings.sleep_goal_minutes
        since = now - timedelta(days=days)
        nights = self._sessions.nights(user, since)
        sleeps = [sleep for sleep in map(sleep_of, nights) if sleep is not None]
        sleep_days, naps = to_sleep_days(sleeps)
        unread = sum(map(is_unread, nights))
        return Patterns(insights_of(sleep_days, goal_minutes=goal, now=now, unread=unread), sleep_days, naps)

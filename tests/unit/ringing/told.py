"""Occurrences as tests of telling need them."""

from typing import Any

from smartalarm.ports import Commit, Put, Store, TimerChange
from smartalarm.ringing.occurrence import Occurrence, State
from smartalarm.ringing.timers import LADDER, WATCH, occurrence_timer
from tests.fakes import START

ALARM = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f"


def occurrence(state: State, **fields: Any) -> Occurrence:
    """One of the morning, in this state."""
    known: dict[str, Any] = {
        "id": f"{ALARM}:20261201T060000Z",
        "alarm_id": ALARM,
        "label": "Work",
        "at": START,
        "local": "2026-12-01T06:00:00+00:00",
        "ring_count": 1,
        "released_at": START if state == "ringing" else None,
        **fields,
    }
    return Occurrence(state=state, **known)


def keep(store: Store, user: str, one: Occurrence) -> None:
    """Store it for the user, with the timer that a ringing one has."""
    timer = occurrence_timer(user, one, LADDER, START + WATCH, START)
    change = TimerChange(timer.id, timer if one.state == "ringing" else None)
    put = one.to_put(expected=0, keep_days=30)
    write = Put("occurrence", one.id, put.fields, expires_at=put.expires_at)
    store.commit(Commit(user, START, writes=(write,), timers=(change,)))

"""What the contract's cases are made of: an instant to the microsecond, users, puts, timers, claims."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from smartalarm.ports import ClaimChange, Commit, Committed, Put, Store, Timer, TimerChange

NOW = datetime(2026, 12, 1, 6, 30, 15, 123457, tzinfo=UTC)
_numbers = itertools.count(1)


def after(seconds: float) -> datetime:
    """The instant this many seconds from NOW."""
    return NOW + timedelta(seconds=seconds)


def new_user(store: Store, name: str = "user") -> str:
    """A user that exists and has nothing."""
    user = f"{name}-{next(_numbers)}"
    store.commit(Commit(user, NOW, creates_user=True))
    return user


def new_users(store: Store, count: int) -> list[str]:
    """Many of them, in the order of their ids."""
    users = [f"user-{next(_numbers):06}" for _ in range(count)]
    outcomes = store.commit_many([Commit(user, NOW, creates_user=True) for user in users])
    assert all(isinstance(outcome, Committed) for outcome in outcomes), outcomes
    return users


def save(store: Store, user: str, kind: str, *ids: str, **fields: Any) -> Committed:
    """One commit that writes these documents with these fields."""
    return store.commit(Commit(user, NOW, writes=tuple(Put(kind, document_id, fields) for document_id in ids)))


def delete(store: Store, user: str, kind: str, *ids: str) -> Committed:
    """One commit that makes tombstones of these documents."""
    return store.commit(Commit(user, NOW, writes=tuple(Put(kind, document_id, {}, deleted=True) for document_id in ids)))


def timer(user: str, timer_id: str, due_in: float = 60, *, purpose: str = "ring", revision: int = 1) -> Timer:
    """A timer due this many seconds after NOW."""
    return Timer(timer_id, user, after(due_in), purpose, f"subject of {timer_id}", revision, NOW)


def set_timers(store: Store, *timers: Timer) -> None:
    """Put them into the due index, one commit for each."""
    for one in timers:
        store.commit(Commit(one.user, NOW, timers=(TimerChange(one.id, one),)))


def take(key: str, owner: str, *, seconds: float | None = None, expected: int | None = 0, **value: Any) -> ClaimChange:
    """A change that takes a claim, until this many seconds from NOW."""
    return ClaimChange(key, owner, value, None if seconds is None else after(seconds), expected)

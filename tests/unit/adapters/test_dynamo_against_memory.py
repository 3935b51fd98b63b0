"""The DynamoDB store and the memory store live through the same random histories and must always answer alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartalarm.adapters.dynamo import DynamoCounters, DynamoStore
from smartalarm.adapters.memory import MemoryCounters, MemoryStore
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import ClaimChange, Commit, Cursor, Key, Page, Put, Store, Timer, TimerChange
from tests.servers.dynamo_table import fresh_table
from tests.servers.ministack import MinistackMissing, kept_ministack

START = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
USERS = ("ada", "grace", "ünï")
KINDS = ("alarm", "alarms", "x")
IDS = ("1", "2", "q:1", "q:0", "z:q:1", "ünï#ö", "\x01")
TIMERS = ("t1", "t2", "t3")
CLAIMS = ("k1", "k#2", "k:3")
STEPS = 80

Action = Callable[[Store], Any]


@pytest.fixture(scope="module")
def endpoint() -> str:
    """The emulator's address."""
    try:
        return kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))


@given(st.randoms(use_true_random=False))
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller history would take minutes to find
)
def test_a_random_history_ends_alike(endpoint: str, chance: Random) -> None:
    """After each step both stores answer, or refuse with the same error; at the end both hold the same."""
    with fresh_table(endpoint) as (table, _):
        counters = MemoryCounters()
        dynamo, memory = DynamoStore(table), MemoryStore(counters)
        now = START
        for _ in range(STEPS):
            now += timedelta(seconds=chance.choice([0, 0, 1, 5, 11]))
            action = chance.choice(ACTIONS)(chance, now, memory)
            assert outcome(action, dynamo) == outcome(action, memory)
            key = chance.choice(["x", "y"])
            assert DynamoCounters(table).hit(key, 5, now=now) == counters.hit(key, 5, now=now)
        for user in USERS:
            assert dynamo.changes(user, Cursor(), 1000) == memory.changes(user, Cursor(), 1000)
            assert dynamo.timers(user) == memory.timers(user)


def outcome(action: Action, store: Store) -> Any:
    """What the action gives, or the kind of error it raises."""
    try:
        return action(store)
    except SmartAlarmError as error:
        return type(error), error.code, str(error)


# ------------------------------------------------------------------------------------------------ what may happen


def commit(chance: Random, now: datetime, memory: Store) -> Action:
    """Some documents, timers and claims, with right and wrong expectations."""
    user = chance.choice(USERS)
    names = chance.sample([(kind, name) for kind in KINDS for name in IDS], chance.choice([0, 1, 1, 3]))
    writes = tuple(
        Put(
            kind,
            name,
            {"n": chance.random(), "ä": None},
            chance.random() < 0.3,
            chance.choice([None, None, 0, 1, 2]),
            soon(chance, now),
        )
        for kind, name in names
    )
    stored = {timer.id: timer for timer in memory.timers(user)}
    timers = tuple(
        TimerChange(
            name,
            a_timer(chance, now, user, name) if chance.random() < 0.7 else None,
            chance.choice([None, stored.get(name), stored.get(name), a_timer(chance, now, user, name)]),
        )
        for name in chance.sample(TIMERS, chance.choice([0, 0, 1, 2]))
    )
    claims = tuple(a_claim(chance, now, key) for key in chance.sample(CLAIMS, chance.choice([0, 0, 0, 1, 2])))
    made = Commit(user, now, writes, timers, claims, creates_user=chance.random() < 0.3)
    return lambda store: store.commit(made)


def take_due(chance: Random, now: datetime, _: Store) -> Action:
    """A sweep."""
    limit, until = chance.randint(1, 4), now + timedelta(seconds=chance.randint(0, 20))
    return lambda store: store.take_due(now=now, until=until, limit=limit)


def change_claim(chance: Random, now: datetime, _: Store) -> Action:
    """A claim outside a commit."""
    change = a_claim(chance, now, chance.choice(CLAIMS))
    return lambda store: store.change_claim(change, now=now)


def take_claim(chance: Random, now: datetime, _: Store) -> Action:
    """A claim used once."""
    key = chance.choice(CLAIMS)
    return lambda store: (store.claim(key, now=now), store.take_claim(key, now=now))


def keep_house(chance: Random, now: datetime, _: Store) -> Action:
    """The rare ones."""
    user = chance.choice(USERS)
    rare: list[Action] = [
        lambda store: store.erase(user),
        lambda store: store.purge(now=now, limit=100),
        lambda store: store.release_handed(),
    ]
    return chance.choice(rare)


def walk_pages(chance: Random, _: datetime, __: Store) -> Action:
    """A list, page by page."""
    user, kind, limit = chance.choice(USERS), chance.choice(KINDS), chance.randint(1, 4)
    newest_first = chance.random() < 0.5
    first, last = chance.choice([None, None, "1", "q"]), chance.choice([None, None, "1:q", "~"])

    def walk(store: Store) -> list[Page]:
        pages: list[Page] = []
        while not pages or pages[-1].next is not None:
            after = pages[-1].next if pages else None
            pages.append(store.page(user, kind, after=after, limit=limit, newest_first=newest_first, first=first, last=last))
        return pages

    return walk


def look(chance: Random, _: datetime, __: Store) -> Action:
    """The other reads."""
    user, limit = chance.choice(USERS), chance.randint(1, 4)
    since = Cursor(chance.randint(0, 5), chance.choice(["", "alarm"]), chance.choice(["", "1"]))
    keys = [Key(chance.choice(USERS), chance.choice(KINDS), chance.choice(IDS)) for _ in range(5)]
    return lambda store: (
        store.changes(user, since, limit),
        store.count(user, "alarm"),
        store.seq(user),
        store.timers(user),
        store.list_many(USERS, ["x", "alarm"]),
        store.users_with_timers("ring", after="ada", limit=limit),
        store.read(keys),
        outcome(lambda store: store.get(keys[0].user, keys[0].kind, keys[0].id), store),
    )


ACTIONS = (*(commit,) * 8, *(take_due,) * 2, *(change_claim,) * 2, take_claim, keep_house, *(walk_pages,) * 2, *(look,) * 2)


def soon(chance: Random, now: datetime) -> datetime | None:
    """An expiry that comes within the history, or none."""
    return chance.choice([None, now + timedelta(seconds=chance.randint(0, 20))])


def a_timer(chance: Random, now: datetime, user: str, name: str) -> Timer:
    """A timer around now; due instants often meet."""
    due_at = now + timedelta(seconds=chance.randint(-30, 30), microseconds=chance.randint(0, 1))
    return Timer(name, user, due_at, chance.choice(["ring", "ladder"]), "", chance.randint(1, 3), now)


def a_claim(chance: Random, now: datetime, key: str) -> ClaimChange:
    """A change of a claim, with a right or a wrong expectation."""
    value = chance.choice([None, {"v": chance.random()}])
    return ClaimChange(key, chance.choice(USERS), value, soon(chance, now), chance.choice([None, 0, 0, 1, 2]))

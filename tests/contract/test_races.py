"""Races: many threads want the same thing, one gets it, and nothing that was acknowledged is lost."""

from typing import TypeVar

import pytest

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import (
    Claim,
    ClaimChange,
    Commit,
    Committed,
    Document,
    Put,
    Store,
    TimerChange,
)
from tests.contract.racing import THREADS, race
from tests.contract.samples import NOW, after, new_user, new_users, save, set_timers, take, timer

T = TypeVar("T")


def winner(results: list[T | SmartAlarmError], code: str) -> int:
    """The number of the only thread that got through; all others met this conflict."""
    assert sorted(result.code for result in results if isinstance(result, SmartAlarmError)) == [code] * (THREADS - 1)
    return next(number for number, result in enumerate(results) if not isinstance(result, SmartAlarmError))


# ------------------------------------------------------------------------------------------------ one winner


@pytest.mark.parametrize("expected", [0, 1])
def test_of_many_writers_that_expect_one_version_one_wins(store: Store, expected: int) -> None:
    """The others are told that theirs is stale."""
    user = new_user(store)
    if expected:
        save(store, user, "alarm", "a")

    results = race(lambda n: store.commit(Commit(user, NOW, (Put("alarm", "a", {"n": n}, expected=expected),))))

    won = winner(results, "stale_version")
    assert store.get(user, "alarm", "a") == Document(user, "alarm", "a", expected + 1, expected + 1, {"n": won})


def test_of_many_that_create_one_user_one_wins(store: Store) -> None:
    """Two registrations never share an account."""
    results = race(lambda n: store.commit(Commit("anna", NOW, (Put("profile", "p", {"n": n}),), creates_user=True)))

    assert store.get("anna", "profile", "p").fields == {"n": winner(results, "user_exists")}


@pytest.mark.parametrize("before", ["free", "expired"])
def test_of_many_that_take_one_claim_one_wins(store: Store, before: str) -> None:
    """A free one, and one that has just expired."""
    if before == "expired":
        store.change_claim(take("key", "before", seconds=1), now=NOW)

    results = race(lambda n: store.change_claim(take("key", f"owner-{n}"), now=after(1)))

    claim = store.claim("key", now=after(1))
    assert claim
    assert (claim.owner, claim.version) == (f"owner-{winner(results, 'lost_claim')}", 1)


def test_of_many_that_change_one_version_of_a_claim_one_wins(store: Store) -> None:
    """Changing and releasing alike."""
    store.change_claim(take("key", "owner"), now=NOW)

    def change(number: int) -> object:
        value = None if number % 2 else {"n": number}
        return store.change_claim(ClaimChange("key", "owner", value, expected=1), now=NOW)

    won = winner(race(change), "lost_claim")
    claim = store.claim("key", now=NOW)
    assert (claim.value if claim else None) == (None if won % 2 else {"n": won})


@pytest.mark.parametrize("before", ["free", "expired"])
def test_of_many_users_that_commit_one_claim_one_wins(store: Store, before: str) -> None:
    """And the others' documents are not written either."""
    users = new_users(store, THREADS)
    if before == "expired":
        store.change_claim(take("key", "before", seconds=1), now=NOW)

    results = race(
        lambda n: store.commit(Commit(users[n], after(1), (Put("alarm", "a", {}),), claims=(take("key", users[n]),)))
    )

    won = winner(results, "lost_claim")
    claim = store.claim("key", now=after(1))
    assert claim
    assert claim.owner == users[won]
    assert [store.seq(user) for user in users] == [int(user == users[won]) for user in users]


def test_of_many_that_take_a_claim_away_one_gets_it(store: Store) -> None:
    """A ticket opens one socket."""
    store.change_claim(take("ticket", "anna", n=1), now=NOW)

    results = race(lambda _: store.take_claim("ticket", now=NOW))

    assert [result for result in results if result is not None] == [Claim("ticket", "anna", {"n": 1}, None, 1)]
    assert store.claim("ticket", now=NOW) is None


def test_of_many_that_settle_one_timer_one_wins(store: Store) -> None:
    """Its guard is the lease: a ring happens once."""
    user = new_user(store)
    ring = timer(user, "ring")
    set_timers(store, ring)

    def settle(number: int) -> Committed:
        change = TimerChange("ring", timer(user, "ring", 90, revision=2 + number) if number % 2 else None, expected=ring)
        return store.commit(Commit(user, NOW, (Put("occurrence", "o", {"n": number}),), timers=(change,)))

    won = winner(race(settle), "lost_timer")
    assert store.get(user, "occurrence", "o").fields == {"n": won}
    assert [one.revision for one in store.timers(user)] == [2 + won] * (won % 2)


def test_each_timer_is_handed_to_one_caller(store: Store) -> None:
    """Many sweeps at once, all with the same clock; together they get everything."""
    users = new_users(store, 12)
    set_timers(store, *(timer(user, f"t{number}", number) for user in users for number in range(3)))

    def sweep(_: int) -> list[tuple[str, str]]:
        mine: list[tuple[str, str]] = []
        for _round in range(40):
            taken = store.take_due(now=NOW, until=after(60), limit=5)
            if not taken:
                break
            mine += [(one.user, one.id) for one in taken]
        return mine

    taken = [name for result in race(sweep) if isinstance(result, list) for name in result]
    while rest := store.take_due(now=NOW, until=after(60), limit=5):  # a sweep that met others may have gone home early
        taken += [(one.user, one.id) for one in rest]
    assert sorted(taken) == sorted((user, f"t{number}") for user in users for number in range(3))


def test_a_timer_taken_while_it_is_moved_is_given_again(store: Store) -> None:
    """Sweeps and commits cross: what a commit sets last is unhanded or was handed after, never lost."""
    user = new_user(store)
    set_timers(store, *(timer(user, f"t{number}") for number in range(THREADS)))

    def cross(number: int) -> object:
        if number % 2:
            return store.take_due(now=NOW, until=after(3600), limit=100)
        moved = timer(user, f"t{number}", 120, revision=2)
        return store.commit(Commit(user, NOW, timers=(TimerChange(moved.id, moved),)))

    assert not [result for result in race(cross) if isinstance(result, SmartAlarmError)]
    later = store.take_due(now=after(3600), until=after(3600), limit=100)
    assert {one.id for one in later} == {one.id for one in store.timers(user)} == {f"t{n}" for n in range(THREADS)}

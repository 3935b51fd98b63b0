"""Races: many threads want the same thing, one gets it, and nothing that was acknowledged is lost."""

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from smartalarm.errors import Conflict, NotFound, SmartAlarmError
from smartalarm.ports import (
    Claim,
    ClaimChange,
    Commit,
    Committed,
    Connection,
    Connections,
    Counters,
    Cursor,
    Document,
    Key,
    Put,
    Store,
    TimerChange,
)
from tests.contract.samples import NOW, after, new_user, new_users, save, set_timers, take, timer

T = TypeVar("T")
THREADS = 8


@pytest.fixture(autouse=True)
def _eager_threads() -> Iterator[None]:
    """Let Python change threads a thousand times as often, so that they meet in the middle of things."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 1000)
    yield
    sys.setswitchinterval(before)


def race(work: Callable[[int], T], threads: int = THREADS) -> list[T | SmartAlarmError]:
    """Run `work(number)` in all threads at once; what each gave, or the error of ours that it raised."""
    start = threading.Barrier(threads)
    results: list[T | SmartAlarmError | None] = [None] * threads
    surprises: list[BaseException] = []

    def run(number: int) -> None:
        start.wait(timeout=30)
        try:
            results[number] = work(number)
        except SmartAlarmError as error:
            results[number] = error
        except BaseException as error:  # noqa: BLE001 - raised again below, in the test's own thread
            surprises.append(error)

    running = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in running)
    if surprises:
        raise surprises[0]
    return results  # type: ignore[return-value]


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


# ------------------------------------------------------------------------------------------------ nothing lost


def test_commits_of_one_user_side_by_side_leave_no_gap(store: Store) -> None:
    """Every acknowledged write is there, with a seq of its own, from 1 to the last."""
    user = new_user(store)
    each = 15

    def write(number: int) -> list[tuple[int, str]]:
        return [(save(store, user, "alarm", name).seq, name) for name in (f"{number}-{i}" for i in range(each))]

    acknowledged = sorted(pair for pairs in race(write) if isinstance(pairs, list) for pair in pairs)

    assert [seq for seq, _ in acknowledged] == list(range(1, THREADS * each + 1))
    feed = store.changes(user, Cursor(), 1000).items
    assert acknowledged == [(document.seq, document.id) for document in feed]
    assert store.seq(user) == THREADS * each


def test_a_document_that_many_save_counts_every_save(store: Store) -> None:
    """Without an expected version everybody gets through, one after the other."""
    user = new_user(store)
    results = race(lambda n: [save(store, user, "alarm", "a", n=n).documents[0].version for _ in range(8)])

    assert sorted(v for result in results if isinstance(result, list) for v in result) == list(range(1, 8 * THREADS + 1))


def test_many_commits_of_the_same_users_side_by_side_all_get_through(store: Store) -> None:
    """In any order of users: nobody waits for somebody who waits for him."""
    users = new_users(store, 20)

    def write(number: int) -> list[Committed | SmartAlarmError]:
        order = random.Random(number).sample(users, len(users))  # noqa: S311 - an order, not a secret
        commits = [
            Commit(
                user,
                NOW,
                (Put("alarm", f"{number}", {}),),
                (TimerChange("a", timer(user, "a", number)), TimerChange(f"b{number}", timer(user, f"b{number}"))),
            )
            for user in order
        ]
        return [outcome for _ in range(3) for outcome in store.commit_many(commits)]

    outcomes = [outcome for result in race(write) if isinstance(result, list) for outcome in result]
    assert len(outcomes) == THREADS * 3 * len(users)
    assert not [outcome for outcome in outcomes if not isinstance(outcome, Committed)]
    assert [store.seq(user) for user in users] == [THREADS * 3] * len(users)
    assert [len(store.timers(user)) for user in users] == [THREADS + 1] * len(users)


def test_a_reader_that_follows_the_feed_misses_nothing(store: Store) -> None:
    """What it has seen only grows, page by page, while others write."""
    user = new_user(store)
    each, writers = 12, 3
    finished: list[int] = []

    def write(number: int) -> list[str]:
        for index in range(each):
            save(store, user, "alarm", f"{number}-{index}", f"{number}-{index}+")
        finished.append(number)
        return []

    def follow() -> list[str]:
        seen: list[str] = []
        cursor = Cursor()
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            is_last_look = len(finished) == writers
            page = store.changes(user, cursor, 5)
            seen += [document.id for document in page.items]
            cursor = page.cursor
            if is_last_look and not page.items and not page.more:
                break
        return seen

    results = race(lambda number: write(number) if number < writers else follow(), threads=writers + 2)

    expected = sorted(f"{number}-{index}{end}" for number in range(writers) for index in range(each) for end in ("", "+"))
    for seen in results[writers:]:
        assert isinstance(seen, list)
        assert sorted(seen) == expected


def test_a_document_renewed_while_it_is_purged_is_not_lost(store: Store) -> None:
    """Either the save came first and renewed it, or after and made it anew."""
    user = new_user(store)
    names = [f"a{number}" for number in range(THREADS)]
    store.commit(Commit(user, NOW, tuple(Put("answer", name, {}, expires_at=NOW) for name in names)))

    def work(number: int) -> object:
        if number % 2:
            return store.purge(now=NOW, limit=100)
        return store.commit(Commit(user, NOW, (Put("answer", names[number], {"n": number}, expires_at=after(9)),)))

    assert not [result for result in race(work) if isinstance(result, SmartAlarmError)]
    renewed = names[::2]
    assert [store.get(user, "answer", name).fields["n"] for name in renewed] == list(range(0, THREADS, 2))
    found = store.read([Key(user, "answer", name) for name in names])
    assert {key.id for key in found} == set(renewed)


def test_erasing_while_others_write_leaves_nothing(store: Store) -> None:
    """A write is acknowledged before, or refused after."""
    user = new_user(store)

    def work(number: int) -> int:
        if number == 0:
            store.erase(user)
            return 0
        for index in range(10):
            try:
                store.commit(
                    Commit(
                        user,
                        NOW,
                        (Put("alarm", f"{number}-{index}", {}),),
                        (TimerChange(f"{number}-{index}", timer(user, f"{number}-{index}")),),
                        (take(f"{number}-{index}", user),),
                    )
                )
            except NotFound:
                return index
        return 10

    assert all(isinstance(result, int) for result in race(work))
    assert (store.seq(user), store.changes(user, Cursor(), 100).items, store.timers(user)) == (0, (), [])
    assert not any(store.claim(f"{n}-{i}", now=NOW) for n in range(THREADS) for i in range(10))


# ------------------------------------------------------------------------------------------------ counters, sockets


def test_a_counter_counts_every_hit_once(counters: Counters) -> None:
    """Nobody slips through a limit by being quick; a window that ended starts anew once."""
    counters.hit("key", 60, now=after(-60))

    results = race(lambda _: [counters.hit("key", 60, now=NOW).count for _ in range(5)])

    counts = [count for result in results if isinstance(result, list) for count in result]
    assert sorted(counts) == list(range(1, 5 * THREADS + 1))


def test_a_device_seen_by_many_keeps_the_latest_instant(connections: Connections) -> None:
    """Whoever comes last."""
    assert not [r for r in race(lambda n: connections.saw("anna", "phone", at=after(n))) if r is not None]
    assert connections.last_seen("anna") == {"phone": after(THREADS - 1)}


def test_a_connection_opened_by_many_is_open_once(connections: Connections) -> None:
    """With what one of them said."""
    race(lambda n: connections.open(Connection("c", "anna", f"device-{n}", NOW)))

    found = connections.find("c")
    assert found
    assert connections.of(["anna"]) == {"anna": [found]}


def test_a_conflict_of_one_is_not_told_to_another(store: Store) -> None:
    """Writers that share a transaction have an outcome each."""
    users = new_users(store, THREADS)
    for user in users[::2]:
        save(store, user, "alarm", "a")

    results = race(lambda n: store.commit(Commit(users[n], NOW, (Put("alarm", "a", {"n": n}, expected=0),))))

    assert [isinstance(result, Conflict) for result in results] == [True, False] * (THREADS // 2)
    assert [store.seq(user) for user in users] == [1] * THREADS

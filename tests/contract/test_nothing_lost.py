"""Many threads write at once: nothing that was acknowledged is lost."""

import random
import time

from smartalarm.errors import Conflict, NotFound, SmartAlarmError
from smartalarm.ports import (
    Commit,
    Committed,
    Connection,
    Connections,
    Counters,
    Cursor,
    Key,
    Put,
    Store,
    TimerChange,
)
from tests.contract.racing import THREADS, race
from tests.contract.samples import NOW, after, new_user, new_users, save, take, timer


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

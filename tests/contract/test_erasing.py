"""Erasing a user, removing what has expired, and telling whether the store answers."""

import pytest

from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import Commit, Counters, Cursor, Document, Key, Put, Store, TimerChange
from tests.contract.samples import NOW, after, new_user, save, set_timers, take, timer


def test_an_erased_user_owns_nothing(store: Store) -> None:
    """No documents, tombstones, timers or claims, taken in commits or outside; others keep theirs."""
    gone, stays = new_user(store), new_user(store)
    for user in (gone, stays):
        for start in range(0, 100, 20):
            save(store, user, "alarm", *(f"a{start + number}" for number in range(20)))
        store.commit(Commit(user, NOW, (Put("alarm", "a0", {}, deleted=True),), claims=(take(f"one:{user}", user),)))
        store.change_claim(take(f"two:{user}", user, seconds=60), now=NOW)
        set_timers(store, timer(user, "t"), timer(user, "u", purpose="sleep"))

    store.erase(gone)

    def owned(user: str) -> tuple[object, ...]:
        return (
            store.seq(user),
            store.count(user, "alarm"),
            len(store.changes(user, Cursor(), 200).items),
            len(store.page(user, "alarm").items),
            len(store.read([Key(user, "alarm", "a0"), Key(user, "alarm", "a1")])),
            len(store.list_many([user], ["alarm"])),
            len(store.timers(user)),
            store.claim(f"one:{user}", now=NOW) is not None,
            store.claim(f"two:{user}", now=NOW) is not None,
        )

    assert owned(gone) == (0, 0, 0, 0, 0, 0, 0, False, False)
    assert owned(stays) == (6, 99, 100, 99, 2, 1, 2, True, True)
    assert {one.user for one in store.take_due(now=NOW, until=after(99), limit=9)} == {stays}
    assert store.users_with_timers("sleep", after=None, limit=9) == [stays]
    with pytest.raises(NotFound):
        store.get(gone, "alarm", "a1")


def test_an_erased_user_never_comes_back(store: Store) -> None:
    """The id is spent, for commits and for a new user; a device that still pushes is told."""
    user = new_user(store)
    save(store, user, "alarm", "a")
    store.erase(user)
    store.erase(user)

    commits = [
        (Commit(user, NOW, (Put("alarm", "a", {}),)), NotFound, "no_such_user"),
        (Commit(user, NOW, timers=(TimerChange("t", timer(user, "t")),)), NotFound, "no_such_user"),
        (Commit(user, NOW, (Put("alarm", "a", {}),), creates_user=True), Conflict, "user_exists"),
    ]
    for commit, error, code in commits:
        with pytest.raises(error) as caught:
            store.commit(commit)
        assert caught.value.code == code
    assert [getattr(outcome, "code", "") for outcome in store.commit_many([commits[0][0]])] == ["no_such_user"]
    assert (store.seq(user), store.timers(user)) == (0, [])


def test_an_id_may_be_erased_before_it_was_used(store: Store) -> None:
    """A registration that comes late finds it spent."""
    store.erase("anna")

    with pytest.raises(Conflict):
        store.commit(Commit("anna", NOW, creates_user=True))


def test_purge_removes_expired_documents_claims_and_counters(store: Store, counters: Counters) -> None:
    """At their very instant, not a microsecond before; each of them counts."""
    user = new_user(store)
    store.commit(
        Commit(
            user,
            NOW,
            writes=(
                Put("answer", "now", {}, expires_at=NOW),
                Put("answer", "gone", {}, deleted=True, expires_at=after(-1)),
                Put("answer", "later", {}, expires_at=after(0.000001)),
                Put("answer", "ever", {}),
            ),
        )
    )
    store.change_claim(take("now", user, seconds=0), now=after(-9))
    store.change_claim(take("later", user, seconds=0.000001), now=NOW)
    store.change_claim(take("ever", user), now=NOW)
    counters.hit("now", 10, now=after(-10))
    counters.hit("later", 10, now=after(-9.999999))

    assert store.purge(now=NOW, limit=100) == 4
    assert store.purge(now=NOW, limit=100) == 0
    assert {document.id for document in store.changes(user, Cursor(), 9).items} == {"later", "ever"}
    assert store.seq(user) == 1
    assert [store.claim(key, now=after(-5)) is not None for key in ("now", "later", "ever")] == [False, True, True]
    assert counters.hit("later", 10, now=after(-9)).count == 2


def test_an_expired_document_is_there_until_it_is_purged(store: Store) -> None:
    """Expiry is for housekeeping; nobody's data vanish between two reads."""
    user = new_user(store)
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {}, expires_at=after(-60)),)))

    assert store.get(user, "alarm", "a") == Document(user, "alarm", "a", 1, 1, {}, expires_at=after(-60))
    assert store.count(user, "alarm") == 1


def test_a_purged_document_may_be_written_anew(store: Store) -> None:
    """From version 1, as if it had never been."""
    user = new_user(store)
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {}, expires_at=NOW),)))
    store.purge(now=NOW, limit=100)

    committed = store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {"n": 1}, expected=0),)))
    assert committed.documents == (Document(user, "alarm", "a", 1, 2, {"n": 1}),)


def test_a_renewed_document_is_not_purged(store: Store) -> None:
    """The expiry that counts is the last one written."""
    user = new_user(store)
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {}, expires_at=NOW), Put("alarm", "b", {}, expires_at=NOW))))
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {}, expires_at=after(9)), Put("alarm", "b", {}))))

    assert store.purge(now=NOW, limit=100) == 0
    assert store.count(user, "alarm") == 2


def test_purge_goes_on_where_its_limit_stopped_it(store: Store) -> None:
    """At most `limit` of each sort in one call."""
    user = new_user(store)
    for start in range(0, 40, 20):
        store.commit(Commit(user, NOW, tuple(Put("a", f"{start + number}", {}, expires_at=NOW) for number in range(20))))
    for number in range(5):
        store.change_claim(take(f"key{number}", user, seconds=0), now=after(-1))

    assert store.purge(now=NOW, limit=15) == 15 + 5
    assert store.count(user, "a") == 25
    assert sum(store.purge(now=NOW, limit=15) for _ in range(3)) == 25
    assert store.count(user, "a") == 0


def test_a_store_that_works_answers_a_ping(store: Store) -> None:
    """An empty one, too."""
    store.ping()

"""Commits: all or nothing, compare-and-swap for each write, one seq for each, many users at once."""

from dataclasses import replace
from typing import Any

import pytest

from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import ClaimChange, Commit, Committed, Cursor, Document, Put, Store, TimerChange
from tests.contract.samples import NOW, after, delete, new_user, save, set_timers, take, timer


def code_of(store: Store, commit: Commit) -> str:
    """The code of the error that the commit raises."""
    with pytest.raises((Conflict, NotFound)) as caught:
        store.commit(commit)
    return caught.value.code


def everything_of(store: Store, user: str) -> Any:
    """All that a commit could have changed."""
    return store.seq(user), store.changes(user, Cursor(), 100).items, store.timers(user), store.claim("key", now=NOW)


# ------------------------------------------------------------------------------------------------ users


def test_a_user_is_created_once(store: Store) -> None:
    """With the documents, timers and claims of the same commit; a second time is a conflict that changes nothing."""
    first = Commit(
        "anna",
        NOW,
        writes=(Put("profile", "profile", {"name": "Anna"}),),
        timers=(TimerChange("t", timer("anna", "t")),),
        claims=(take("key", "anna"),),
        creates_user=True,
    )
    assert store.commit(first).seq == 1
    before = everything_of(store, "anna")

    again = replace(first, writes=(Put("profile", "profile", {"name": "Eve"}),), timers=(), claims=())
    assert code_of(store, again) == "user_exists"
    assert before == everything_of(store, "anna")


def test_a_user_that_does_not_exist_gets_nothing(store: Store) -> None:
    """Neither documents, nor timers, nor claims; nor does the try create it."""
    for commit in [
        Commit("nobody", NOW, writes=(Put("alarm", "a", {}),)),
        Commit("nobody", NOW, timers=(TimerChange("t", timer("nobody", "t")),)),
        Commit("nobody", NOW, claims=(take("key", "nobody"),)),
        Commit("nobody", NOW, writes=(Put("alarm", "a", {}),)),
    ]:
        assert code_of(store, commit) == "no_such_user"
    assert everything_of(store, "nobody") == (0, (), [], None)


def test_a_user_may_be_created_without_anything(store: Store) -> None:
    """Its seq is 0 then."""
    assert store.commit(Commit("anna", NOW, creates_user=True)) == Committed(0, ())
    assert store.seq("anna") == 0
    assert save(store, "anna", "alarm", "a").seq == 1


# ------------------------------------------------------------------------------------------------ seq and version


def test_a_commit_raises_the_seq_by_one_however_much_it_writes(store: Store) -> None:
    """And all its documents carry it."""
    user = new_user(store)
    seqs = [save(store, user, "alarm", *ids).seq for ids in (["a"], ["a", "b", "c"], ["c"])]

    assert (seqs, store.seq(user)) == ([1, 2, 3], 3)
    assert [store.get(user, "alarm", name).seq for name in "abc"] == [2, 2, 3]


def test_a_version_counts_a_documents_own_writes(store: Store) -> None:
    """Deletions and revivals included."""
    user = new_user(store)
    save(store, user, "alarm", "a", "b")
    save(store, user, "alarm", "b")
    delete(store, user, "alarm", "b")
    save(store, user, "alarm", "b")

    assert (store.get(user, "alarm", "a").version, store.get(user, "alarm", "b").version) == (1, 4)


def test_a_commit_tells_its_documents_as_they_are_stored(store: Store) -> None:
    """In the order of its writes."""
    user = new_user(store)
    save(store, user, "alarm", "b")
    committed = store.commit(
        Commit(
            user,
            NOW,
            writes=(
                Put("alarm", "b", {"n": 1}, expires_at=after(0.000001)),
                Put("alarm", "a", {"n": 2}),
                Put("device", "a", {"n": 3}, deleted=True),
            ),
        )
    )

    assert committed == Committed(
        2,
        (
            Document(user, "alarm", "b", 2, 2, {"n": 1}, expires_at=after(0.000001)),
            Document(user, "alarm", "a", 1, 2, {"n": 2}),
            Document(user, "device", "a", 1, 2, {"n": 3}, deleted=True),
        ),
    )
    keys = [document.key for document in committed.documents]
    assert list(committed.documents) == [store.read(keys)[key] for key in keys]


def test_timers_and_claims_alone_raise_no_seq(store: Store) -> None:
    """They are not part of the feed."""
    user = new_user(store)
    save(store, user, "alarm", "a")
    change = Commit(user, NOW, timers=(TimerChange("t", timer(user, "t")),), claims=(take("key", user),))

    assert store.commit(change) == Committed(1, ())
    assert store.seq(user) == 1
    assert store.commit(Commit(user, NOW)) == Committed(1, ())


def test_a_save_forgets_the_expiry_of_the_one_before(store: Store) -> None:
    """A document is written whole."""
    user = new_user(store)
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {"x": 1}, expires_at=after(60)),)))
    save(store, user, "alarm", "a", y=2)

    assert store.get(user, "alarm", "a") == Document(user, "alarm", "a", 2, 2, {"y": 2})


# ------------------------------------------------------------------------------------------------ what is expected


@pytest.mark.parametrize(
    ("history", "expected", "stands"),
    [
        ("absent", None, True),
        ("absent", 0, True),
        ("absent", 1, False),
        ("saved", None, True),
        ("saved", 0, False),
        ("saved", 1, True),
        ("saved", 2, False),
        ("deleted", None, True),
        ("deleted", 0, False),
        ("deleted", 1, False),
        ("deleted", 2, True),
    ],
)
def test_a_write_stands_when_the_version_is_the_expected_one(
    store: Store,
    history: str,
    expected: int | None,
    stands: bool,  # noqa: FBT001 - pytest's
) -> None:
    """None: any; 0: must not exist yet, and a tombstone exists; n: exactly n."""
    user = new_user(store)
    if history != "absent":
        save(store, user, "alarm", "a")
    if history == "deleted":
        delete(store, user, "alarm", "a")
    before = everything_of(store, user)
    commit = Commit(user, NOW, writes=(Put("alarm", "a", {"new": True}, expected=expected),))

    if stands:
        store.commit(commit)
        assert store.get(user, "alarm", "a").fields == {"new": True}
    else:
        assert code_of(store, commit) == "stale_version"
        assert before == everything_of(store, user)


@pytest.mark.parametrize("lost", ["version", "timer", "claim"])
def test_one_conflict_undoes_the_whole_commit(store: Store, lost: str) -> None:
    """Documents before and after it, timers, claims and the seq stay as they were."""
    user, other = new_user(store), new_user(store)
    save(store, user, "alarm", "old")
    set_timers(store, timer(user, "moved", 60))
    store.change_claim(take("held", other), now=NOW)
    before = everything_of(store, user)
    writes = [Put("alarm", "new", {}, expected=0), Put("alarm", "old", {"x": 1}, expected=1), Put("alarm", "z", {})]
    timers = [TimerChange("t", timer(user, "t")), TimerChange("moved", None, expected=timer(user, "moved", 60))]
    claims = [take("key", user)]
    if lost == "version":
        writes[1] = replace(writes[1], expected=2)
    elif lost == "timer":
        timers[1] = TimerChange("moved", None, expected=timer(user, "moved", 61))
    else:
        claims.append(take("held", user))

    code = code_of(store, Commit(user, NOW, tuple(writes), tuple(timers), tuple(claims)))

    assert code == {"version": "stale_version", "timer": "lost_timer", "claim": "lost_claim"}[lost]
    assert before == everything_of(store, user)


def test_twenty_documents_with_timers_and_claims_fit_into_a_commit(store: Store) -> None:
    """As many as a commit may carry."""
    user = new_user(store)
    names = [f"n{number:02}" for number in range(20)]
    store.commit(
        Commit(
            user,
            NOW,
            writes=tuple(Put("alarm", name, {}) for name in names),
            timers=tuple(TimerChange(name, timer(user, name)) for name in names),
            claims=tuple(take(name, user) for name in names[:5]),
        )
    )

    assert store.count(user, "alarm") == 20
    assert names == [one.id for one in store.timers(user)]
    assert all(store.claim(name, now=NOW) for name in names[:5])


@pytest.mark.parametrize(
    "parts",
    [
        {"writes": tuple(Put("alarm", str(number), {}) for number in range(21))},
        {"writes": (Put("alarm", "a", {}), Put("alarm", "a", {}))},
        {"timers": (TimerChange("t", None), TimerChange("t", None))},
        {"timers": (TimerChange("t", timer("somebody else", "t")),)},
        {"timers": (TimerChange("t", None, expected=timer("anna", "another")),)},
        {"claims": (take("key", "anna"), ClaimChange("key", "anna", None))},
    ],
    ids=["21 documents", "a document twice", "a timer twice", "another's timer", "another guard", "a claim twice"],
)
def test_a_commit_of_the_wrong_shape_is_a_programming_error(store: Store, parts: dict[str, Any]) -> None:
    """ValueError, whoever finds it first, the commit or the store."""
    store.commit(Commit("anna", NOW, creates_user=True))
    with pytest.raises(ValueError, match=r"commit|timer"):
        store.commit(Commit("anna", NOW, **parts))
    assert everything_of(store, "anna") == (0, (), [], None)

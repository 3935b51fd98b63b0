"""Many users' commits at once: each atomic alone, with an outcome of its own."""

import pytest

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Commit, Committed, Document, Key, Put, Store, TimerChange
from tests.contract.backends import Backend
from tests.contract.samples import NOW, after, new_user, new_users, save, take, timer


def test_many_commits_have_an_outcome_each(store: Store) -> None:
    """In their order; one that fails takes nobody along and leaves its own user as it was."""
    fine, stale, timerless, claimless, new = [*new_users(store, 4), "new"]
    save(store, stale, "alarm", "a")
    store.change_claim(take("held", "somebody"), now=NOW)
    lost = TimerChange("t", None, expected=timer(timerless, "t"))
    writes = (Put("alarm", "a", {"n": 1}, expected=0),)

    outcomes = store.commit_many(
        [
            Commit(stale, NOW, writes),
            Commit(fine, NOW, writes),
            Commit("nobody", NOW, writes),
            Commit(timerless, NOW, writes, timers=(lost,)),
            Commit(new, NOW, writes, creates_user=True),
            Commit(claimless, NOW, writes, claims=(take("held", claimless),)),
        ]
    )

    assert [
        "stale_version",
        Committed(1, (Document(fine, "alarm", "a", 1, 1, {"n": 1}),)),
        "no_such_user",
        "lost_timer",
        Committed(1, (Document(new, "alarm", "a", 1, 1, {"n": 1}),)),
        "lost_claim",
    ] == [outcome.code if isinstance(outcome, SmartAlarmError) else outcome for outcome in outcomes]
    assert [store.seq(user) for user in (stale, fine, timerless, new, claimless)] == [1, 1, 0, 1, 0]
    assert store.count(timerless, "alarm") == 0
    assert save(store, stale, "alarm", "b").seq == 2


def test_many_commits_of_one_user_are_a_programming_error(store: Store) -> None:
    """Their order would be anybody's guess."""
    user = new_user(store)
    with pytest.raises(ValueError, match="differ"):
        store.commit_many([Commit(user, NOW), Commit(user, NOW)])
    assert store.commit_many([]) == []


def test_two_of_many_commits_may_want_one_claim(store: Store) -> None:
    """One gets it."""
    users = new_users(store, 5)
    outcomes = store.commit_many(
        [Commit(user, NOW, (Put("alarm", "a", {}),), claims=(take("key", user),)) for user in users]
    )

    winners = [user for user, outcome in zip(users, outcomes, strict=True) if isinstance(outcome, Committed)]
    claim = store.claim("key", now=NOW)
    assert claim
    assert [claim.owner] == winners
    assert [store.seq(user) for user in users] == [int(user in winners) for user in users]


def test_a_thousand_users_commit_at_once_and_some_conflict(store: Store, backend: Backend) -> None:
    """As when a popular minute rings: documents, timers moved under their guard, every tenth one edited meanwhile."""
    users = new_users(store, backend.crowd)
    rings = {user: timer(user, "ring") for user in users}
    first = store.commit_many(
        [Commit(user, NOW, (Put("occurrence", "o", {}),), (TimerChange("ring", rings[user]),)) for user in users]
    )
    assert all(isinstance(outcome, Committed) for outcome in first)
    edited = set(users[::10])
    moved = {user: timer(user, "ring", 90, revision=2) for user in edited}
    store.commit_many([Commit(user, NOW, timers=(TimerChange("ring", moved[user]),)) for user in sorted(edited)])

    outcomes = store.commit_many(
        [
            Commit(
                user,
                NOW,
                writes=(Put("occurrence", "o", {"state": "ringing"}, expected=1),),
                timers=(
                    TimerChange("ring", None, expected=rings[user]),
                    TimerChange("ladder", timer(user, "ladder", 30)),
                ),
            )
            for user in users
        ]
    )

    lost = {user for user, outcome in zip(users, outcomes, strict=True) if getattr(outcome, "code", "") == "lost_timer"}
    assert edited == lost
    documents = store.read([Key(user, "occurrence", "o") for user in users])
    assert {user: document.version for (user, document) in ((key.user, d) for key, d in documents.items())} == {
        user: 1 if user in edited else 2 for user in users
    }
    due = store.take_due(now=NOW, until=after(120), limit=5000)
    assert {user: ["ring"] if user in edited else ["ladder"] for user in users} == {
        user: [one.id for one in due if one.user == user] for user in users
    }

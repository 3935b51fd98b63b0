"""The due index: who gets which timer, when it is given again, and what a guard is."""

from dataclasses import replace

import pytest

from smartalarm.errors import Conflict
from smartalarm.ports import RETAKE_SECONDS, Commit, Store, Timer, TimerChange
from tests.contract.backends import Backend
from tests.contract.samples import NOW, after, new_user, new_users, save, set_timers, timer


def ids_due(store: Store, *, now: float = 0, until: float = 3600, limit: int = 100) -> list[str]:
    """The ids of the timers handed over, seconds counted from NOW."""
    return [one.id for one in store.take_due(now=after(now), until=after(until), limit=limit)]


def test_a_timer_comes_back_as_it_was_set(store: Store) -> None:
    """Every instant to the microsecond; its subject may be empty."""
    user = new_user(store)
    one = Timer("t:1", user, after(0.000001), "ring", "alarm:x", 2**40, after(-0.999999))
    two = Timer("t:2", user, after(0.000002), "sleep", "", 0, NOW)
    set_timers(store, one, two)

    assert store.timers(user) == [one, two]
    assert store.take_due(now=NOW, until=after(1), limit=9) == [
        replace(one, handed_at=NOW),
        replace(two, handed_at=NOW),
    ]


def test_a_users_timers_are_listed_by_due_instant(store: Store) -> None:
    """Those of others are not among them."""
    user, other = new_user(store), new_user(store)
    set_timers(
        store,
        timer(user, "b", 2),
        timer(user, "a", 3),
        timer(other, "x", 1),
        timer(user, "c", 1.000001),
        timer(user, "d", 1),
    )

    assert [one.id for one in store.timers(user)] == ["d", "c", "b", "a"]
    assert store.timers("nobody") == []


def test_what_is_due_is_handed_over_earliest_first(store: Store) -> None:
    """Of all users, up to `until` inclusive, at most `limit`."""
    users = new_users(store, 3)
    set_timers(store, *(timer(users[number % 3], f"t{number}", number) for number in (5, 3, 1, 4, 2, 6)))

    assert ids_due(store, until=5, limit=3) == ["t1", "t2", "t3"]
    assert ids_due(store, until=5, limit=3) == ["t4", "t5"]
    assert ids_due(store, until=5.999999) == []
    assert ids_due(store, until=6) == ["t6"]


def test_overdue_timers_are_handed_over_as_well(store: Store) -> None:
    """However long ago they were due."""
    user = new_user(store)
    set_timers(store, timer(user, "late", -86400), timer(user, "now", 0))

    assert ids_due(store, until=0) == ["late", "now"]


def test_a_timer_that_was_handed_over_is_not_handed_over_again(store: Store) -> None:
    """But it stays in the index, marked, until a commit moves or clears it."""
    user = new_user(store)
    set_timers(store, timer(user, "t", 60))
    assert ids_due(store) == ["t"]
    assert ids_due(store, now=59) == []

    assert store.timers(user) == [replace(timer(user, "t", 60), handed_at=NOW)]


@pytest.mark.parametrize(
    ("due", "handed", "is_given"),
    [
        (-10.000001, -10.000001, True),
        (-10, -10.000001, False),
        (-10.000001, -10, False),
        (-3600, -10, False),
        (-10, -3600, False),
        (-3600, -3600, True),
        (1, -3600, False),
    ],
)
def test_a_lost_timer_is_given_again_when_due_and_handing_lie_more_than_ten_seconds_back(
    store: Store,
    due: float,
    handed: float,
    is_given: bool,  # noqa: FBT001 - pytest's
) -> None:
    """Both strictly more than RETAKE_SECONDS before now, to the microsecond."""
    assert RETAKE_SECONDS == 10
    user = new_user(store)
    set_timers(store, timer(user, "t", due))
    assert ids_due(store, now=handed) == ["t"]

    assert ids_due(store, now=0) == ["t"] * is_given
    assert [one.handed_at for one in store.timers(user)] == [NOW if is_given else after(handed)]


def test_setting_a_timer_makes_it_unhanded(store: Store) -> None:
    """Also at the same instant, and whatever `handed_at` the caller passes."""
    user = new_user(store)
    set_timers(store, timer(user, "t"))
    assert ids_due(store) == ["t"]
    set_timers(store, replace(timer(user, "t"), handed_at=NOW))

    assert store.timers(user) == [timer(user, "t")]
    assert ids_due(store) == ["t"]


def test_moving_a_timer_takes_it_out_of_its_old_place(store: Store) -> None:
    """It is one timer, with one due instant."""
    user = new_user(store)
    set_timers(store, timer(user, "t", 10), timer(user, "t", 7200, revision=2))

    assert ids_due(store) == []
    assert ids_due(store, until=7200) == ["t"]


def test_clearing_a_timer_takes_it_out(store: Store) -> None:
    """Clearing one that is not there is fine, unless a guard says it must be."""
    user, other = new_user(store), new_user(store)
    set_timers(store, timer(user, "t"), timer(other, "t"))
    store.commit(Commit(user, NOW, timers=(TimerChange("t", None), TimerChange("never was", None))))

    assert [one.user for one in store.take_due(now=NOW, until=after(99), limit=9)] == [other]


@pytest.mark.parametrize(
    ("guard", "stands"),
    [
        ({}, True),
        ({"purpose": "another", "subject": "another", "set_at": after(5), "handed_at": after(5)}, True),
        ({"due_at": after(60.000001)}, False),
        ({"due_at": after(59.999999)}, False),
        ({"revision": 2}, False),
        ({"revision": 0}, False),
    ],
)
def test_a_guard_is_id_due_instant_and_revision(
    store: Store,
    guard: dict[str, object],
    stands: bool,  # noqa: FBT001 - pytest's
) -> None:
    """Nothing else about the timer matters, not even whether it was handed over."""
    user = new_user(store)
    stored = timer(user, "t", 60)
    set_timers(store, stored)
    assert ids_due(store) == ["t"]
    expected = replace(stored, **guard)  # type: ignore[arg-type]
    change = Commit(user, NOW, timers=(TimerChange("t", timer(user, "t", 90, revision=2), expected=expected),))

    if stands:
        store.commit(change)
        assert store.timers(user) == [timer(user, "t", 90, revision=2)]
    else:
        with pytest.raises(Conflict) as caught:
            store.commit(change)
        assert caught.value.code == "lost_timer"
        assert store.timers(user) == [replace(stored, handed_at=NOW)]


def test_a_guard_on_a_timer_that_is_gone_is_lost(store: Store) -> None:
    """Whether it is to be cleared or to be set."""
    user = new_user(store)
    gone = timer(user, "t")
    for wanted in (None, timer(user, "t", 90)):
        with pytest.raises(Conflict) as caught:
            store.commit(Commit(user, NOW, timers=(TimerChange("t", wanted, expected=gone),)))
        assert caught.value.code == "lost_timer"
    assert store.timers(user) == []


def test_released_timers_are_handed_over_at_once(store: Store) -> None:
    """A process that knows it is alone forgets who took what."""
    users = new_users(store, 2)
    set_timers(store, timer(users[0], "a", 1), timer(users[1], "b", 2), timer(users[1], "c", 7200))
    assert ids_due(store) == ["a", "b"]

    assert store.release_handed() == 2
    assert store.release_handed() == 0
    assert ids_due(store) == ["a", "b"]


def test_a_job_walks_everybody_who_has_a_timer_of_a_purpose(store: Store) -> None:
    """Each user once, sorted, in portions; other purposes and other users are not touched."""
    users = new_users(store, 7)
    set_timers(store, *(timer(user, name, purpose="sleep") for user in users[:6] for name in ("one", "two")))
    set_timers(store, timer(users[6], "t", purpose="ring"), timer(users[0], "r", purpose="ring"))

    walked, last = [], None
    while portion := store.users_with_timers("sleep", after=last, limit=4):
        assert len(portion) <= 4
        walked += portion
        last = portion[-1]
    assert walked == sorted(users[:6])
    assert store.users_with_timers("ring", after=None, limit=9) == sorted([users[0], users[6]])
    assert store.users_with_timers("nothing", after=None, limit=9) == []


def test_hundreds_of_timers_of_one_minute_are_all_handed_over(store: Store, backend: Backend) -> None:
    """Each once, over several calls, those of the same instant too."""
    users = new_users(store, backend.crowd // 2)
    store.commit_many(
        [
            Commit(user, NOW, timers=(TimerChange("a", timer(user, "a", 60)), TimerChange("b", timer(user, "b", 30))))
            for user in users
        ]
    )

    taken: list[tuple[str, str]] = []
    while portion := store.take_due(now=NOW, until=after(60), limit=90):
        assert len(portion) <= 90
        taken += [(one.user, one.id) for one in portion]
    assert [name for _, name in taken] == ["b"] * len(users) + ["a"] * len(users)
    assert sorted(taken) == sorted((user, name) for user in users for name in "ab")


def test_timers_touch_no_document(store: Store) -> None:
    """Handing over raises neither seq nor version."""
    user = new_user(store)
    save(store, user, "alarm", "a")
    set_timers(store, timer(user, "t"))
    ids_due(store)

    assert (store.seq(user), store.get(user, "alarm", "a").version) == (1, 1)

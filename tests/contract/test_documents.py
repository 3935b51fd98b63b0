"""Documents: what is put comes back, to its owner only, one by one, in lists, pages and bulk."""

from datetime import UTC, datetime
from typing import Any

import pytest

from smartalarm.errors import NotFound
from smartalarm.ports import Commit, Document, Key, Put, Store
from tests.contract.backends import Backend
from tests.contract.samples import NOW, after, delete, new_user, new_users, save

EVERYTHING = {
    "text": "früh \u4f60\u597d \U0001f634 \u0000 \u001f \u2028 \\ \" ' %s :x",
    "lone surrogate": "\ud800",
    "numbers": [0, -1, 2**53 + 1, 10**30, 0.1, -1e-300, 1.5e300],
    "others": [True, False, None, "", [], {}],
    "deep": {"a": [{"b": [[{"c": None}]]}]},
    "": "an empty name",
}


def test_a_document_comes_back_as_it_was_put(store: Store) -> None:
    """Every type of JSON, texts of every kind, an expiry to the microsecond."""
    user = new_user(store)
    expires_at = after(3600.000001)
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", EVERYTHING, expires_at=expires_at),)))

    assert Document(user, "alarm", "a", 1, 1, EVERYTHING, expires_at=expires_at) == store.get(user, "alarm", "a")


def test_types_of_json_stay_what_they_are(store: Store) -> None:
    """True is not 1, 1 is not 1.0."""
    user = new_user(store)
    save(store, user, "alarm", "a", value=[True, 1, 1.0])

    assert [bool, int, float] == [type(value) for value in store.get(user, "alarm", "a").fields["value"]]


def test_a_field_may_hold_200_kib(store: Store) -> None:
    """The largest document a client may send, and some more for the clocks beside it."""
    user = new_user(store)
    large = "\u00e9\U0001f634x" * (200 * 1024 // 7)
    save(store, user, "alarm", "a", large=large)

    assert large == store.get(user, "alarm", "a").fields["large"]


def test_unicode_ids_are_told_apart(store: Store) -> None:
    """Composed and decomposed, upper and lower case, blanks at the end."""
    user = new_user(store)
    ids = ["\u00e9", "e\u0301", "E\u0301", "e", "e ", " e", "%", "_", "\U0001f634"]
    save(store, user, "alarm", *ids)

    assert sorted(ids) == [document.id for document in store.page(user, "alarm").items]


def test_changing_what_was_put_or_read_changes_nothing_stored(store: Store) -> None:
    """The store shares no object with its callers."""
    user = new_user(store)
    mine: dict[str, Any] = {"tags": ["work"]}
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", mine),)))
    mine["tags"].append("mutated")
    read: Any = store.get(user, "alarm", "a").fields
    read["tags"].append("mutated")
    bulk: Any = store.read([Key(user, "alarm", "a")])[Key(user, "alarm", "a")].fields
    bulk["more"] = 1

    assert store.get(user, "alarm", "a").fields == {"tags": ["work"]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, datetime(2026, 1, 1, tzinfo=UTC)])
def test_what_is_not_json_is_refused_and_nothing_is_stored(store: Store, value: Any) -> None:
    """A programming error, found at once and not on the day somebody reads it."""
    user = new_user(store)
    with pytest.raises((TypeError, ValueError)):
        store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {}), Put("alarm", "b", {"value": value}))))

    assert (store.seq(user), store.read([Key(user, "alarm", "a")])) == (0, {})


# ------------------------------------------------------------------------------------------------ whose it is


def test_what_was_never_put_is_not_found(store: Store) -> None:
    """Neither a document, nor a kind, nor a user."""
    user = new_user(store)
    save(store, user, "alarm", "a")

    for owner, kind, document_id in [(user, "alarm", "b"), (user, "device", "a"), ("nobody", "alarm", "a")]:
        with pytest.raises(NotFound):
            store.get(owner, kind, document_id)


def test_another_users_document_is_not_found(store: Store) -> None:
    """Absent or somebody else's: the two are never told apart."""
    owner, other = new_user(store), new_user(store)
    save(store, owner, "alarm", "a")

    with pytest.raises(NotFound) as absent:
        store.get(other, "alarm", "b")
    with pytest.raises(NotFound) as foreign:
        store.get(other, "alarm", "a")
    assert (absent.value.detail, absent.value.code) == (foreign.value.detail, foreign.value.code)
    assert (
        store.read([Key(other, "alarm", "a")]),
        store.count(other, "alarm"),
        store.page(other, "alarm").items,
        store.list_many([other], ["alarm"]),
    ) == ({}, 0, (), {})


def test_two_users_may_use_the_same_id(store: Store) -> None:
    """Ids are unique within a user and a kind."""
    one, two = new_user(store), new_user(store)
    save(store, one, "alarm", "a", of="one")
    save(store, two, "alarm", "a", of="two")
    save(store, two, "device", "a", of="device")

    assert [store.get(user, kind, "a").fields["of"] for user, kind in [(one, "alarm"), (two, "alarm"), (two, "device")]] == [
        "one",
        "two",
        "device",
    ]


def test_a_deleted_document_is_not_found_but_its_tombstone_is_read(store: Store) -> None:
    """A tombstone keeps its fields, and its version counts on."""
    user = new_user(store)
    save(store, user, "alarm", "a", label="x")
    store.commit(Commit(user, NOW, writes=(Put("alarm", "a", {"label": "x"}, deleted=True),)))

    with pytest.raises(NotFound):
        store.get(user, "alarm", "a")
    key = Key(user, "alarm", "a")
    assert {key: Document(user, "alarm", "a", 2, 2, {"label": "x"}, deleted=True)} == store.read([key])


@pytest.mark.parametrize("document_id", ["\0", "a\0b", "\ud800", "x" * 5000, "' OR 1=1 --", "%", "a:b:c", ":", ""])
def test_an_id_that_nothing_can_have_is_just_not_found(store: Store, document_id: str) -> None:
    """Paths of requests reach the store as they are."""
    user = new_user(store)
    save(store, user, "alarm", "a")

    with pytest.raises(NotFound):
        store.get(user, "alarm", document_id)
    assert store.read([Key(user, "alarm", document_id)]) == {}


# ------------------------------------------------------------------------------------------------ many at once


def test_read_gives_those_that_exist_of_any_users(store: Store) -> None:
    """Absent ones are left out, one asked for twice comes once."""
    one, two = new_user(store), new_user(store)
    save(store, one, "alarm", "a")
    save(store, two, "device", "d:1:2")
    delete(store, two, "device", "gone")
    keys = [Key(one, "alarm", "a"), Key(two, "device", "d:1:2"), Key(two, "device", "gone")]

    found = store.read([*keys, keys[0], Key(one, "device", "d:1:2"), Key(two, "alarm", "a")])

    assert set(keys) == set(found)
    assert keys == [found[key].key for key in keys]
    assert store.read([]) == {}


def test_a_thousand_users_are_read_and_listed_at_once(store: Store, backend: Backend) -> None:
    """More keys than any backend takes in one call."""
    users = new_users(store, backend.crowd)
    store.commit_many(
        [
            Commit(user, NOW, writes=(Put("device", "d", {"of": user}), Put("device", "gone", {}, deleted=True)))
            for user in users
        ]
    )

    keys = [Key(user, "device", name) for user in users for name in ("d", "gone")]
    assert set(keys) == set(store.read(keys))
    listed = store.list_many([*users, "nobody"], ["device", "settings"])
    assert {user: [user] for user in users} == {
        user: [document.fields["of"] for document in documents] for user, documents in listed.items()
    }


def test_lists_of_many_are_sorted_by_kind_and_order_key(store: Store) -> None:
    """Live documents of the kinds asked for; users without any are absent."""
    one, two, three = new_user(store), new_user(store), new_user(store)
    save(store, one, "device", "b:2", "a:3", "plain")
    save(store, one, "answer", "z")
    save(store, one, "secret", "s")
    save(store, two, "device", "x")
    delete(store, two, "device", "y")
    delete(store, three, "device", "x")

    listed = store.list_many(iter([two, one, one, three]), ["device", "answer", "device"])

    assert {
        one: [("answer", "z"), ("device", "b:2"), ("device", "a:3"), ("device", "plain")],
        two: [("device", "x")],
    } == {user: [(document.kind, document.id) for document in documents] for user, documents in listed.items()}
    assert (store.list_many([], ["device"]), store.list_many([one], [])) == ({}, {})


def test_count_counts_live_documents_of_one_kind(store: Store) -> None:
    """Tombstones and other kinds do not count, a revived one does."""
    user = new_user(store)
    save(store, user, "alarm", "a", "b", "c")
    save(store, user, "device", "d")
    delete(store, user, "alarm", "a", "b")
    save(store, user, "alarm", "b")

    assert tuple(store.count(user, kind) for kind in ("alarm", "device", "settings")) == (2, 1, 0)

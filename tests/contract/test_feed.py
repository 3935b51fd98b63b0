"""The change feed: everything a user's devices have to learn, in order, without a gap."""

import pytest

from smartalarm.ports import ChangePage, Commit, Cursor, Document, Put, Store
from tests.contract.samples import NOW, delete, new_user, save


def walk(store: Store, user: str, limit: int, since: Cursor | None = None) -> list[Document]:
    """All pages from a cursor on."""
    cursor = since or Cursor()
    found: list[Document] = []
    while True:
        page = store.changes(user, cursor, limit)
        assert len(page.items) <= limit
        found += page.items
        if not page.more:
            return found
        assert page.cursor > cursor
        cursor = page.cursor


def names(documents: list[Document]) -> list[tuple[int, str, str]]:
    """Their places in the feed."""
    return [(document.seq, document.kind, document.id) for document in documents]


def test_the_feed_is_in_the_order_of_seq_kind_and_id(store: Store) -> None:
    """By the id itself, not by the order key of lists."""
    user = new_user(store)
    store.commit(
        Commit(
            user,
            NOW,
            writes=tuple(
                Put(kind, name, {}) for kind, name in [("b", "z:1"), ("b", "a:2"), ("a", "x"), ("b", "\u00e9"), ("b", "B")]
            ),
        )
    )
    save(store, user, "a", "a")

    expected = [(1, "a", "x"), (1, "b", "B"), (1, "b", "a:2"), (1, "b", "z:1"), (1, "b", "\u00e9"), (2, "a", "a")]
    assert names(walk(store, user, 100)) == expected


def test_each_document_comes_once_at_its_latest_version(store: Store) -> None:
    """Tombstones included, with their fields."""
    user = new_user(store)
    save(store, user, "alarm", "a", "b", "c", n=1)
    save(store, user, "alarm", "a", n=2)
    delete(store, user, "alarm", "c")

    assert walk(store, user, 100) == [
        Document(user, "alarm", "b", 1, 1, {"n": 1}),
        Document(user, "alarm", "a", 2, 2, {"n": 2}),
        Document(user, "alarm", "c", 2, 3, {}, deleted=True),
    ]


@pytest.mark.parametrize("limit", [1, 3, 7, 20, 64, 65])
def test_a_page_that_splits_a_commit_loses_none_of_it(store: Store, limit: int) -> None:
    """Whatever the limit, the pages together are the whole feed, each document once."""
    user = new_user(store)
    for number in range(4):
        save(store, user, "alarm", *(f"{number}-{part:02}" for part in range(16)))

    whole = walk(store, user, 1000)
    assert len(whole) == 64
    assert walk(store, user, limit) == whole


def test_the_feed_goes_on_after_any_cursor(store: Store) -> None:
    """Also after one whose document was written again or never was."""
    user = new_user(store)
    save(store, user, "alarm", "a", "b", "c")
    cursor = store.changes(user, Cursor(), 2).cursor
    assert cursor == Cursor(1, "alarm", "b")
    save(store, user, "alarm", "b")

    after_b = [(1, "alarm", "c"), (2, "alarm", "b")]
    assert names(walk(store, user, 1, cursor)) == after_b
    assert names(walk(store, user, 1, Cursor(1, "alarm", "bb"))) == after_b
    assert names(walk(store, user, 1, Cursor(1, "aaa", "zzz"))) == [(1, "alarm", "a"), *after_b]
    assert names(walk(store, user, 1, Cursor(1))) == [(1, "alarm", "a"), *after_b]
    assert names(walk(store, user, 1, Cursor(2))) == [(2, "alarm", "b")]
    assert names(walk(store, user, 1, Cursor(1, "b", ""))) == [(2, "alarm", "b")]


def test_nothing_new_is_an_empty_page_at_the_same_cursor(store: Store) -> None:
    """For a user without anything, for nobody, and at the end."""
    user = new_user(store)
    save(store, user, "alarm", "a")
    end = store.changes(user, Cursor(), 10).cursor

    for owner, since in [(user, end), (new_user(store), Cursor()), ("nobody", Cursor(3, "x", "y"))]:
        assert store.changes(owner, since, 10) == ChangePage((), since, more=False)


def test_more_is_said_only_when_more_follows(store: Store) -> None:
    """A page that ends exactly at the end says so."""
    user = new_user(store)
    save(store, user, "alarm", "a", "b", "c")

    assert [store.changes(user, Cursor(), limit).more for limit in (2, 3, 4)] == [True, False, False]


def test_a_feed_holds_its_own_users_changes_only(store: Store) -> None:
    """Another user's documents are never in it."""
    one, two = new_user(store), new_user(store)
    save(store, one, "alarm", "a")
    save(store, two, "alarm", "b")

    assert names(walk(store, one, 10)) == [(1, "alarm", "a")]


@pytest.mark.parametrize("since", [Cursor(0, "\0", "a"), Cursor(0, "a", "\ud800"), Cursor(0, "x" * 2000, "y")])
def test_a_cursor_with_strange_text_is_only_a_place(store: Store, since: Cursor) -> None:
    """Clients send cursors back; what they changed in them is their loss."""
    user = new_user(store)
    save(store, user, "alarm", "a")

    assert names(walk(store, user, 10, since)) == [(1, "alarm", "a")]

"""Pages: a list cut into pieces loses and repeats nothing, and its cursors cannot be made up."""

from typing import Any

import pytest

from smartalarm.errors import Invalid
from smartalarm.ports import Store, order_key
from tests.contract.samples import delete, new_user, save


def occurrence_ids(count: int) -> list[str]:
    """Ids of occurrences of three alarms, in the order of their instants."""
    return [f"alarm-{number % 3}:2026{number:05}" for number in range(count)]


def pages_of(store: Store, user: str, limit: int, **bounds: Any) -> list[list[str]]:
    """The ids of all pages, one after the other."""
    pages, after_ = [], None
    while True:
        page = store.page(user, "occurrence", after=after_, limit=limit, **bounds)
        pages.append([document.id for document in page.items])
        if page.next is None:
            return pages
        assert page.next.replace("-", "").replace("_", "").isalnum(), page.next  # goes into a URL as it is
        after_ = page.next


def save_all(store: Store, user: str, ids: list[str]) -> None:
    """Twenty to a commit, in an order of their own."""
    shuffled = sorted(ids, key=lambda document_id: hash(document_id) % 97)
    for start in range(0, len(shuffled), 20):
        save(store, user, "occurrence", *shuffled[start : start + 20])


def test_pages_of_450_documents_lose_and_repeat_none(store: Store) -> None:
    """By order key: occurrences of all alarms by their instant; newest first is the same, backwards."""
    user = new_user(store)
    ids = occurrence_ids(450)
    save_all(store, user, ids)
    delete(store, user, "occurrence", ids[7], ids[200])
    save(store, user, "other", *ids[:20])
    live = [document_id for document_id in ids if document_id not in {ids[7], ids[200]}]

    assert [live[:200], live[200:400], live[400:]] == pages_of(store, user, 200)
    backwards = live[::-1]
    assert [backwards[start : start + 100] for start in range(0, 448, 100)] == pages_of(store, user, 100, newest_first=True)
    assert [live] == pages_of(store, user, 448)


def test_the_last_full_page_has_no_next(store: Store) -> None:
    """No empty page at the end."""
    user = new_user(store)
    ids = occurrence_ids(4)
    save_all(store, user, ids)

    assert [ids[:2], ids[2:]] == pages_of(store, user, 2)


def test_a_page_of_nothing_is_empty(store: Store) -> None:
    """Nor is it an error when there is no such user."""
    for user in (new_user(store), "nobody"):
        page = store.page(user, "occurrence")
        assert (page.items, page.next) == ((), None)


@pytest.mark.parametrize("newest_first", [False, True])
def test_bounds_are_order_keys_and_inclusive(store: Store, newest_first: bool) -> None:  # noqa: FBT001 - pytest's
    """`first` and `last` may be keys that are there, or only beginnings of such."""
    user = new_user(store)
    ids = occurrence_ids(30)
    save_all(store, user, ids)

    def between(first: str | None, last: str | None) -> list[str]:
        pages = pages_of(store, user, 4, first=first, last=last, newest_first=newest_first)
        found = [document_id for page in pages for document_id in page]
        return found[::-1] if newest_first else found

    assert ids[10:21] == between(order_key(ids[10]), order_key(ids[20]))
    assert ids[10:20] == between("202600010", "202600020")
    assert (ids[25:], ids[:6]) == (between(order_key(ids[25]), None), between(None, order_key(ids[5])))
    assert (between("2027", None), between(order_key(ids[20]), order_key(ids[10]))) == ([], [])


def test_the_order_is_by_code_point(store: Store) -> None:
    """The same on every backend, whatever the locale of its server says."""
    user = new_user(store)
    ids = ["a", "B", "b", "A", "_", "-", "1", "10", "2", "\u00e4", "z", "\uffee", "\U0001f634", "a:z", "b:a"]
    save(store, user, "occurrence", *ids)

    assert [sorted(ids, key=order_key)] == pages_of(store, user, 50)


def test_a_page_goes_on_after_a_document_that_is_gone(store: Store) -> None:
    """The cursor is a place, not a document."""
    user = new_user(store)
    ids = occurrence_ids(6)
    save_all(store, user, ids)
    page = store.page(user, "occurrence", limit=3)
    delete(store, user, "occurrence", *ids[1:4])
    save(store, user, "occurrence", "early:20250")

    rest = store.page(user, "occurrence", after=page.next)
    assert ids[4:] == [document.id for document in rest.items]


@pytest.mark.parametrize("text", ["", "0", "x", "null", "%%%", "\u00e9", "AAAAAAAA", "====", "a" * 5000, "\ud800", "\0"])
def test_a_cursor_that_no_page_gave_is_invalid(store: Store, text: str) -> None:
    """Named by its parameter, so that the client is told which."""
    user = new_user(store)
    with pytest.raises(Invalid) as caught:
        store.page(user, "occurrence", after=text)
    assert [error.pointer for error in caught.value.errors] == ["/after"]


def test_a_cursor_that_was_changed_or_belongs_to_another_kind_is_invalid(store: Store) -> None:
    """A character less, a character more, another character, another list."""
    user = new_user(store)
    save_all(store, user, occurrence_ids(3))
    cursor = store.page(user, "occurrence", limit=1).next
    assert cursor

    for kind, text in [
        ("occurrence", cursor[:-1]),
        ("occurrence", cursor + "A"),
        ("occurrence", cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]),
        ("alarm", cursor),
    ]:
        with pytest.raises(Invalid):
            store.page(user, kind, after=text)

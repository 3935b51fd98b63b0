"""DynamoDB's units by Amazon's rules: sizes of items, writes, reads and what indexes add."""

import pytest

from scripts.costs.capacity import Item, index_units, item_bytes, read_units, write_units
from smartalarm.adapters.dynamo.table import table_definition

BY_CHANGE = table_definition("t")["LocalSecondaryIndexes"][0]
BY_DUE, BY_LOOKUP = table_definition("t")["GlobalSecondaryIndexes"]


def an_item(**attributes: dict[str, str]) -> Item:
    """An item with its keys."""
    return {"PK": {"S": "u#1"}, "SK": {"S": "t#1"}, **attributes}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "é"}, 2),
        ({"N": "7"}, 2),
        ({"N": "1796108400000000"}, 5),
        ({"N": "-12345"}, 4),
        ({"B": b"123"}, 3),
        ({"BOOL": True}, 1),
    ],
)
def test_a_value_has_the_size_that_amazon_says(value: dict[str, object], expected: int) -> None:
    """Strings in UTF-8, a byte for two digits and one more, without zeros at the ends."""
    assert item_bytes({"a": value}) == 1 + expected


@pytest.mark.parametrize(
    ("before", "after", "expected"), [(None, 100, 1), (100, None, 1), (3000, 100, 3), (100, 1100, 2), (None, None, 1)]
)
def test_a_write_costs_what_the_larger_of_both_items_takes(before: int | None, after: int | None, expected: int) -> None:
    """A KB begun is a unit; a delete of nothing costs one as well."""
    items = [None if size is None else an_item(text={"S": "x" * size}) for size in (before, after)]
    assert write_units(*items) == expected


@pytest.mark.parametrize(("sizes", "consistent", "expected"), [([], True, 1), ([100], False, 0.5), ([3000, 3000], True, 2)])
def test_a_read_costs_what_it_looks_at(sizes: list[int], consistent: bool, expected: float) -> None:  # noqa: FBT001  a case
    """4 KB begun are a unit, or half of one; a look that finds nothing costs one as well."""
    assert read_units([an_item(text={"S": "x" * size}) for size in sizes], consistent=consistent) == expected


def test_an_index_costs_once_for_what_comes_or_goes_and_twice_for_what_moves() -> None:
    """A timer in the due index."""
    early, late = (an_item(due_shard={"S": "1"}, due_at={"N": number}) for number in ("5", "6"))
    assert [index_units(BY_DUE, *change) for change in ((None, early), (early, None), (early, late), (early, early))] == [
        1,
        1,
        2,
        0,
    ]


def test_an_index_that_shows_everything_costs_for_every_change() -> None:
    """Handing a timer over marks it, and the due index shows the mark."""
    timer = an_item(due_shard={"S": "1"}, due_at={"N": "5"})
    assert index_units(BY_DUE, timer, {**timer, "handed_at": {"N": "4"}}) == 1


def test_an_index_of_keys_costs_nothing_for_what_it_does_not_show() -> None:
    """And nothing for items that it leaves out."""
    document = an_item(changed={"S": "1"})
    assert index_units(BY_CHANGE, document, {**document, "fields": {"S": "new"}}) == 0
    assert index_units(BY_LOOKUP, None, document) == 0

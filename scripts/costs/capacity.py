"""DynamoDB's request units by Amazon's published rules, from the items themselves and not from what an emulator reports.

Sizes: attribute names and strings count their UTF-8 bytes, binary its bytes, a number one byte for each two significant
digits and one more, a boolean 1. A write costs a unit for each KB begun of the larger of the item before and after, twice
that in a transaction. Each index that shows the item is written at its own size: once when the entry comes, goes or changes,
twice (out and in) when its key moves. A consistent read costs a unit for each 4 KB begun, an eventually consistent one half.
Amazon does not say that a transaction's index writes are doubled, so they count once.
Source: DynamoDB developer guide, "Read and write operations", "Item sizes", "Secondary indexes", "Transactions".
"""

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

Item = Mapping[str, Mapping[str, Any]]

WRITE_BYTES, READ_BYTES = 1024, 4096


def item_bytes(item: Item) -> int:
    """The size of an item as DynamoDB counts it."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return (len(content.lstrip("-").replace(".", "").strip("0")) + 1) // 2 + 1
    if kind == "B":
        return len(base64.b64decode(content)) if isinstance(content, str) else len(content)
    if kind in {"BOOL", "NULL"}:
        return 1
    raise ValueError(f"no rule for an attribute of type {kind}")


def write_units(before: Item | None, after: Item | None) -> int:
    """What the table takes for one plain write; `None`: there was or is no such item."""
    return max(1, *(math.ceil(item_bytes(item) / WRITE_BYTES) for item in (before or {}, after or {})))


def read_units(items: Sequence[Item], *, consistent: bool) -> float:
    """What one query or one get takes for what it looked at."""
    units = max(1, math.ceil(sum(map(item_bytes, items)) / READ_BYTES))
    return units if consistent else units / 2


def index_units(definition: Mapping[str, Any], before: Item | None, after: Item | None) -> int:
    """What one index takes for a write of the table. `definition`: as in CreateTable."""
    keys = [part["AttributeName"] for part in definition["KeySchema"]]
    is_whole = definition["Projection"]["ProjectionType"] == "ALL"
    old, new = (_entry(keys, item, is_whole=is_whole) for item in (before, after))
    if old == new:
        return 0
    if old is None or new is None or any(old[key] != new[key] for key in keys):
        return sum(write_units(None, entry) for entry in (old, new) if entry is not None)
    return write_units(old, new)


def _entry(keys: Sequence[str], item: Item | None, *, is_whole: bool) -> Item | None:
    """What the index holds of an item; None where it is left out."""
    if item is None or any(key not in item for key in keys):
        return None
    return item if is_whole else {name: item[name] for name in {*keys, "PK", "SK"}}

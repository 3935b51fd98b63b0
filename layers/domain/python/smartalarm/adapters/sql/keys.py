"""Many keys in one statement. SQLite and PostgreSQL take them as one JSON text: one statement for any number of them.

A list of row values would be a new statement for each length, and PostgreSQL plans 500 of them slower than it runs them.
Other dialects get such lists, in portions.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from smartalarm.storage.rules import is_storable

PORTION = 1000  # keys per statement
_LISTED_PORTION = 200  # row values per statement, for dialects without the JSON functions

Statement = Callable[[sa.FromClause, sa.ColumnElement[bool]], sa.Select[Any]]


class KeyQuery:
    """A select of the rows whose `columns` are among given keys.

    `statement` gets the FROM clause and the condition and gives the select. Bind names other than `keys` are free.
    """

    def __init__(self, columns: Sequence[sa.Column[Any]], statement: Statement) -> None:
        self._columns = tuple(columns)
        self._statement = statement
        self._for_dialect = cache(self.for_dialect)

    def run(self, connection: sa.Connection, keys: Iterable[Sequence[str]], **parameters: Any) -> Iterator[Any]:
        """The rows found, portion by portion. Keys that no database can hold are left out."""
        name = connection.dialect.name
        wanted = [key for key in dict.fromkeys(map(tuple, keys)) if all(map(is_storable, key))]
        is_listed = name not in _ELEMENTS
        size = _LISTED_PORTION if is_listed else PORTION
        for start in range(0, len(wanted), size):
            portion: Any = wanted[start : start + size]
            if not is_listed:
                portion = json.dumps(portion)
            yield from connection.execute(self._for_dialect(name), {"keys": portion, **parameters}).all()

    def for_dialect(self, name: str) -> sa.Select[Any]:
        """The select as this dialect takes it."""
        table = self._columns[0].table
        if name not in _ELEMENTS:
            among = sa.tuple_(*self._columns).in_(sa.bindparam("keys", expanding=True))
            return self._statement(table, among)
        elements, part = _ELEMENTS[name]
        given = elements(sa.bindparam("keys", type_=sa.Text()))
        parts = [column == sa.literal_column(part.format(place), sa.Text()) for place, column in enumerate(self._columns)]
        return self._statement(given.join(table, sa.and_(*parts)), sa.true())


def _sqlite_elements(keys: sa.BindParameter[str]) -> sa.FromClause:
    return sa.func.json_each(keys).table_valued("value", name="given")


def _postgresql_elements(keys: sa.BindParameter[str]) -> sa.FromClause:
    return sa.func.json_array_elements(sa.cast(keys, sa.JSON)).table_valued("value", name="given")


_ELEMENTS: dict[str, tuple[Callable[[sa.BindParameter[str]], sa.FromClause], str]] = {
    "sqlite": (_sqlite_elements, "json_extract(given.value, '$[{}]')"),
    "postgresql": (_postgresql_elements, "(given.value ->> {})"),
}

"""Reading documents: one, many, a page of a list, a page of the change feed."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.keys import PORTION, KeyQuery
from smartalarm.adapters.sql.rows import DOCUMENT_COLUMNS, row_to_document
from smartalarm.adapters.sql.schema import documents, users
from smartalarm.errors import NotFound
from smartalarm.ports import ChangePage, Cursor, Document, Key, Page, order_key
from smartalarm.storage.cursors import cursor_to_place, place_to_cursor
from smartalarm.storage.rules import is_storable

_MOST = sa.bindparam("most", type_=sa.Integer())
_OF_USER = documents.c.user_id == sa.bindparam("user")
_OF_KIND = (_OF_USER, documents.c.kind == sa.bindparam("kind"))
_IS_LIVE = documents.c.is_deleted == 0

_GET = sa.select(*DOCUMENT_COLUMNS).where(*_OF_KIND, documents.c.order_key == sa.bindparam("place"), _IS_LIVE)
_READ = KeyQuery(
    [documents.c.user_id, documents.c.kind, documents.c.order_key],
    lambda source, among: sa.select(*DOCUMENT_COLUMNS).select_from(source).where(among),
)
_COUNT = sa.select(sa.func.count()).select_from(documents).where(*_OF_KIND, _IS_LIVE)
_SEQ = sa.select(users.c.seq).where(users.c.id == sa.bindparam("user"))
_LIST_MANY = KeyQuery(
    [documents.c.user_id],
    lambda source, among: (
        sa.select(*DOCUMENT_COLUMNS)
        .select_from(source)
        .where(among, documents.c.kind.in_(sa.bindparam("kinds", expanding=True)), _IS_LIVE)
        .order_by(documents.c.user_id, documents.c.kind, documents.c.order_key)
    ),
)
_IS_FROM = documents.c.seq >= sa.bindparam("seq")
_IS_PAST = sa.or_(
    documents.c.seq > sa.bindparam("seq"),
    documents.c.kind > sa.bindparam("kind"),
    sa.and_(documents.c.kind == sa.bindparam("kind"), documents.c.id > sa.bindparam("id")),
)
_CHANGES_FROM = (  # where the cursor stands before a whole commit; '' would be NULL on Oracle
    sa.select(*DOCUMENT_COLUMNS)
    .where(_OF_USER, _IS_FROM)
    .order_by(documents.c.seq, documents.c.kind, documents.c.id)
    .limit(_MOST)
)
_CHANGES_PAST = _CHANGES_FROM.where(_IS_PAST)


@cache
def page_statement(*, has_after: bool, has_first: bool, has_last: bool, newest_first: bool) -> sa.Select[Any]:
    """A page with or without its bounds: sixteen statements, so that each has the index for all it asks."""
    place = documents.c.order_key
    statement = sa.select(*DOCUMENT_COLUMNS).where(*_OF_KIND, _IS_LIVE)
    if has_after:
        after: sa.BindParameter[str] = sa.bindparam("after")
        statement = statement.where(place < after if newest_first else place > after)
    if has_first:
        statement = statement.where(place >= sa.bindparam("first"))
    if has_last:
        statement = statement.where(place <= sa.bindparam("last"))
    return statement.order_by(place.desc() if newest_first else place).limit(_MOST)


def get_document(engine: Engine, user: str, kind: str, document_id: str) -> Document:
    """See `Store.get`."""
    if not is_storable(document_id):
        raise NotFound
    parameters = {"user": user, "kind": kind, "place": order_key(document_id)}
    row = engine.read(lambda connection: connection.execute(_GET, parameters).first())
    if row is None:
        raise NotFound
    return row_to_document(row)


def read_documents(engine: Engine, keys: Iterable[Key]) -> dict[Key, Document]:
    """See `Store.read`."""
    wanted = [(key.user, key.kind, order_key(key.id)) for key in keys]
    if not wanted:
        return {}
    rows = engine.read(lambda connection: list(_READ.run(connection, wanted)), is_snapshot=len(wanted) > PORTION)
    return {document.key: document for document in map(row_to_document, rows)}


def page_of_documents(
    engine: Engine,
    user: str,
    kind: str,
    *,
    after: str | None,
    limit: int,
    newest_first: bool,
    first: str | None,
    last: str | None,
) -> Page:
    """See `Store.page`."""
    place = None if after is None else cursor_to_place(kind, after)
    bounds = {"after": place, "first": first, "last": last}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    statement = page_statement(
        has_after=place is not None, has_first=first is not None, has_last=last is not None, newest_first=newest_first
    )
    parameters = {"user": user, "kind": kind, "most": limit + 1, **given}
    rows = engine.read(lambda connection: connection.execute(statement, parameters).all())
    items = tuple(row_to_document(row) for row in rows[:limit])
    return Page(items, place_to_cursor(kind, order_key(items[-1].id)) if len(rows) > limit else None)


def list_documents(engine: Engine, users_asked: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
    """See `Store.list_many`."""
    wanted = [(user,) for user in users_asked]
    if not wanted or not kinds:
        return {}
    rows = engine.read(
        lambda connection: list(_LIST_MANY.run(connection, wanted, kinds=sorted(set(kinds)))),
        is_snapshot=len(wanted) > PORTION,
    )
    found: dict[str, list[Document]] = {}
    for document in map(row_to_document, rows):
        found.setdefault(document.user, []).append(document)
    return found


def count_documents(engine: Engine, user: str, kind: str) -> int:
    """See `Store.count`."""
    return engine.read(lambda connection: connection.execute(_COUNT, {"user": user, "kind": kind}).scalar_one())


def changed_documents(engine: Engine, user: str, since: Cursor, limit: int) -> ChangePage:
    """See `Store.changes`."""
    parameters = {"user": user, "seq": since.seq, "most": limit + 1}
    statement = _CHANGES_FROM
    if since.kind and is_storable(since.kind + since.id):
        statement = _CHANGES_PAST
        parameters |= {"kind": since.kind, "id": since.id}
    rows = engine.read(lambda connection: connection.execute(statement, parameters).all())
    items = tuple(row_to_document(row) for row in rows[:limit])
    cursor = Cursor(items[-1].seq, items[-1].kind, items[-1].id) if items else since
    return ChangePage(items, cursor, len(rows) > limit)


def seq_of(engine: Engine, user: str) -> int:
    """See `Store.seq`."""
    return engine.read(lambda connection: connection.execute(_SEQ, {"user": user}).scalar()) or 0

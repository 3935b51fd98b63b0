"""The due index: timers handed over by guarded updates whose rows are counted, never by locks of one dialect."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.errors import Raced
from smartalarm.adapters.sql.rows import TIMER_COLUMNS, instant_to_micros, row_to_timer
from smartalarm.adapters.sql.schema import due_at_guard, timers
from smartalarm.ports import RETAKE_SECONDS, Timer

_IS_UNHANDED = timers.c.handed_at.is_(None)
_LONG_AGO: sa.BindParameter[int] = sa.bindparam("long_ago")
_IS_LOST = sa.and_(timers.c.due_at < _LONG_AGO, timers.c.handed_at < _LONG_AGO)
_DUE = (
    sa.select(*TIMER_COLUMNS)
    .where(timers.c.due_at <= sa.bindparam("until"), sa.or_(_IS_UNHANDED, _IS_LOST))
    .order_by(timers.c.due_at, timers.c.user_id, timers.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_IS_AS_READ = (
    timers.c.user_id == sa.bindparam("user"),
    timers.c.id == sa.bindparam("timer"),
    due_at_guard == sa.bindparam("as_due_at"),
    timers.c.revision == sa.bindparam("as_revision"),
)
_HAND = sa.update(timers).values(handed_at=sa.bindparam("now")).where(*_IS_AS_READ, sa.or_(_IS_UNHANDED, _IS_LOST))
_RELEASE = sa.update(timers).values(handed_at=None).where(timers.c.handed_at.is_not(None))
_OF_USER = sa.select(*TIMER_COLUMNS).where(timers.c.user_id == sa.bindparam("user")).order_by(timers.c.due_at, timers.c.id)
_USERS = (
    sa.select(timers.c.user_id)
    .where(timers.c.purpose == sa.bindparam("purpose"))
    .distinct()
    .order_by(timers.c.user_id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
_USERS_AFTER = _USERS.where(timers.c.user_id > sa.bindparam("after"))


def take_due(engine: Engine, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
    """See `Store.take_due`."""
    parameters = {
        "now": instant_to_micros(now),
        "until": instant_to_micros(until),
        "long_ago": instant_to_micros(now - timedelta(seconds=RETAKE_SECONDS)),
        "most": limit,
    }

    def is_any_due(connection: sa.Connection) -> bool:
        return connection.execute(_DUE, {**parameters, "most": 1}).first() is not None

    def work(connection: sa.Connection, attempt: int) -> list[Timer]:
        due = [row_to_timer(row) for row in connection.execute(_DUE, parameters)]
        taken = _hand(connection, due, parameters, is_contended=attempt > 0)
        return [replace(timer, handed_at=now) for timer in taken]

    # Most often nothing is due, and then nobody needs to become a writer.
    return engine.write(work) if engine.read(is_any_due) else []


def _hand(connection: sa.Connection, due: Sequence[Timer], parameters: dict[str, Any], *, is_contended: bool) -> list[Timer]:
    """Those of the timers that are ours now. All at once, unless somebody else is taking the same ones."""
    marks = [
        {
            "user": timer.user,
            "timer": timer.id,
            "as_due_at": instant_to_micros(timer.due_at),
            "as_revision": timer.revision,
            "now": parameters["now"],
            "long_ago": parameters["long_ago"],
        }
        for timer in due
    ]
    if not is_contended:
        marks.sort(key=lambda mark: (mark["user"], mark["timer"]))  # the order in which commits lock them as well
        if marks and connection.execute(_HAND, marks).rowcount != len(marks):
            raise Raced
        return list(due)
    in_order = sorted(zip(marks, due, strict=True), key=lambda pair: (pair[1].user, pair[1].id))
    ours = {(t.user, t.id) for mark, t in in_order if connection.execute(_HAND, mark).rowcount == 1}
    return [timer for timer in due if (timer.user, timer.id) in ours]


def release_handed(engine: Engine) -> int:
    """See `Store.release_handed`."""
    return engine.write(lambda connection, _: connection.execute(_RELEASE).rowcount)


def timers_of(engine: Engine, user: str) -> list[Timer]:
    """See `Store.timers`."""
    rows = engine.read(lambda connection: connection.execute(_OF_USER, {"user": user}).all())
    return [row_to_timer(row) for row in rows]


def users_with_timers(engine: Engine, purpose: str, *, after: str | None, limit: int) -> list[str]:
    """See `Store.users_with_timers`."""
    statement = _USERS if after is None else _USERS_AFTER
    parameters = {"purpose": purpose, "after": after, "most": limit}
    if after is None:
        del parameters["after"]
    return list(engine.read(lambda connection: connection.execute(statement, parameters).scalars().all()))

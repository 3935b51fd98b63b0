"""Claims: unique keys that are taken, changed and released by guarded statements whose rows are counted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from smartalarm.adapters.sql.engine import Engine
from smartalarm.adapters.sql.errors import Raced
from smartalarm.adapters.sql.keys import KeyQuery
from smartalarm.adapters.sql.rows import CLAIM_COLUMNS, instant_to_micros, optional_to_micros, row_to_claim
from smartalarm.adapters.sql.schema import claims
from smartalarm.ports import Claim, ClaimChange
from smartalarm.storage.jsontext import json_to_text
from smartalarm.storage.rules import check_claim, is_storable

_NOW: sa.BindParameter[int] = sa.bindparam("now")
_IS_LIVE = sa.or_(claims.c.expires_at.is_(None), claims.c.expires_at > _NOW)
_IS_AT = (claims.c.key == sa.bindparam("at"), claims.c.version == sa.bindparam("old_version"), _IS_LIVE)
_VALUES: dict[str, sa.BindParameter[Any]] = {
    name: sa.bindparam(name) for name in ("owner", "value", "expires_at", "version")
}

_GET = sa.select(*CLAIM_COLUMNS).where(claims.c.key == sa.bindparam("key"))
_GET_MANY = KeyQuery([claims.c.key], lambda source, among: sa.select(*CLAIM_COLUMNS).select_from(source).where(among))
_TAKE_FREE = sa.insert(claims)
_TAKE_EXPIRED = sa.update(claims).where(claims.c.key == sa.bindparam("at"), claims.c.expires_at <= _NOW).values(_VALUES)
_CHANGE = sa.update(claims).where(*_IS_AT).values(_VALUES)
_RELEASE = sa.delete(claims).where(*_IS_AT)
_HOLD = sa.update(claims).where(claims.c.key == sa.bindparam("at")).values(version=claims.c.version)


def read_claims(connection: sa.Connection, keys: Iterable[str], *, is_contended: bool) -> dict[str, Claim]:
    """The stored claims of these keys, expired ones included.

    When contended, their rows are held first, in order, by an update that changes nothing: so that what is read stays.
    """
    wanted = sorted(filter(is_storable, keys))
    if is_contended and wanted:
        connection.execute(_HOLD, [{"at": key} for key in wanted])
    return {row.key: row_to_claim(row) for row in _GET_MANY.run(connection, ((key,) for key in wanted))}


class ClaimWrites:
    """Collects changes of claims and runs them in the order of their keys."""

    def __init__(self) -> None:
        self._writes: list[tuple[str, sa.Executable, dict[str, Any]]] = []

    def add(self, change: ClaimChange, value: str | None, version: int, *, now: datetime, is_expired: bool) -> None:
        """Make this change to a claim at this version (0: free, with an expired row still there or not)."""
        at = {"at": change.key, "old_version": version, "now": instant_to_micros(now)}
        row = {
            "owner": change.owner or None,
            "value": value,
            "expires_at": optional_to_micros(change.expires_at),
            "version": version + 1,
        }
        if value is None:
            if version:
                self._writes.append((change.key, _RELEASE, at))
        elif version:
            self._writes.append((change.key, _CHANGE, at | row))
        elif is_expired:
            del at["old_version"]
            self._writes.append((change.key, _TAKE_EXPIRED, at | row))
        else:
            self._writes.append((change.key, _TAKE_FREE, {"key": change.key, **row}))

    def run(self, connection: sa.Connection) -> None:
        """Raises Raced when a claim is not as it was read; a key taken meanwhile breaks the unique key."""
        for _, statement, parameters in sorted(self._writes, key=lambda write: write[0]):
            result: sa.CursorResult[Any] = connection.execute(statement, parameters)
            if statement is not _TAKE_FREE and result.rowcount != 1:
                raise Raced


def get_claim(engine: Engine, key: str, *, now: datetime) -> Claim | None:
    """See `Store.claim`."""
    if not is_storable(key):
        return None
    row = engine.read(lambda connection: connection.execute(_GET, {"key": key}).first())
    return None if row is None else _live(row_to_claim(row), now)


def change_claim(engine: Engine, change: ClaimChange, *, now: datetime) -> Claim | None:
    """See `Store.change_claim`."""
    value = None if change.value is None else json_to_text(change.value)

    def work(connection: sa.Connection, attempt: int) -> Claim | None:
        stored = read_claims(connection, [change.key], is_contended=attempt > 0).get(change.key)
        claim = None if stored is None else _live(stored, now)
        check_claim(change, claim.version if claim else None)
        version = claim.version if claim else 0
        writes = ClaimWrites()
        writes.add(change, value, version, now=now, is_expired=stored is not None and claim is None)
        writes.run(connection)
        if value is None:
            return None
        return row_to_claim((change.key, change.owner, value, optional_to_micros(change.expires_at), version + 1))

    return engine.write(work)


def take_claim(engine: Engine, key: str, *, now: datetime) -> Claim | None:
    """See `Store.take_claim`."""
    if get_claim(engine, key, now=now) is None:  # most often: no need to become a writer
        return None

    def work(connection: sa.Connection, attempt: int) -> Claim | None:
        stored = read_claims(connection, [key], is_contended=attempt > 0).get(key)
        claim = None if stored is None else _live(stored, now)
        if claim is not None:
            writes = ClaimWrites()
            release = ClaimChange(key, claim.owner, None)
            writes.add(release, None, claim.version, now=now, is_expired=False)
            writes.run(connection)
        return claim

    return engine.write(work)


def _live(claim: Claim, now: datetime) -> Claim | None:
    return None if claim.expires_at is not None and claim.expires_at <= now else claim

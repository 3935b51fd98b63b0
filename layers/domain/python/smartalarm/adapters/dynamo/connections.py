"""`Connections` on the table: each open socket twice, by its id and by its user, and when each device was last seen."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Or
from pynamodb.expressions.operand import Path

from smartalarm.adapters.dynamo import conditions as when
from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import ConditionFailed, Raced, busy
from smartalarm.adapters.dynamo.rows import (
    check_name,
    expiry,
    instant,
    is_name,
    micros_to_instant,
    text,
)
from smartalarm.adapters.dynamo.table import BY_LOOKUP
from smartalarm.adapters.dynamo.transaction import Transaction
from smartalarm.errors import Conflict
from smartalarm.ports import Connection
from smartalarm.storage.rules import lost_claim

_at = Path("at")
_BY_ID, _SOCKETS, _DEVICES = "socket", "s#", "v#"
_LIFE = timedelta(hours=3)  # the gateway ends every connection after two: what is older was never told to us


class DynamoConnections:
    """Sockets and devices. They lie beside the user's data, not below them: no seq, and no part of `erase`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, connection: Connection) -> None:
        """See `Connections.open`."""
        check_name(connection.id, connection.user, connection.host)
        item = _connection_to_item(connection)
        mine = {**item, "PK": text(_presence(connection.user)), "SK": text(f"{_SOCKETS}{connection.id}")}
        mine.pop("lookup", None)
        transaction = Transaction(self._table)
        transaction.put(item, when.is_absent(), lost_claim())
        transaction.put(mine)
        for _ in self._table.patience.tries():
            try:
                return transaction.send()
            except Raced:
                continue
            except Conflict:
                return None  # known already
        raise busy()

    def find(self, connection_id: str) -> Connection | None:
        """See `Connections.find`."""
        item = self._table.get(_socket(connection_id), _BY_ID) if is_name(connection_id) else None
        return _item_to_connection(item) if item else None

    def close(self, connection_id: str) -> None:
        """See `Connections.close`. What leads to the other goes last, so that a broken off close can be repeated."""
        connection = self.find(connection_id)
        if connection is not None:
            self._table.delete(_presence(connection.user), f"{_SOCKETS}{connection_id}")
            self._table.delete(_socket(connection_id), _BY_ID)

    def close_host(self, host: str) -> None:
        """See `Connections.close_host`."""
        rows = self._table.query(_host(host), index=BY_LOOKUP, consistent=False)
        self._table.each(self.close, [row["PK"]["S"].removeprefix(_SOCKETS) for row in rows])

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """See `Connections.of`."""
        asked = [user for user in dict.fromkeys(users) if is_name(user)]
        found = zip(asked, self._table.each(self._of_one, asked), strict=True)
        return {user: connections for user, connections in found if connections}

    def _of_one(self, user: str) -> list[Connection]:
        items = self._table.query(_presence(user), when.starts_with(_SOCKETS))
        return sorted(map(_item_to_connection, items), key=lambda connection: (connection.opened_at, connection.id))

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """See `Connections.saw`."""
        check_name(user, device_id)
        is_news = Or(_at.does_not_exist(), _at < instant(at))
        try:
            self._table.update(_presence(user), f"{_DEVICES}{device_id}", [_at.set(instant(at))], is_news)
        except ConditionFailed:
            return

    def last_seen(self, user: str) -> dict[str, datetime]:
        """See `Connections.last_seen`."""
        if not is_name(user):
            return {}
        items = self._table.query(_presence(user), when.starts_with(_DEVICES))
        return {item["SK"]["S"].removeprefix(_DEVICES): micros_to_instant(int(item["at"]["N"])) for item in items}

    def forget_user(self, user: str) -> None:
        """See `Connections.forget_user`."""
        keys = [item["SK"]["S"] for item in self._table.query(_presence(user))]
        self._table.delete_many((key, _BY_ID) for key in keys if key.startswith(_SOCKETS))
        self._table.delete_many((_presence(user), key) for key in keys)


def _presence(user: str) -> str:
    return f"p#{user}"


def _socket(connection_id: str) -> str:
    return f"{_SOCKETS}{connection_id}"


def _host(host: str) -> str:
    return f"host#{host}"


def _connection_to_item(connection: Connection) -> Item:
    item: Item = {
        "PK": text(_socket(connection.id)),
        "SK": text(_BY_ID),
        "user": text(connection.user),
        "id": text(connection.id),
        "at": instant(connection.opened_at),
    }
    if connection.device_id is not None:
        item["device"] = text(connection.device_id)
    if connection.host:
        return item | {"host": text(connection.host), "lookup": text(_host(connection.host))}
    return item | {"ttl": expiry(connection.opened_at + _LIFE)["ttl"]}


def _item_to_connection(item: Item) -> Connection:
    return Connection(
        id=item["id"]["S"],
        user=item["user"]["S"],
        device_id=item["device"]["S"] if "device" in item else None,
        opened_at=micros_to_instant(int(item["at"]["N"])),
        host=item["host"]["S"] if "host" in item else "",
    )

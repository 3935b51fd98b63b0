"""The tables. Instants are whole microseconds since 1970 UTC, booleans 0 or 1, an absent text is NULL and never ''."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, String, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _name(length: int = 255) -> TypeEngine[str]:
    """Text that sorts by code point everywhere: the contract's order, and an index that serves it."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


users = Table(
    "users",
    metadata,
    Column("id", _name(), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("is_erased", SmallInteger, nullable=False),  # the row stays for ever, so that the id stays spent
)

# The order key stands in the primary key in place of the id: each follows from the other, and one index then serves
# both look-ups by name and lists in order.
documents = Table(
    "documents",
    metadata,
    Column("user_id", _name(), primary_key=True),
    Column("kind", _name(64), primary_key=True),
    Column("order_key", _name(), primary_key=True),
    Column("id", _name(), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("is_deleted", SmallInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("fields", Text, nullable=False),
)
Index("documents_feed", documents.c.user_id, documents.c.seq)
Index(
    "documents_expiry",
    documents.c.expires_at,
    sqlite_where=documents.c.expires_at.is_not(None),
    postgresql_where=documents.c.expires_at.is_not(None),
)

timers = Table(
    "timers",
    metadata,
    Column("user_id", _name(), primary_key=True),
    Column("id", _name(), primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    Column("purpose", _name(64), nullable=False),
    Column("subject", _name()),
    Column("revision", BigInteger, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("handed_at", BigInteger),
    sqlite_with_rowid=False,
)
Index("timers_due", timers.c.due_at)
# For guards beside the primary key. With the bare column PostgreSQL may take the index of the instant, under which a
# popular minute has thousands of timers: fifteen times slower.
due_at_guard = timers.c.due_at + 0

claims = Table(
    "claims",
    metadata,
    Column("key", _name(512), primary_key=True),
    Column("owner", _name()),
    Column("value", Text, nullable=False),
    Column("expires_at", BigInteger),
    Column("version", BigInteger, nullable=False),
)
Index("claims_owner", claims.c.owner)
Index(
    "claims_expiry",
    claims.c.expires_at,
    sqlite_where=claims.c.expires_at.is_not(None),
    postgresql_where=claims.c.expires_at.is_not(None),
)

counters = Table(
    "counters",
    metadata,
    Column("key", _name(512), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("resets_at", BigInteger, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column("id", _name(), primary_key=True),
    Column("user_id", _name(), nullable=False),
    Column("device_id", _name()),
    Column("opened_at", BigInteger, nullable=False),
    Column("host", _name()),
)
Index("connections_user", connections.c.user_id)

sightings = Table(
    "sightings",
    metadata,
    Column("user_id", _name(), primary_key=True),
    Column("device_id", _name(), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

"""Users, documents, timers, claims, counters, connections, sightings.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _name(length: int = 255) -> TypeEngine[str]:
    """Text that sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    has_expiry = sa.text("expires_at IS NOT NULL")
    op.create_table(
        "users",
        sa.Column("id", _name(), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("is_erased", sa.SmallInteger, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("user_id", _name(), primary_key=True),
        sa.Column("kind", _name(64), primary_key=True),
        sa.Column("order_key", _name(), primary_key=True),
        sa.Column("id", _name(), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("is_deleted", sa.SmallInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("fields", sa.Text, nullable=False),
    )
    op.create_index("documents_feed", "documents", ["user_id", "seq"])
    op.create_index("documents_expiry", "documents", ["expires_at"], sqlite_where=has_expiry, postgresql_where=has_expiry)
    op.create_table(
        "timers",
        sa.Column("user_id", _name(), primary_key=True),
        sa.Column("id", _name(), primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("purpose", _name(64), nullable=False),
        sa.Column("subject", _name()),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
        sa.Column("handed_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("timers_due", "timers", ["due_at"])
    op.create_table(
        "claims",
        sa.Column("key", _name(512), primary_key=True),
        sa.Column("owner", _name()),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_index("claims_owner", "claims", ["owner"])
    op.create_index("claims_expiry", "claims", ["expires_at"], sqlite_where=has_expiry, postgresql_where=has_expiry)
    op.create_table(
        "counters",
        sa.Column("key", _name(512), primary_key=True),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("resets_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "connections",
        sa.Column("id", _name(), primary_key=True),
        sa.Column("user_id", _name(), nullable=False),
        sa.Column("device_id", _name()),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("host", _name()),
    )
    op.create_index("connections_user", "connections", ["user_id"])
    op.create_table(
        "sightings",
        sa.Column("user_id", _name(), primary_key=True),
        sa.Column("device_id", _name(), primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("sightings", "connections", "counters", "claims", "timers", "documents", "users"):
        op.drop_table(table)

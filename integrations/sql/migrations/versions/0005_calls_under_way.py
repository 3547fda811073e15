"""Calls under way, so that a repeated request waits for the first one instead of running beside it.

Runs before the deploy of the code that needs it: the release before this one does not know the new table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# See 0001: SQLite has to be told what to expect.
_EXPECTED_SHAPES = (
    ("idempotent_calls", "sqlite_autoindex_idempotent_calls_1", "100 10 1"),
    ("idempotent_calls", "ix_idempotent_calls_created_at", "100 1"),
)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "idempotent_calls",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotent_calls")),
    )
    op.create_index("ix_idempotent_calls_created_at", "idempotent_calls", ["created_at"])
    if op.get_bind().dialect.name == "sqlite":
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        op.execute("ANALYZE sqlite_schema")

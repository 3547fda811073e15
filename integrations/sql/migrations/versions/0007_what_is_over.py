"""Indexes of work and calls that are over, by which what is older than a month is found and deleted.

Runs before the deploy of the code that needs it; the release before this one does not use them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# See 0001: SQLite has to be told what to expect.
_EXPECTED_SHAPES = (
    ("outbox", "ix_outbox_settled", "50000 1"),
    ("callbacks", "ix_callbacks_done", "1000 1"),
)


def upgrade() -> None:
    """Create the indexes."""
    _partial("ix_outbox_settled", "outbox", "settled_at")
    _partial("ix_callbacks_done", "callbacks", "done_at")
    if op.get_bind().dialect.name == "sqlite":
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        op.execute("ANALYZE sqlite_schema")


def _partial(name: str, table: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)

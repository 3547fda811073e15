"""The journal of changes in the calendar, requests to call a guest, and what an entry carries in the calendar.

Runs before the deploy of the code that needs it: the release before this one does not know the new tables and leaves the new
column empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# See 0001: SQLite has to be told what to expect.
_EXPECTED_SHAPES = (
    ("sagas", "sqlite_autoindex_sagas_1", "20000 10000 1"),
    ("sagas", "uq_sagas_open", "100 50 1"),
    ("sagas", "ix_sagas_due", "100 1"),
    ("sagas", "ix_sagas_closed", "20000 1"),
    ("callbacks", "sqlite_autoindex_callbacks_1", "1000 500 1"),
    ("callbacks", "ix_callbacks_open", "20 10 1"),
)


def upgrade() -> None:
    """Create the tables, add the column."""
    op.add_column("appointments", sa.Column("calendar_reference", sa.Text(), nullable=True))
    op.create_table(
        "sagas",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("booking", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_sagas")),
    )
    _partial("uq_sagas_open", "sagas", ["tenant", "booking"], "status = 'open'", unique=True)
    _partial("ix_sagas_due", "sagas", ["due_at"], "status = 'open'")
    _partial("ix_sagas_closed", "sagas", ["created_at"], "status = 'closed'")
    op.create_table(
        "callbacks",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("booking", sa.Text(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_callbacks")),
    )
    _partial("ix_callbacks_open", "callbacks", ["tenant", "deadline"], "done_at IS NULL")
    if op.get_bind().dialect.name == "sqlite":
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        op.execute("ANALYZE sqlite_schema")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )

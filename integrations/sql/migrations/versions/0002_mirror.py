"""The mirror of free time, its counters per tenant, and the lease under which it is refreshed.

Runs before the deploy of the code that needs it: the release before this one does not know these tables and leaves them alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# See 0001: SQLite has to be told what to expect.
_EXPECTED_SHAPES = (
    ("mirror", "mirror", "50000 25000 90 1"),
    ("mirror_versions", "mirror_versions", "100 1"),
    ("mirror_readings", "mirror_readings", "100 1"),
)


def upgrade() -> None:
    """Create the tables of the mirror."""
    op.create_table(
        "mirror",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("first_tick", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("invalidated_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "resource", "local_date", name=op.f("pk_mirror")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mirror_versions",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("mirror", sa.BigInteger(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_mirror_versions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mirror_readings",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_mirror_readings")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        op.execute("ANALYZE sqlite_schema")

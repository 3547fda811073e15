"""Bitmaps of what lasting claims take, and an index on what is held at the moment.

Runs before the deploy of the code that needs it, with the release before this one stopped: it claims time without telling the
bitmaps. Whatever is claimed already is told here.
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_PARTS = 6
_PART_TICKS = 48
_DAY_TICKS = _PARTS * _PART_TICKS
# See 0001: SQLite has to be told what to expect.
_EXPECTED_SHAPES = (
    ("claim_days", "claim_days", "50000 25000 90 1 1"),
    ("claims", "ix_claims_expiring", "1000 500 50 1"),
)


def upgrade() -> None:
    """Create the table and the index, and fill the table."""
    held = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "ix_claims_expiring",
        "claims",
        ["tenant", "resource", "tick"],
        unique=False,
        sqlite_where=held,
        postgresql_where=held,
    )
    days = op.create_table(
        "claim_days",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(sa.Column(f"bits_{part}", sa.BigInteger(), nullable=False) for part in range(_PARTS)),
        sa.PrimaryKeyConstraint("tenant", "resource", "day", "seat", name=op.f("pk_claim_days")),
        sqlite_with_rowid=False,
    )
    taken: dict[tuple[str, str, int, int], list[int]] = defaultdict(lambda: [0] * _PARTS)
    lasting = sa.text("SELECT tenant, resource, tick, seat FROM claims WHERE expires_at IS NULL")
    for tenant, resource, tick, seat in op.get_bind().execute(lasting):
        part, bit = divmod(tick % _DAY_TICKS, _PART_TICKS)
        taken[tenant, resource, tick // _DAY_TICKS, seat][part] |= 1 << bit
    op.bulk_insert(
        days,
        [
            {
                **dict(zip(("tenant", "resource", "day", "seat"), key, strict=True)),
                **{f"bits_{part}": bits for part, bits in enumerate(parts)},
            }
            for key, parts in taken.items()
        ],
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        op.execute("ANALYZE sqlite_schema")

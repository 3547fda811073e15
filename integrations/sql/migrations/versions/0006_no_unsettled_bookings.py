"""No index of bookings in the making: the journal (0003) tells what is open, nobody asks the bookings any more.

Runs after the deploy of the code that no longer needs it; the release before this one would only be slower without.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Drop the index, and what SQLite was told of it."""
    op.drop_index("ix_bookings_unsettled", table_name="bookings")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DELETE FROM sqlite_stat1 WHERE idx = 'ix_bookings_unsettled'"))
        op.execute("ANALYZE sqlite_schema")

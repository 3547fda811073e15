"""First house: claims and holds, bookings, conversations, answers, tenants and the outbox.

Runs before the deploy of the code that needs it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite plans badly for tables it knows nothing about: it took "all rows of the tenant" for a narrow search. These are
# the shapes to expect: rows, then rows per value of the first column of the index, of the first two, and so on.
_EXPECTED_SHAPES = (
    ("claims", "claims", "200000 100000 10000 1 1"),
    ("claims", "ix_claims_hold", "2000 1000 20"),
    ("claims", "ix_claims_owner", "200000 100000 20"),
    ("holds", "holds", "200 100 1"),
    ("holds", "uq_holds_tenant_id", "200 100 1"),
    ("holds", "ix_holds_tenant_contact", "200 100 2"),
    ("bookings", "sqlite_autoindex_bookings_1", "20000 10000 1"),
    ("bookings", "uq_bookings_tenant_hold", "20000 10000 1"),
    ("bookings", "ix_bookings_tenant_conversation", "20000 10000 2"),
    ("bookings", "ix_bookings_tenant_starts_at", "20000 10000 2"),
    ("bookings", "ix_bookings_unsettled", "20 1"),
    ("outbox", "uq_outbox_tenant_key", "50000 25000 1"),
    ("outbox", "ix_outbox_open", "100 1"),
    ("outbox", "ix_outbox_dead", "100 50 1"),
)


def upgrade() -> None:
    """Create every table of the first release."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ANALYZE")
        for table, index, shape in _EXPECTED_SHAPES:
            op.execute(
                sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :shape)").bindparams(
                    table=table, index=index, shape=shape
                )
            )
        # Makes this connection, too, read what was written.
        op.execute("ANALYZE sqlite_schema")


def _create_tables() -> None:
    op.create_table(
        "bookings",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("hold", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("attendee", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_bookings")),
    )
    op.create_index("ix_bookings_tenant_conversation", "bookings", ["tenant", "conversation"])
    op.create_index("ix_bookings_tenant_starts_at", "bookings", ["tenant", "starts_at"])
    op.create_index(
        "ix_bookings_unsettled",
        "bookings",
        ["updated_at"],
        sqlite_where=sa.text("status IN ('committing', 'compensating')"),
        postgresql_where=sa.text("status IN ('committing', 'compensating')"),
    )
    op.create_index("uq_bookings_tenant_hold", "bookings", ["tenant", "hold"], unique=True)
    op.create_table(
        "claims",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("tick", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(owner IS NULL) <> (hold IS NULL) AND (hold IS NULL) = (expires_at IS NULL) AND (hold IS NULL) = (conversation IS NULL)",
            name=op.f("ck_claims_held_or_lasting"),
        ),
        sa.PrimaryKeyConstraint("tenant", "resource", "tick", "seat", name=op.f("pk_claims")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_claims_hold",
        "claims",
        ["tenant", "hold"],
        sqlite_where=sa.text("hold IS NOT NULL"),
        postgresql_where=sa.text("hold IS NOT NULL"),
    )
    op.create_index(
        "ix_claims_owner",
        "claims",
        ["tenant", "owner"],
        sqlite_where=sa.text("owner IS NOT NULL"),
        postgresql_where=sa.text("owner IS NOT NULL"),
    )
    op.create_table(
        "conversations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "event_types",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("segment", sa.SmallInteger(), nullable=False),
        sa.Column("event_type_id", sa.BigInteger(), nullable=False),
        sa.Column("length_minutes", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "position", name=op.f("pk_event_types")),
    )
    op.create_table(
        "holds",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "conversation", name=op.f("pk_holds")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_holds_tenant_contact", "holds", ["tenant", "contact"])
    op.create_index("uq_holds_tenant_id", "holds", ["tenant", "id"], unique=True)
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "messages",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "conversation", "seq", name=op.f("pk_messages")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["tenant", "settled_at"],
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["due_at"],
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("uq_outbox_tenant_key", "outbox", ["tenant", "key"], unique=True)
    op.create_table(
        "tenants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "appointments",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("segment", sa.SmallInteger(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "reference"],
            ["bookings.tenant", "bookings.reference"],
            name=op.f("fk_appointments_bookings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", "position", name=op.f("pk_appointments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "booking_history",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "reference"],
            ["bookings.tenant", "bookings.reference"],
            name=op.f("fk_booking_history_bookings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", "position", name=op.f("pk_booking_history")),
        sqlite_with_rowid=False,
    )

"""The tables. Instants are microseconds since the epoch in UTC; a migration must accompany every change here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

from integrations.sql.columns import Document, Instant, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_id = Integer().with_variant(BigInteger(), "postgresql")

# A row is either held (hold, conversation, expires_at) or lasting (owner); the key decides every race.
claims = Table(
    "claims",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("tick", Integer, primary_key=True, autoincrement=False),
    Column("seat", SmallInteger, primary_key=True, autoincrement=False),
    Column("owner", Text),
    Column("hold", Text),
    Column("conversation", Text),
    Column("expires_at", Instant),
    CheckConstraint(
        "(owner IS NULL) <> (hold IS NULL)"
        " AND (hold IS NULL) = (expires_at IS NULL)"
        " AND (hold IS NULL) = (conversation IS NULL)",
        name="held_or_lasting",
    ),
    sqlite_with_rowid=False,
)
Index(
    "ix_claims_hold",
    claims.c.tenant,
    claims.c.hold,
    sqlite_where=text("hold IS NOT NULL"),
    postgresql_where=text("hold IS NOT NULL"),
)
Index(
    "ix_claims_owner",
    claims.c.tenant,
    claims.c.owner,
    sqlite_where=text("owner IS NOT NULL"),
    postgresql_where=text("owner IS NOT NULL"),
)

Index(
    "ix_claims_expiring",
    claims.c.tenant,
    claims.c.resource,
    claims.c.tick,
    sqlite_where=text("expires_at IS NOT NULL"),
    postgresql_where=text("expires_at IS NOT NULL"),
)

CLAIM_DAY_PARTS = 6

# Derived from lasting claims and written with them: the taken ticks of one seat on one UTC day (tick // 288), four hours a column.
claim_days = Table(
    "claim_days",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("seat", SmallInteger, primary_key=True, autoincrement=False),
    *(Column(f"bits_{part}", BigInteger, nullable=False) for part in range(CLAIM_DAY_PARTS)),
    sqlite_with_rowid=False,
)

holds = Table(
    "holds",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("conversation", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("contact", Text),
    Column("expires_at", Instant, nullable=False),
    Column("plans", Document, nullable=False),
    sqlite_with_rowid=False,
)
Index("uq_holds_tenant_id", holds.c.tenant, holds.c.id, unique=True)
Index("ix_holds_tenant_contact", holds.c.tenant, holds.c.contact)

bookings = Table(
    "bookings",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("hold", Text, nullable=False),
    Column("conversation", Text),
    Column("status", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("plan", Document, nullable=False),
    Column("attendee", Document, nullable=False),
    Column("door", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("note", Words),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
Index("uq_bookings_tenant_hold", bookings.c.tenant, bookings.c.hold, unique=True)
Index("ix_bookings_tenant_conversation", bookings.c.tenant, bookings.c.conversation)
Index("ix_bookings_tenant_starts_at", bookings.c.tenant, bookings.c.starts_at)

appointments = Table(
    "appointments",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("segment", SmallInteger, nullable=False),
    Column("staff", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("uid", Text),
    Column("entry_id", BigInteger),
    Column("calendar_reference", Text),
    ForeignKeyConstraint(["tenant", "reference"], ["bookings.tenant", "bookings.reference"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

booking_history = Table(
    "booking_history",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("event", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("door", Text, nullable=False),
    Column("data", Document, nullable=False),
    ForeignKeyConstraint(["tenant", "reference"], ["bookings.tenant", "bookings.reference"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

conversations = Table(
    "conversations",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("conversation", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("speaker", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)
Index("ix_idempotency_created_at", idempotency.c.created_at)

# Calls under way, and those left without an answer. Instants are real time.
idempotent_calls = Table(
    "idempotent_calls",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("leased_by", Text, nullable=False),
    Column("leased_until", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
)
Index("ix_idempotent_calls_created_at", idempotent_calls.c.created_at)

tenants = Table(
    "tenants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Document, nullable=False),
)

event_types = Table(
    "event_types",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("staff", Text, nullable=False),
    Column("service", Text),
    Column("segment", SmallInteger, nullable=False),
    Column("event_type_id", BigInteger, nullable=False),
    Column("length_minutes", SmallInteger, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _id, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("payload", Document, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("status", Text, nullable=False),
    Column("settled_at", Instant),
    Column("error", Words),
)
Index("uq_outbox_tenant_key", outbox.c.tenant, outbox.c.key, unique=True)
Index(
    "ix_outbox_open",
    outbox.c.due_at,
    sqlite_where=text("status = 'open'"),
    postgresql_where=text("status = 'open'"),
)
Index(
    "ix_outbox_dead",
    outbox.c.tenant,
    outbox.c.settled_at,
    sqlite_where=text("status = 'dead'"),
    postgresql_where=text("status = 'dead'"),
)

Index(
    "ix_outbox_settled",
    outbox.c.settled_at,
    sqlite_where=text("settled_at IS NOT NULL"),
    postgresql_where=text("settled_at IS NOT NULL"),
)

# Instants are real time here. ``invalidated_at`` may lie ahead: what is asked before it is not believed.
mirror = Table(
    "mirror",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("first_tick", Integer, nullable=False),
    Column("bits", LargeBinary),
    Column("read_at", Instant),
    Column("invalidated_at", Instant),
    Column("asked_at", Instant),
    sqlite_with_rowid=False,
)

# What was derived from a tenant's mirror or claims holds while their counter stands.
mirror_versions = Table(
    "mirror_versions",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("mirror", BigInteger, nullable=False),
    Column("claims", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

mirror_readings = Table(
    "mirror_readings",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("leased_by", Text),
    Column("leased_until", Instant),
    Column("paused_until", Instant),
    Column("counted_on", Date),
    Column("calls", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The journal of changes in the calendar. ``due_at`` is real time: when a lease runs out, or the next try is due.
sagas = Table(
    "sagas",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("booking", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("leased_by", Text),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("document", Document, nullable=False),
)
Index(
    "uq_sagas_open",
    sagas.c.tenant,
    sagas.c.booking,
    unique=True,
    sqlite_where=text("status = 'open'"),
    postgresql_where=text("status = 'open'"),
)
Index(
    "ix_sagas_due",
    sagas.c.due_at,
    sqlite_where=text("status = 'open'"),
    postgresql_where=text("status = 'open'"),
)
Index(
    "ix_sagas_closed",
    sagas.c.created_at,
    sqlite_where=text("status = 'closed'"),
    postgresql_where=text("status = 'closed'"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("booking", Text),
    Column("conversation", Text),
    Column("name", Words),
    Column("phone", Words),
    Column("created_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("done_at", Instant),
)
Index(
    "ix_callbacks_open",
    callbacks.c.tenant,
    callbacks.c.deadline,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)
Index(
    "ix_callbacks_done",
    callbacks.c.done_at,
    sqlite_where=text("done_at IS NOT NULL"),
    postgresql_where=text("done_at IS NOT NULL"),
)

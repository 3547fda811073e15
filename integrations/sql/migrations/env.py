"""Alembic runs this file. Migrations join the transaction of the connection they are handed."""

from __future__ import annotations

from alembic import context

from integrations.sql.tables import metadata


def run() -> None:
    """Run the migrations that ``integrations.sql.schema`` has asked for."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


run()

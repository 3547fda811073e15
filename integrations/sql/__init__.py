"""Stores on SQLite or PostgreSQL: tables, repositories, units of work and migrations."""

from integrations.sql.database import SqlDatabase, SqlUnitOfWork
from integrations.sql.errors import DatabaseBusy, DatabaseUnavailable
from integrations.sql.schema import head_revision, upgrade
from integrations.sql.schema import migrate_url as migrate

__all__ = [
    "DatabaseBusy",
    "DatabaseUnavailable",
    "SqlDatabase",
    "SqlUnitOfWork",
    "head_revision",
    "migrate",
    "upgrade",
]

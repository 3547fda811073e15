"""What the database may fail with, in the terms of the core; defects (bad SQL, broken constraints) stay as they are."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from booking_core.errors import Upstream

# serialization_failure, deadlock_detected
_RIVAL_STATES = frozenset({"40001", "40P01"})
# lock_not_available, query_canceled, too_many_connections
_BUSY_STATES = _RIVAL_STATES | {"55P03", "57014", "53300"}
_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# connection exceptions, insufficient resources, operator intervention, system errors
_UNAVAILABLE_STATES = ("08", "53", "57P", "58")
_UNAVAILABLE_CODES = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


class DatabaseUnavailable(Upstream):
    """The database cannot be reached or stopped answering; ``retry_after`` in seconds."""

    def __init__(self, detail: str | None = None, /, *, retry_after: float = 1.0, **data: object) -> None:
        """``retry_after`` in seconds."""
        super().__init__(detail, **data)
        self.retry_after = retry_after


class DatabaseBusy(DatabaseUnavailable):
    """A deadlock, a lock that took too long or no free connection: nothing was written, run the unit of work again."""


def lost_to_a_rival(error: SQLAlchemyError) -> bool:
    """Whether the database has rolled back a transaction in favour of another one: at once it may succeed."""
    return _state_of(error) in _RIVAL_STATES


def translated(error: SQLAlchemyError | OSError, *, connecting: bool = False) -> Exception:
    """The error of the core that stands for a driver's error, or the error itself where it is a defect of ours.

    While ``connecting`` nothing can be a defect: whatever fails there makes the database unavailable.
    """
    if isinstance(error, PoolTimeout):
        return DatabaseBusy("no free database connection")
    cause = error.orig if isinstance(error, DBAPIError) else None
    state = _state_of(error)
    # The low byte is SQLite's primary code; the rest says which kind of it.
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    if state in _BUSY_STATES or code in _BUSY_CODES:
        return DatabaseBusy("the database is busy")
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if connecting or lost or state.startswith(_UNAVAILABLE_STATES) or code in _UNAVAILABLE_CODES:
        return DatabaseUnavailable("the database cannot be reached or does not work")
    return error


def _state_of(error: SQLAlchemyError | OSError) -> str:
    """PostgreSQL's code for what went wrong."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) or ""

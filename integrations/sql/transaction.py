"""What every repository works on: one open transaction, with the few differences between the databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from booking_core.errors import FermataError
from integrations.sql.errors import DatabaseBusy

_Error = TypeVar("_Error", bound=FermataError)


def insert_into(table: Table, postgres: bool) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)


@lru_cache(maxsize=32)
def insert_or_nothing(table: Table, postgres: bool) -> Executable:
    """An INSERT that leaves out a row whose key is there already; the row count tells."""
    return insert_into(table, postgres).on_conflict_do_nothing()


class Transaction:
    """An open transaction; ``writing`` says whether it may write, ``postgres`` which dialect it speaks."""

    __slots__ = ("_connection", "_doom", "postgres", "writing")

    def __init__(self, connection: AsyncConnection, *, writing: bool) -> None:
        """The connection's transaction has begun and is ended by the owner of this object."""
        self._connection = connection
        self._doom: FermataError | None = None
        self.writing = writing
        self.postgres = connection.dialect.name == "postgresql"

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement, for a sequence of parameters once with each."""
        try:
            return await self._connection.execute(statement, parameters)
        except TimeoutError as error:
            # The driver's time limit for one statement is no database error and would pass for the caller's own.
            raise DatabaseBusy("a statement took too long") from error

    def doom(self, error: _Error) -> _Error:
        """Forbid the commit: a half-done step must not last even where the caller swallows ``error``."""
        self._doom = error
        return error

    def check(self) -> None:
        """Raise the error this transaction is doomed by."""
        if self._doom is not None:
            raise self._doom

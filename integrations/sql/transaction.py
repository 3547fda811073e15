"""What every repository works on: one open transaction, with the few differences between the databases."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Delete, Executable, Table, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from booking_core.errors import FermataError
from booking_core.model.ids import TenantId
from booking_core.ports.mirror import Counter
from integrations.sql.errors import DatabaseBusy, lost_to_a_rival
from integrations.sql.tables import mirror_versions

_Error = TypeVar("_Error", bound=FermataError)
_Result = TypeVar("_Result")

# Rivals that begin again must not meet again: each pause is drawn from up to so many seconds.
_PAUSES_SECONDS: Final = (0.05, 0.2)


def insert_into(table: Table, postgres: bool) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)


@lru_cache(maxsize=32)
def insert_or_nothing(table: Table, postgres: bool) -> Executable:
    """An INSERT that leaves out a row whose key is there already; the row count tells."""
    return insert_into(table, postgres).on_conflict_do_nothing()


def delete_free(table: Table, postgres: bool, *conditions: ColumnElement[bool]) -> Delete:
    """A DELETE that waits for nobody: on PostgreSQL it leaves out rows that another transaction has locked."""
    if not postgres:
        return delete(table).where(*conditions)
    key = table.primary_key.columns
    free = select(*key).where(*conditions).with_for_update(skip_locked=True, of=table)
    return delete(table).where(tuple_(*key).in_(free))


@lru_cache(maxsize=2)
def _raise_counters(postgres: bool) -> Executable:
    upsert = insert_into(mirror_versions, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[mirror_versions.c.tenant],
        set_={
            counter.value: mirror_versions.c[counter.value] + upsert.excluded[counter.value] for counter in Counter
        },
    )


class Transaction:
    """An open transaction; ``writing`` says whether it may write, ``postgres`` which dialect it speaks."""

    __slots__ = ("_before_commit", "_connection", "_counted", "_doom", "_used", "postgres", "writing")

    def __init__(self, connection: AsyncConnection, *, writing: bool) -> None:
        """The connection's transaction has begun and is ended by the owner of this object."""
        self._before_commit: list[Callable[[], Awaitable[None]]] = []
        self._connection = connection
        self._counted: dict[TenantId, set[Counter]] = {}
        self._doom: FermataError | None = None
        self._used = False
        self.writing = writing
        self.postgres = connection.dialect.name == "postgresql"

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement, for a sequence of parameters once with each."""
        self._used = True
        try:
            return await self._connection.execute(statement, parameters)
        except TimeoutError as error:
            # The driver's time limit for one statement is no database error and would pass for the caller's own.
            raise DatabaseBusy("a statement took too long") from error

    async def repeatable(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """Do work that keeps nothing in memory until it is done; where a rival made it fail, do it again.

        That is possible for what a transaction does first: there is nothing before it that would be lost with the rollback.
        """
        if self._used or self._before_commit:
            return await work()
        for pause in _PAUSES_SECONDS:
            try:
                return await work()
            except DBAPIError as error:
                if not lost_to_a_rival(error):
                    raise
            await self._connection.rollback()
            await asyncio.sleep(random.uniform(0, pause))
            await self._connection.begin()
        return await work()

    def doom(self, error: _Error) -> _Error:
        """Forbid the commit: a half-done step must not last even where the caller swallows ``error``."""
        self._doom = error
        return error

    def count(self, tenant: TenantId, counter: Counter) -> None:
        """Have a counter of the tenant raised with the commit."""
        self._counted.setdefault(tenant, set()).add(counter)

    def before_commit(self, work: Callable[[], Awaitable[None]], *, first: bool = False) -> None:
        """Have something done right before the commit, after or ``first`` before all else that is."""
        self._before_commit.insert(0 if first else len(self._before_commit), work)

    async def finish(self) -> None:
        """Do what belongs right before the commit; raises the error this transaction is doomed by."""
        if self._doom is not None:
            raise self._doom
        for work in self._before_commit:
            await work()
        if self._counted:
            # The last statement: every writer of a tenant waits here for the one before, and must not do so while others
            # wait for what it has locked.
            rows = [
                {"tenant": tenant, **{counter.value: int(counter in counted) for counter in Counter}}
                for tenant, counted in sorted(self._counted.items())
            ]
            await self.execute(_raise_counters(self.postgres), rows)

"""aiosqlite with one thread hop per statement: opening, running, fetching and closing a cursor would be four.

A transaction begins in the hop of its first statement, and nobody waits for the end of one that only reads.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

# How long to let another process finish before a setting is tried again.
_SETTING_PAUSE_SECONDS = 0.02


async def connect(
    path: str, *, timeout_seconds: float, settings: Sequence[str], begin: str, writes: bool
) -> OneHopConnection:
    """Open a connection with the given PRAGMA settings, whose transactions start with the statement ``begin``.

    Without ``writes`` its transactions have nothing to lose. ``timeout_seconds`` bounds every wait for another process.
    """
    connector = partial(_open, path, timeout_seconds, settings)
    connection = OneHopConnection(connector, begin=begin, writes=writes)
    # A connection that was never closed must not keep the process alive.
    connection._thread.daemon = True
    try:
        await connection
    except BaseException:
        # Its thread still has something to say to the loop, which must not be closed before.
        await asyncio.to_thread(connection._thread.join, timeout_seconds)
        raise
    return connection


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors fetch everything at once, and which knows when there is nothing to end."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], *, begin: str, writes: bool) -> None:
        """Use ``connect``."""
        super().__init__(connector, iter_chunk_size=64)
        self._begin = begin
        self._writes = writes
        self._pending: str | None = None
        """What begins the transaction, until it has begun; set and cleared around statements, which never overlap."""
        self._settled = True

    def begin(self) -> None:
        """Let the next statement begin a transaction."""
        self._pending = self._begin

    def cursor(self) -> OneHopCursor:  # type: ignore[override] # SQLAlchemy needs a cursor's methods, not its class
        """A cursor that costs nothing until it runs a statement."""
        return OneHopCursor(self)

    async def run(self, statement: str, parameters: Iterable[Any], *, many: bool) -> _Outcome:
        """Run one statement in the connection's thread and bring back all there is to know."""
        self._settled = False
        outcome: _Outcome = await self._execute(self._run, statement, parameters, many)  # type: ignore[no-untyped-call]
        return outcome

    async def commit(self) -> None:
        """Commit; a cancelled commit leaves the connection to be rolled back."""
        self._pending = None
        if self._settled:
            return
        if self._writes:
            await super().commit()
        else:
            self._end_later()
        self._settled = True

    async def rollback(self) -> None:
        """Roll back, unless nothing has run since the last commit or rollback."""
        self._pending = None
        if self._settled:
            return
        if self._writes:
            await super().rollback()
        else:
            self._end_later()
        self._settled = True

    def _end_later(self) -> None:
        """Give back the snapshot as soon as the thread gets to it, which is before any later statement."""
        self._tx.put_nowait((None, self._conn.rollback))

    def _run(self, statement: str, parameters: Iterable[Any], many: bool) -> _Outcome:
        if self._pending is not None:
            # Where this fails it stays to be done: no later statement may run outside of its transaction.
            self._conn.execute(self._pending)
            self._pending = None
        return _run(self._conn, statement, parameters, many)


class OneHopCursor:
    """What SQLAlchemy asks of an asynchronous cursor; rows are fetched with the statement."""

    __slots__ = ("_connection", "_outcome", "arraysize")

    def __init__(self, connection: OneHopConnection) -> None:
        """Nothing happens before a statement is run."""
        self._connection = connection
        self._outcome = _Outcome([], None, -1, None)
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        """Run one statement and fetch its rows."""
        self._outcome = await self._connection.run(statement, parameters, many=False)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Run one statement with each of several parameter rows."""
        self._outcome = await self._connection.run(statement, parameters, many=True)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the last statement."""
        return self._outcome.rows

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def description(self) -> Any:
        """The columns of the last statement, None where it has none."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed, -1 where that is unknown."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row id of the last single insert."""
        return self._outcome.lastrowid


class _Outcome:
    __slots__ = ("description", "lastrowid", "rowcount", "rows")

    def __init__(self, rows: list[Any], description: Any, rowcount: int, lastrowid: int | None) -> None:
        self.rows = rows
        self.description = description
        self.rowcount = rowcount
        self.lastrowid = lastrowid


def _open(path: str, timeout_seconds: float, settings: Sequence[str]) -> sqlite3.Connection:
    # isolation_level None stops the driver from beginning transactions on its own.
    connection = sqlite3.connect(path, timeout=timeout_seconds, isolation_level=None)
    try:
        for setting in settings:
            _apply(connection, setting, give_up_at=time.monotonic() + timeout_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def _apply(connection: sqlite3.Connection, setting: str, *, give_up_at: float) -> None:
    """Apply one setting; changing a database to WAL answers "locked" at once, whatever the timeout (sqlite.org/wal.html)."""
    while True:
        try:
            connection.execute(f"PRAGMA {setting}")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() >= give_up_at:
                raise
            time.sleep(_SETTING_PAUSE_SECONDS)


def _run(connection: sqlite3.Connection, statement: str, parameters: Iterable[Any], many: bool) -> _Outcome:
    cursor = connection.cursor()
    try:
        if many:
            cursor.executemany(statement, parameters)
            rows = []
        else:
            cursor.execute(statement, parameters)  # type: ignore[arg-type]
            rows = cursor.fetchall() if cursor.description else []
        return _Outcome(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()

"""Tables in memory with transactions: a writer sees its own changes, a reader one moment, others what was committed.

Nothing is copied for a transaction: its changes lie over the table until they are committed, and a commit leaves what it
replaces with the readers that began before. A transaction costs what it touches, whatever the size of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from booking_core.errors import FermataError
from booking_core.model.ids import TenantId
from booking_core.ports.mirror import Counter

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Error = TypeVar("_Error", bound=FermataError)


class WriteInRead(RuntimeError):
    """Something was written in a unit of work that only reads: a defect of the caller."""


class UnitOfWorkOver(RuntimeError):
    """A store was used after its unit of work had ended: a defect of the caller."""


class Table(Generic[_Key, _Value]):
    """Committed rows by key. Values are never changed in place once they are committed."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        """An empty table."""
        self.rows: dict[_Key, _Value] = {}


class View(Generic[_Key, _Value]):
    """A table as one transaction sees it."""

    __slots__ = ("_laid_over", "_rows", "_writing")

    def __init__(self, rows: dict[_Key, _Value], *, writing: bool) -> None:
        """``rows`` are the committed ones, shared with everybody."""
        self._rows = rows
        self._writing = writing
        # What differs from the committed rows, None for a row that is not there: the changes of a writer, and for a reader
        # what others have replaced since it began.
        self._laid_over: dict[_Key, _Value | None] = {}

    def get(self, key: _Key) -> _Value | None:
        """The row of this key, or None."""
        if key in self._laid_over:
            return self._laid_over[key]
        return self._rows.get(key)

    def put(self, key: _Key, value: _Value) -> None:
        """Insert or replace a row."""
        self._check()
        self._laid_over[key] = value

    def remove(self, key: _Key) -> None:
        """Delete a row; none there is fine."""
        self._check()
        self._laid_over[key] = None

    def changed(self, key: _Key) -> bool:
        """Whether the row is this transaction's own, so that its value may still be changed in place."""
        return self._writing and key in self._laid_over

    def items(self) -> Iterator[tuple[_Key, _Value]]:
        """Every row, in no particular order; the view must not be changed meanwhile."""
        laid_over = self._laid_over
        if laid_over:
            yield from ((key, value) for key, value in self._rows.items() if key not in laid_over)
            yield from ((key, value) for key, value in laid_over.items() if value is not None)
        else:
            yield from self._rows.items()

    def keep(self, key: _Key, value: _Value | None) -> None:
        """Go on seeing this although it is about to be replaced; what was kept first counts."""
        self._laid_over.setdefault(key, value)

    def changes(self) -> dict[_Key, _Value | None]:
        """What the transaction has changed, None for deleted rows."""
        return self._laid_over

    def _check(self) -> None:
        if not self._writing:
            raise WriteInRead("a unit of work that only reads was asked to write")


class Transaction:
    """What every store works on: one open transaction; ``writing`` says whether it may write."""

    __slots__ = ("_counted", "_doom", "_over", "_views", "writing")

    def __init__(self, *, writing: bool) -> None:
        """Begins with what is committed now."""
        self._views: dict[Table[Any, Any], View[Any, Any]] = {}
        self._counted: dict[TenantId, set[Counter]] = {}
        self._doom: FermataError | None = None
        self._over = False
        self.writing = writing

    def of(self, table: Table[_Key, _Value]) -> View[_Key, _Value]:
        """The table as this transaction sees it; raises UnitOfWorkOver once the transaction has ended."""
        if self._over:
            raise UnitOfWorkOver("the unit of work has ended")
        view = self._views.get(table)
        if view is None:
            view = self._views[table] = View(table.rows, writing=self.writing)
        return view

    def doom(self, error: _Error) -> _Error:
        """Forbid the commit: a half-done step must not last even where the caller swallows ``error``."""
        self._doom = error
        return error

    def count(self, tenant: TenantId, counter: Counter) -> None:
        """Have a counter of the tenant raised with the commit."""
        self._counted.setdefault(tenant, set()).add(counter)

    def counted(self) -> dict[TenantId, set[Counter]]:
        """Which counters the commit raises; raises the error that this transaction is doomed by."""
        if self._doom is not None:
            raise self._doom
        return self._counted

    def commit(self, readers: list[Transaction]) -> None:
        """Make the changes last; ``readers`` are the open transactions that go on seeing what was there before."""
        for table, view in self._views.items():
            changes, rows = view.changes(), table.rows
            for reader in readers:
                seen = reader.of(table)
                for key in changes:
                    seen.keep(key, rows.get(key))
            for key, value in changes.items():
                if value is None:
                    rows.pop(key, None)
                else:
                    rows[key] = value

    def end(self) -> None:
        """Let nobody use it any more."""
        self._over = True

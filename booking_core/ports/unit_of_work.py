"""One transaction over every store; leaving the block without an exception commits."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from booking_core.ports.bookings import Bookings
from booking_core.ports.callbacks import Callbacks
from booking_core.ports.claims import Claims
from booking_core.ports.conversations import Conversations
from booking_core.ports.idempotency import Idempotency
from booking_core.ports.mirror import MirrorStore
from booking_core.ports.outbox import Outbox
from booking_core.ports.sagas import Sagas
from booking_core.ports.tenants import Tenants


class UnitOfWork(Protocol):
    """The stores of one transaction."""

    @property
    def claims(self) -> Claims: ...
    @property
    def bookings(self) -> Bookings: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def tenants(self) -> Tenants: ...
    @property
    def mirror(self) -> MirrorStore: ...
    @property
    def sagas(self) -> Sagas: ...
    @property
    def callbacks(self) -> Callbacks: ...


class Database(Protocol):
    """Opens units of work. No unit of work may wait for HTTP."""

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that may write (on SQLite it begins IMMEDIATE); commits on leaving, rolls back on an exception."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A consistent read; nothing may be written."""
        ...

    async def ping(self) -> None:
        """Raise Upstream unless the database answers."""
        ...

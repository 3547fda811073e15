"""Which bookings a transaction has written, so that a look after its commit costs what has changed and not what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from booking_core.model.ids import Reference
from booking_core.ports.bookings import Bookings
from booking_core.ports.callbacks import Callbacks
from booking_core.ports.claims import Claims
from booking_core.ports.conversations import Conversations
from booking_core.ports.idempotency import Idempotency
from booking_core.ports.mirror import MirrorStore
from booking_core.ports.outbox import Outbox
from booking_core.ports.sagas import Sagas
from booking_core.ports.tenants import Tenants
from booking_core.ports.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Changes:
    """References of the bookings that were written or whose journal was, and whether claims may have been."""

    # A dictionary, because it has the same order in every run.
    bookings: dict[Reference, None] = field(default_factory=dict)
    claims: bool = False


class _Noted:
    """A store with notes of the rows that it is given to write."""

    __slots__ = ("_note", "_store")

    def __init__(self, store: Any, note: Callable[[Any], None]) -> None:
        self._store = store
        self._note = note

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def add(self, row: Any, **options: Any) -> None:
        self._note(row)
        await self._store.add(row, **options)

    async def save(self, row: Any, **options: Any) -> None:
        self._note(row)
        await self._store.save(row, **options)

    async def close(self, row: Any, **options: Any) -> None:
        self._note(row)
        await self._store.close(row, **options)


class NotingWork:
    """A unit of work that writes, with ``changes`` so far; implements ``booking_core.ports.unit_of_work.UnitOfWork``."""

    __slots__ = ("_work", "changes")

    def __init__(self, work: UnitOfWork) -> None:
        """Nothing is changed yet."""
        self._work = work
        self.changes = Changes()

    @property
    def claims(self) -> Claims:
        """Whoever asks for them in order to write changes them."""
        self.changes.claims = True
        return self._work.claims

    @property
    def bookings(self) -> Bookings:
        """Noted by their references."""
        return cast(Bookings, _Noted(self._work.bookings, self._note_booking))

    @property
    def sagas(self) -> Sagas:
        """Noted by the bookings that they change."""
        return cast(Sagas, _Noted(self._work.sagas, self._note_saga))

    @property
    def conversations(self) -> Conversations:
        """As they are."""
        return self._work.conversations

    @property
    def idempotency(self) -> Idempotency:
        """As it is."""
        return self._work.idempotency

    @property
    def outbox(self) -> Outbox:
        """As it is."""
        return self._work.outbox

    @property
    def tenants(self) -> Tenants:
        """As they are."""
        return self._work.tenants

    @property
    def mirror(self) -> MirrorStore:
        """As it is."""
        return self._work.mirror

    @property
    def callbacks(self) -> Callbacks:
        """As they are."""
        return self._work.callbacks

    def _note_booking(self, booking: Any) -> None:
        self.changes.bookings[booking.reference] = None

    def _note_saga(self, saga: Any) -> None:
        self.changes.bookings[saga.booking] = None

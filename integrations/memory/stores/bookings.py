"""Bookings in memory, with the indexes that the port's questions need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from booking_core.errors import Conflict
from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, HoldId, Reference, TenantId
from integrations.memory.stores.values import booking_in_utc, in_utc
from integrations.memory.tables import Table, Transaction, View

_References = frozenset[Reference]
_Key = TypeVar("_Key")


class BookingTables:
    """Bookings by reference, and who is found by what."""

    __slots__ = ("bookings", "by_conversation", "by_day", "by_hold")

    def __init__(self) -> None:
        """Nothing is booked."""
        self.bookings: Table[tuple[TenantId, Reference], Booking] = Table()
        self.by_hold: Table[tuple[TenantId, HoldId], Reference] = Table()
        self.by_conversation: Table[tuple[TenantId, ConversationId], _References] = Table()
        self.by_day: Table[tuple[TenantId, int], _References] = Table()


class MemoryBookings:
    """Implements ``booking_core.ports.bookings.Bookings``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: BookingTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def add(self, booking: Booking) -> None:
        """Insert; raises Conflict where the reference or the hold is already used."""
        key, by_hold = (booking.tenant, booking.reference), (booking.tenant, booking.hold)
        if self._tx.of(self._tables.bookings).get(key) or self._tx.of(self._tables.by_hold).get(by_hold):
            raise Conflict("the reference or the hold is already used", reference=booking.reference)
        self._put(booking_in_utc(booking), None)

    async def save(self, booking: Booking) -> None:
        """Replace the stored booking; raises Conflict where there is none.

        Entries that somebody else has added to the history since the booking was read stay.
        """
        stored = self._tx.of(self._tables.bookings).get((booking.tenant, booking.reference))
        if stored is None:
            raise Conflict("there is no such booking", reference=booking.reference)
        if booking.hold != stored.hold and self._tx.of(self._tables.by_hold).get((booking.tenant, booking.hold)):
            raise Conflict("the hold is already used", reference=booking.reference)
        booking = booking_in_utc(booking)
        known, mine = stored.history, booking.history
        shared = 0
        while shared < min(len(known), len(mine)) and known[shared] == mine[shared]:
            shared += 1
        if shared < len(known):
            booking = replace(booking, history=known + mine[shared:])
        self._put(booking, stored)

    async def find(self, tenant: TenantId, reference: Reference) -> Booking | None:
        """The booking of this reference."""
        return self._tx.of(self._tables.bookings).get((tenant, reference))

    async def find_by_hold(self, tenant: TenantId, hold: HoldId) -> Booking | None:
        """The booking made from this hold, whatever its status."""
        reference = self._tx.of(self._tables.by_hold).get((tenant, hold))
        return None if reference is None else await self.find(tenant, reference)

    async def list_by_conversation(self, tenant: TenantId, conversation: ConversationId) -> Sequence[Booking]:
        """Bookings of a conversation, by start."""
        found = self._tx.of(self._tables.by_conversation).get((tenant, conversation)) or ()
        return self._sorted((tenant, reference) for reference in found)

    async def list_between(
        self, tenant: TenantId, starts_from: datetime, starts_before: datetime
    ) -> Sequence[Booking]:
        """Bookings of a tenant whose start lies in the half-open window, by start."""
        by_day = self._tx.of(self._tables.by_day)
        days = range(_day_of(starts_from), _day_of(starts_before) + 1)
        found = self._sorted((tenant, reference) for day in days for reference in by_day.get((tenant, day)) or ())
        return [it for it in found if starts_from <= it.starts_at < starts_before]

    def _sorted(self, keys: Iterable[tuple[TenantId, Reference]]) -> list[Booking]:
        bookings = self._tx.of(self._tables.bookings)
        found = [it for it in map(bookings.get, keys) if it is not None]
        return sorted(found, key=lambda it: (it.starts_at, it.reference))

    def _put(self, booking: Booking, before: Booking | None) -> None:
        tenant, reference = booking.tenant, booking.reference
        self._tx.of(self._tables.bookings).put((tenant, reference), booking)
        by_hold = self._tx.of(self._tables.by_hold)
        if before is None or before.hold != booking.hold:
            if before is not None:
                by_hold.remove((tenant, before.hold))
            by_hold.put((tenant, booking.hold), reference)
        old_day = None if before is None else (tenant, _day_of(before.starts_at))
        _reindex(self._tx.of(self._tables.by_day), reference, old_day, (tenant, _day_of(booking.starts_at)))
        old = None if before is None or before.conversation is None else (tenant, before.conversation)
        new = None if booking.conversation is None else (tenant, booking.conversation)
        _reindex(self._tx.of(self._tables.by_conversation), reference, old, new)


def _reindex(index: View[_Key, _References], reference: Reference, old: _Key | None, new: _Key | None) -> None:
    if old == new:
        return
    if old is not None:
        index.put(old, (index.get(old) or frozenset()) - {reference})
    if new is not None:
        index.put(new, (index.get(new) or frozenset()) | {reference})


def _day_of(instant: datetime) -> int:
    return in_utc(instant).toordinal()

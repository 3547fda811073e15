"""Bookings on SQL: a row each, one per appointment, and a history that only grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from booking_core.errors import Conflict
from booking_core.model.booking import Appointment, Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import ConversationId, HoldId, Reference, StaffId, TenantId
from integrations.sql.columns import instant_from
from integrations.sql.documents import (
    attendee_from_document,
    attendee_to_document,
    plan_from_document,
    plan_to_document,
)
from integrations.sql.tables import appointments, booking_history, bookings
from integrations.sql.transaction import Transaction, insert_into, insert_or_nothing


class SqlBookings:
    """Implements ``booking_core.ports.bookings.Bookings``.

    In a transaction that may write, ``find`` and ``find_by_hold`` lock the booking, so that reading, changing and
    saving it loses nobody else's change.
    """

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def add(self, booking: Booking) -> None:
        """Insert; raises Conflict where the reference or the hold is already used."""
        result = await self._tx.execute(
            insert_or_nothing(bookings, self._tx.postgres),
            {"tenant": booking.tenant, "reference": booking.reference, **_values_of(booking)},
        )
        if result.rowcount != 1:
            raise Conflict("the reference or the hold is already used", reference=booking.reference)
        if rows := _appointment_rows(booking):
            await self._tx.execute(insert(appointments), rows)
        await self._append_history(booking, known=0)

    async def save(self, booking: Booking) -> None:
        """Replace the stored booking; raises Conflict where there is none.

        Entries that somebody else has added to the history since the booking was read stay.
        """
        here = (bookings.c.tenant == booking.tenant, bookings.c.reference == booking.reference)
        result = await self._tx.execute(update(bookings).where(*here).values(**_values_of(booking)))
        if result.rowcount != 1:
            raise Conflict("there is no such booking", reference=booking.reference)
        await self._replace_appointments(booking)
        stored = (await self._read(*here))[0].history
        shared = 0
        while shared < min(len(stored), len(booking.history)) and stored[shared] == booking.history[shared]:
            shared += 1
        await self._append_history(booking, known=len(stored), skip=shared)

    async def find(self, tenant: TenantId, reference: Reference) -> Booking | None:
        """The booking of this reference."""
        return await self._find(bookings.c.tenant == tenant, bookings.c.reference == reference)

    async def find_by_hold(self, tenant: TenantId, hold: HoldId) -> Booking | None:
        """The booking made from this hold, whatever its status."""
        return await self._find(bookings.c.tenant == tenant, bookings.c.hold == hold)

    async def list_by_conversation(self, tenant: TenantId, conversation: ConversationId) -> Sequence[Booking]:
        """Bookings of a conversation, by start."""
        whose = {"of_tenant": tenant, "of_conversation": conversation}
        rows = await self._tx.execute(_bookings_of_conversation(self._tx.postgres), whose)
        return [_booking_of(row) for row in rows]

    async def list_between(
        self, tenant: TenantId, starts_from: datetime, starts_before: datetime
    ) -> Sequence[Booking]:
        """Bookings of a tenant whose start lies in the half-open window, by start."""
        return await self._read(
            bookings.c.tenant == tenant,
            bookings.c.starts_at >= starts_from,
            bookings.c.starts_at < starts_before,
        )

    async def _find(self, *conditions: ColumnElement[bool]) -> Booking | None:
        if self._tx.writing and self._tx.postgres:
            # A statement of its own: one that waits for a lock would read the other tables as they were before.
            await self._tx.execute(select(literal(1)).where(*conditions).with_for_update(of=bookings))
        found = await self._read(*conditions)
        return found[0] if found else None

    async def _read(self, *conditions: ColumnElement[bool]) -> list[Booking]:
        statement = _bookings_where(self._tx.postgres, *conditions)
        return [_booking_of(row) for row in await self._tx.execute(statement)]

    async def _replace_appointments(self, booking: Booking) -> None:
        rows = _appointment_rows(booking)
        await self._tx.execute(
            delete(appointments).where(
                appointments.c.tenant == booking.tenant,
                appointments.c.reference == booking.reference,
                appointments.c.position >= len(rows),
            )
        )
        if rows:
            upsert = insert_into(appointments, self._tx.postgres)
            key = ("tenant", "reference", "position")
            await self._tx.execute(
                upsert.on_conflict_do_update(
                    index_elements=list(key),
                    set_={name: upsert.excluded[name] for name in rows[0] if name not in key},
                ),
                rows,
            )

    async def _append_history(self, booking: Booking, *, known: int, skip: int = 0) -> None:
        rows = [
            {
                "tenant": booking.tenant,
                "reference": booking.reference,
                "position": position,
                "at": entry.at,
                "event": entry.event,
                "actor": entry.actor,
                "door": entry.door,
                "data": entry.data,
            }
            for position, entry in enumerate(booking.history[skip:], start=known)
        ]
        if rows:
            await self._tx.execute(insert(booking_history), rows)


@lru_cache(maxsize=2)
def _all_bookings(postgres: bool) -> Select[Any]:
    """Bookings with their appointments and history as JSON arrays: one statement, one snapshot."""
    parts, entries = appointments.c, booking_history.c
    return select(
        bookings,
        _collected(
            parts,
            (
                parts.position,
                parts.segment,
                parts.staff,
                parts.starts_at,
                parts.ends_at,
                parts.uid,
                parts.entry_id,
                parts.calendar_reference,
            ),
            postgres,
        ).label("appointments"),
        _collected(
            entries,
            (entries.position, entries.at, entries.event, entries.actor, entries.door, entries.data),
            postgres,
        ).label("history"),
    )


def _bookings_where(postgres: bool, *conditions: ColumnElement[bool]) -> Select[Any]:
    return _all_bookings(postgres).where(*conditions).order_by(bookings.c.starts_at, bookings.c.reference)


@lru_cache(maxsize=2)
def _bookings_of_conversation(postgres: bool) -> Select[Any]:
    """Every turn runs it; building it would cost more than running it."""
    return _bookings_where(
        postgres,
        bookings.c.tenant == bindparam("of_tenant"),
        bookings.c.conversation == bindparam("of_conversation"),
    )


def _collected(table: Any, columns: Sequence[ColumnElement[Any]], postgres: bool) -> ColumnElement[Any]:
    rows: ColumnElement[str]
    if postgres:
        rows = cast(func.json_agg(func.json_build_array(*columns)), Text)
    else:
        rows = func.json_group_array(func.json_array(*columns), type_=Text)
    return (
        select(rows)
        .where(table.tenant == bookings.c.tenant, table.reference == bookings.c.reference)
        .correlate(bookings)
        .scalar_subquery()
    )


def _values_of(booking: Booking) -> dict[str, Any]:
    return {
        "hold": booking.hold,
        "conversation": booking.conversation,
        "status": booking.status.value,
        "service": booking.service,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "plan": plan_to_document(booking.plan),
        "attendee": attendee_to_document(booking.attendee),
        "door": booking.door,
        "sequence": booking.sequence,
        "note": booking.note,
        "created_at": booking.created_at,
        "updated_at": booking.updated_at,
    }


def _appointment_rows(booking: Booking) -> list[dict[str, Any]]:
    return [
        {
            "tenant": booking.tenant,
            "reference": booking.reference,
            "position": position,
            "segment": appointment.segment,
            "staff": appointment.staff,
            "starts_at": appointment.starts_at,
            "ends_at": appointment.ends_at,
            "uid": appointment.uid,
            "entry_id": appointment.entry_id,
            "calendar_reference": appointment.reference,
        }
        for position, appointment in enumerate(booking.appointments)
    ]


def _booking_of(row: Row[Any]) -> Booking:
    return Booking(
        reference=Reference(row.reference),
        tenant=TenantId(row.tenant),
        conversation=None if row.conversation is None else ConversationId(row.conversation),
        hold=HoldId(row.hold),
        status=BookingStatus(row.status),
        plan=plan_from_document(row.plan),
        attendee=attendee_from_document(row.attendee),
        appointments=tuple(
            Appointment(segment, StaffId(staff), instant_from(starts), instant_from(ends), uid, entry_id, carried)
            for _, segment, staff, starts, ends, uid, entry_id, carried in _in_order(row.appointments)
        ),
        created_at=row.created_at,
        updated_at=row.updated_at,
        door=row.door,
        sequence=row.sequence,
        note=row.note,
        history=tuple(
            HistoryEntry(instant_from(at), event, actor, door, orjson.loads(data))
            for _, at, event, actor, door, data in _in_order(row.history)
        ),
    )


def _in_order(collected: str | None) -> list[list[Any]]:
    """Rows of a collected JSON array by their position, which comes first in each."""
    rows: list[list[Any]] = [] if collected is None else orjson.loads(collected)
    rows.sort(key=lambda row: int(row[0]))
    return rows

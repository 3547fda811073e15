"""Bookings, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from booking_core.errors import Conflict
from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import ConversationId, HoldId, Reference, TenantId
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, booking_of, composite, minutes, single


async def add(database: AnyDatabase, *bookings: Booking) -> None:
    async with database.write() as work:
        for booking in bookings:
            await work.bookings.add(booking)


async def find(database: AnyDatabase, reference: str, tenant: TenantId = TENANT) -> Booking | None:
    async with database.read() as work:
        return await work.bookings.find(tenant, Reference(reference))


def entry(event: str, at: float) -> HistoryEntry:
    return HistoryEntry(NOW + minutes(at), event, "worker", "worker", {})


async def test_a_booking_comes_back_as_it_was(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", composite())
    await add(database, booking)
    assert await find(database, "ABC234") == booking
    assert await find(database, "XYZ789") is None
    assert await find(database, "ABC234", TenantId("another")) is None


async def test_instants_come_back_in_utc_and_exact(database: AnyDatabase) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    instant = (NOW + minutes(7)).replace(microsecond=123457).astimezone(berlin)
    booking = replace(booking_of("ABC234", single()), created_at=instant)
    booking = replace(booking, history=(HistoryEntry(instant, "held", "guest", "chat", {}),))
    await add(database, booking)
    found = await find(database, "ABC234")
    assert found == booking
    instants = [found.created_at, found.history[0].at, found.starts_at, found.appointments[0].ends_at]
    assert all(it.tzinfo is UTC for it in instants)


async def test_a_booking_may_have_neither_conversation_nor_note_nor_contact(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", single(), conversation=None)
    bare = replace(booking.attendee, email=None, phone=None, alias="", time_zone=None)
    booking = replace(booking, note=None, attendee=bare, history=(), appointments=())
    await add(database, booking)
    assert await find(database, "ABC234") == booking


@pytest.mark.parametrize(("reference", "hold"), [("ABC234", "hold-2"), ("XYZ789", "hold-1")])
async def test_a_reference_and_a_hold_are_used_once(database: AnyDatabase, reference: str, hold: str) -> None:
    await add(database, booking_of("ABC234", single(), hold="hold-1"))
    async with database.write() as work:
        with pytest.raises(Conflict):
            await work.bookings.add(booking_of(reference, single(60), hold=hold))
        # The unit of work can go on, e.g. with another reference.
        await work.bookings.add(booking_of("MNP567", single(60), hold="hold-3"))
    assert await find(database, "MNP567") is not None
    assert await find(database, "XYZ789") is None


async def test_the_same_reference_may_exist_at_another_tenant(database: AnyDatabase) -> None:
    await add(database, booking_of("ABC234", single()))
    await add(database, booking_of("ABC234", single(), tenant=TenantId("another")))


async def test_a_booking_is_found_by_its_hold(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", single(), hold="hold-1", status=BookingStatus.FAILED)
    await add(database, booking)
    async with database.read() as work:
        assert await work.bookings.find_by_hold(TENANT, HoldId("hold-1")) == booking
        assert await work.bookings.find_by_hold(TENANT, HoldId("hold-2")) is None
        assert await work.bookings.find_by_hold(TenantId("another"), HoldId("hold-1")) is None


async def test_saving_replaces_everything_and_lengthens_the_history(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", composite())
    await add(database, booking)
    confirmed = replace(
        booking.with_status(BookingStatus.CONFIRMED, entry("confirmed", 1)),
        appointments=tuple(
            replace(it, uid=f"uid-{it.segment}", entry_id=2**40 + it.segment) for it in booking.appointments
        ),
        attendee=replace(booking.attendee, email="neu@example.org"),
        sequence=1,
    )
    async with database.write() as work:
        await work.bookings.save(confirmed)
    assert await find(database, "ABC234") == confirmed
    moved = replace(
        booking_of("ABC234", single(120)), history=(*confirmed.history, entry("moved", 2)), sequence=2, note=None
    )
    async with database.write() as work:
        await work.bookings.save(moved)
    assert await find(database, "ABC234") == moved


async def test_history_that_somebody_else_added_stays(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", single())
    await add(database, booking)
    mine = booking.with_status(BookingStatus.CANCELLED, entry("cancelled", 1))
    theirs = booking.with_status(BookingStatus.CONFIRMED, entry("confirmed", 2))
    async with database.write() as work:
        await work.bookings.save(theirs)
        await work.bookings.save(mine)
        await work.bookings.save(replace(booking, history=()))
    found = await find(database, "ABC234")
    assert found is not None
    assert [it.event for it in found.history] == ["committing", "confirmed", "cancelled"]


async def test_only_a_stored_booking_can_be_saved(database: AnyDatabase) -> None:
    with pytest.raises(Conflict):
        async with database.write() as work:
            await work.bookings.save(booking_of("ABC234", single()))


async def test_reading_to_change_waits_for_whoever_changes_already(database: AnyDatabase) -> None:
    await add(database, booking_of("ABC234", single()))

    async def count_up() -> None:
        async with database.write() as work:
            booking = await work.bookings.find(TENANT, Reference("ABC234"))
            assert booking is not None
            await asyncio.sleep(0)
            await work.bookings.save(replace(booking, sequence=booking.sequence + 1))

    await asyncio.gather(*(count_up() for _ in range(8)))
    found = await find(database, "ABC234")
    assert found is not None
    assert found.sequence == 8


async def test_lists_are_scoped_and_ordered_by_start(database: AnyDatabase) -> None:
    await add(
        database,
        booking_of("LATE22", single(120)),
        booking_of("SOON22", single(0)),
        booking_of("ELSE22", single(60), conversation="c-2"),
        booking_of("TENA22", single(60), tenant=TenantId("another")),
    )
    async with database.read() as work:
        of_conversation = await work.bookings.list_by_conversation(TENANT, ConversationId("c-1"))
        between = await work.bookings.list_between(TENANT, NOW, NOW + minutes(120))
    assert [it.reference for it in of_conversation] == ["SOON22", "LATE22"]
    assert [it.reference for it in between] == ["SOON22", "ELSE22"]


async def test_lists_follow_a_booking_that_changes(database: AnyDatabase) -> None:
    booking = booking_of("ABC234", single())
    await add(database, booking)
    next_week = replace(
        booking_of("ABC234", single(60 * 24 * 7), conversation="c-2", status=BookingStatus.CONFIRMED),
        history=booking.history,
    )
    async with database.write() as work:
        await work.bookings.save(next_week)
    async with database.read() as work:
        assert await work.bookings.list_between(TENANT, NOW, NOW + minutes(60)) == []
        later = NOW + minutes(60 * 24 * 7)
        assert await work.bookings.list_between(TENANT, later, later + minutes(5)) == [next_week]
        assert await work.bookings.list_by_conversation(TENANT, ConversationId("c-1")) == []
        assert await work.bookings.list_by_conversation(TENANT, ConversationId("c-2")) == [next_week]
        assert await work.bookings.find_by_hold(TENANT, booking.hold) == next_week

"""The balance at the end of the day: our books, the calendar, the mailbox and the claims tell the same story."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import TenantId, equipment_resource, staff_resource
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.services.offers import seats_of
from tests.support.demo import Demo
from tests.support.full_ticks import full_ticks

TENANT = TenantId("salon-fermata")
_MONTHS = timedelta(days=200)
_KINDS = {"confirmed": None, "moved": "REQUEST", "cancelled": "CANCEL"}


async def our_bookings(demo: Demo) -> list[Booking]:
    """Everything in our database, whatever its status."""
    now = demo.services.clock.now()
    async with demo.services.database.read() as work:
        return list(await work.bookings.list_between(TENANT, now - _MONTHS, now + _MONTHS))


async def check_calendar(demo: Demo, bookings: Sequence[Booking]) -> None:
    """Every confirmed booking stands in the calendar as we have it, and nothing else does."""
    ours = sorted(
        (booking.reference, part.staff, _utc(part.starts_at), _utc(part.ends_at))
        for booking in bookings
        if booking.status is BookingStatus.CONFIRMED
        for part in booking.appointments
    )
    theirs = sorted(
        (
            entry["metadata"]["fermataBooking"],
            entry["hosts"][0]["username"],
            _utc(datetime.fromisoformat(entry["start"])),
            _utc(datetime.fromisoformat(entry["end"])),
        )
        for entry in await demo.sandbox_bookings()
    )
    assert ours == theirs
    assert {booking.status for booking in bookings} <= {
        BookingStatus.CONFIRMED,
        BookingStatus.CANCELLED,
        BookingStatus.FAILED,
    }


async def check_claims(demo: Demo, bookings: Sequence[Booking], tenant: Tenant) -> None:
    """With every hold run out, what is claimed is exactly what the live bookings need."""
    now = demo.services.clock.now() + timedelta(minutes=tenant.policies.hold_minutes + 1)
    staff = [staff_resource(member.id) for member in tenant.staff]
    rooms = [equipment_resource(item.id) for item in tenant.equipment]
    window = Interval(now - _MONTHS, now + _MONTHS)
    async with demo.services.database.read() as work:
        full = await full_ticks(work.claims, TENANT, [*staff, *rooms], window, seats=seats_of(tenant), now=now)
    claimed = {(resource, tick) for resource, ticks in full.items() for tick in ticks}
    needed: list[Any] = [
        need for booking in bookings if booking.status is BookingStatus.CONFIRMED for need in booking.plan.needs()
    ]
    assert len(set(needed)) == len(needed), "two bookings share a tick"
    assert claimed == set(needed)


async def check_mails(demo: Demo, bookings: Sequence[Booking], zone: ZoneInfo) -> None:
    """One mail for each change of a booking with an address, under one UID with rising SEQUENCE; none for the others."""
    assert demo.services.mailbox is not None
    sent: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    # A guest who thinks for minutes moves everybody's clock and may end the lease of a mail that is on its way; its repeat is the
    # same bytes and counts once.
    for mail in {str(mail["raw"]): mail for mail in await demo.services.mailbox.messages()}.values():
        part = next(each for each in mail["parts"] if each["type"] == "text/calendar")  # type: ignore[attr-defined]
        calendar = re.sub(r"\r?\n[ \t]", "", part["text"])
        uid, method = _field(calendar, "UID"), _field(calendar, "METHOD")
        starts = " ".join(re.findall(r"^DTSTART[^:\n]*:(.*)$", calendar, re.MULTILINE))
        sent[uid].append((int(_field(calendar, "SEQUENCE")), method, str(mail["to"]), starts))
    expected = {}
    for booking in bookings:
        if booking.attendee.email is None or booking.status is BookingStatus.FAILED:
            continue
        # The worker may confirm what a turn is just confirming; that is one change all the same.
        events = [entry.event for entry in booking.history]
        first = events.index("confirmed")
        kinds = ["REQUEST", *(kind for event in events[first + 1 :] if (kind := _KINDS[event]))]
        expected[booking.hold] = (booking, kinds)
    by_hold = {uid.partition("@")[0]: sorted(mails) for uid, mails in sent.items()}
    assert by_hold.keys() == expected.keys()
    for hold, (booking, kinds) in expected.items():
        mails = by_hold[hold]
        assert [number for number, *_ in mails] == list(range(len(kinds))), (
            booking.reference,
            booking.starts_at,
            kinds,
            mails,
        )
        assert [method for _, method, *_ in mails] == kinds, (booking.reference, booking.starts_at, kinds, mails)
        assert all(booking.attendee.email in to for *_, to, _ in mails)
        start = booking.starts_at.astimezone(zone).strftime("%Y%m%dT%H%M%S")
        assert start in mails[-1][3], (booking.reference, booking.starts_at, kinds, mails)


async def check_privacy(demo: Demo, addresses: Iterable[str]) -> None:
    """Neither e-mail addresses nor phone numbers of guests have reached the calendar."""
    seen = (await demo.sandbox.get("/_sandbox/bookings")).text + (await demo.sandbox.get("/_sandbox/mails")).text
    seen = seen.lower()
    for address in addresses:
        assert address.lower() not in seen, address


def check_told(bookings: Sequence[Booking], told: Mapping[str, tuple[str, str | None, str | None]]) -> None:
    """Every booking carries the name and the address that its guest had given; ``told`` is by reference."""
    known = {booking.reference: booking for booking in bookings}
    for reference, (name, email, phone) in told.items():
        attendee = known[reference].attendee  # type: ignore[index]
        assert attendee.name == name, (reference, attendee.name, name)
        assert attendee.email == email, (reference, attendee.email, email)
        digits = re.sub(r"\D", "", attendee.phone or "")[-9:]
        assert digits == re.sub(r"\D", "", phone or "")[-9:], (reference, phone)


def _field(calendar: str, name: str) -> str:
    found = re.search(
        rf"^{name}(?:;[^:\n]*)?:(.*)$", calendar.rsplit("BEGIN:VEVENT", maxsplit=1)[-1], re.MULTILINE
    )
    found = found or re.search(rf"^{name}(?:;[^:\n]*)?:(.*)$", calendar, re.MULTILINE)
    assert found, f"no {name} in {calendar}"
    return found.group(1).strip()


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()

"""Balancing the books of one cell: claims, our bookings, the calendar's and the mails must tell the same story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

from sqlalchemy import select

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import equipment_resource, staff_resource
from booking_core.model.interval import Interval
from booking_core.services.offers import seats_of
from integrations.sql.tables import callbacks, claims, holds, outbox, sagas
from tests.crashes.salon import TENANT, Salon
from tests.crashes.scenarios import Cell

_DAY = timedelta(days=1)
_LASTING = {BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.FAILED}
_METHODS = {"confirmed": "REQUEST", "moved": "REQUEST", "cancelled": "CANCEL"}
_FAILURES = {"withdrawn", "failed", "not_moved"}
Standing = tuple[str, str, str, str]
"""Of one appointment: reference in the calendar, staff, start and end in UTC."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was received; ``invitation`` is METHOD and SEQUENCE of its calendar object, None for a letter."""

    identity: str
    to: str
    raw: bytes
    invitation: tuple[str, int] | None

    @classmethod
    def parse(cls, raw: bytes) -> Mail:
        """Read what the guest's program would."""
        message = message_from_bytes(raw)
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        invitation = None
        if parts:
            content = parts[0].get_payload(decode=True)
            assert isinstance(content, bytes)
            text = content.decode()
            invitation = (_field("METHOD", text), int(_field("SEQUENCE", text)))
        return cls(str(message["Message-ID"]), str(message["To"]), raw, invitation)


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that is written down about one cell, wherever it is."""

    bookings: Sequence[Booking]
    claimed: Mapping[tuple[str, int], str | None]
    full: frozenset[tuple[str, int]]
    holds: int
    open_sagas: int
    unsent: int
    callbacks: int
    standing: Sequence[Standing]
    uids: frozenset[str]
    mails: Sequence[Mail]

    @property
    def live(self) -> list[Booking]:
        """Bookings that a guest relies on."""
        return [booking for booking in self.bookings if booking.status is BookingStatus.CONFIRMED]


async def read_books(
    salon: Salon, cell: Cell, calendar: Sequence[Mapping[str, Any]], mails: Sequence[Mail]
) -> Books:
    """Read what there is. ``calendar`` are all entries of the calendar as it tells them itself, ``mails`` all that were received."""
    day = datetime(cell.day.year, cell.day.month, cell.day.day, tzinfo=UTC)
    window = Interval(day, day + _DAY)
    ticks = window.ticks()
    async with salon.sql.read() as work:
        bookings = list(await work.bookings.list_by_conversation(TENANT, cell.conversation))
        full = await work.claims.full_bits(
            TENANT,
            [
                *(staff_resource(member.id) for member in salon.tenant.staff),
                *(equipment_resource(item.id) for item in salon.tenant.equipment),
            ],
            window,
            seats=seats_of(salon.tenant),
            now=salon.clock.now(),
        )
    references = {booking.reference for booking in bookings}
    async with salon.sql._engines.reader.connect() as connection:
        rows = await connection.execute(
            select(claims.c.resource, claims.c.tick, claims.c.owner).where(
                claims.c.tick >= ticks.start, claims.c.tick < ticks.stop
            )
        )
        claimed = {(row.resource, row.tick): row.owner for row in rows}
        held = (
            await connection.execute(select(holds.c.id).where(holds.c.conversation == cell.conversation))
        ).all()
        under_way = (await connection.execute(select(sagas.c.booking).where(sagas.c.status == "open"))).scalars()
        unsent = (await connection.execute(select(outbox.c.payload).where(outbox.c.status != "done"))).scalars()
        calls = (await connection.execute(select(callbacks.c.booking))).scalars()
        counts = [
            sum(booking in references for booking in under_way),
            sum(payload["reference"] in references for payload in unsent),
            sum(booking in references for booking in calls),
        ]
    ours = [
        entry
        for entry in calendar
        if entry["status"] == "accepted"
        and "fermataRef" in entry["metadata"]
        and datetime.fromisoformat(entry["start"]).astimezone(UTC).date() == cell.day
    ]
    return Books(
        bookings=bookings,
        claimed=claimed,
        full=frozenset(
            (resource, ticks.start + number)
            for resource, bits in full.items()
            for number in range(bits.bit_length())
            if bits >> number & 1
        ),
        holds=len(held),
        open_sagas=counts[0],
        unsent=counts[1],
        callbacks=counts[2],
        standing=sorted(
            (
                entry["metadata"]["fermataRef"],
                entry["hosts"][0]["username"],
                _utc(datetime.fromisoformat(entry["start"])),
                _utc(datetime.fromisoformat(entry["end"])),
            )
            for entry in ours
        ),
        uids=frozenset(entry["uid"] for entry in ours),
        mails=[mail for mail in mails if cell.email in mail.to],
    )


def problems_of(books: Books) -> list[str]:
    """Everything that does not balance, in words; empty where all is well."""
    found: list[str] = []
    for booking in books.bookings:
        if booking.status not in _LASTING:
            found.append(f"{booking.reference} is left {booking.status}")
    if books.open_sagas:
        found.append(f"{books.open_sagas} sagas are left open")
    if books.unsent:
        found.append(f"{books.unsent} rows of the outbox are not done")
    if books.holds:
        found.append("a hold is left")
    needed = {need: str(booking.reference) for booking in books.live for need in booking.plan.needs()}
    if books.claimed != needed:
        found.append(f"claims differ from bookings: {_difference(books.claimed, needed)}")
    if books.full != frozenset(needed):
        found.append("the bitmaps of claims differ from the bookings")
    wanted = sorted(
        (
            part.reference or "",
            str(part.staff),
            _utc(placement.occupied.starts_at),
            _utc(placement.occupied.ends_at),
        )
        for booking in books.live
        for part, placement in zip(booking.appointments, booking.plan.placements, strict=True)
    )
    if list(books.standing) != wanted:
        found.append(f"the calendar differs from our bookings: {Counter(books.standing)} is not {Counter(wanted)}")
    known = {part.uid for booking in books.live for part in booking.appointments}
    if known != books.uids:
        found.append("we know the entries of the calendar by other names")
    return found + _mail_problems(books)


def _mail_problems(books: Books) -> list[str]:
    """One mail for each change; whatever came twice is the same byte for byte."""
    distinct = {mail.identity: mail for mail in books.mails}
    found = ["two mails with one Message-ID" for mail in books.mails if mail.raw != distinct[mail.identity].raw]
    changes = [
        (_METHODS[event], sequence)
        for booking in books.bookings
        for sequence, event in enumerate(_invited(booking))
    ]
    invitations = [mail.invitation for mail in distinct.values() if mail.invitation is not None]
    if sorted(invitations) != sorted(changes):
        found.append(f"mails differ from changes: {invitations} is not {changes}")
    # What came to nothing is written only to whom nobody has answered at once.
    failures = sum(entry.event in _FAILURES for booking in books.bookings for entry in booking.history)
    failures += sum(
        booking.status is BookingStatus.CANCELLED and not _invited(booking) for booking in books.bookings
    )
    letters = len(distinct) - len(invitations)
    if letters > failures:
        found.append(f"{letters} letters about {failures} failures")
    waited_for = sum(_disappointed(booking) for booking in books.bookings)
    if letters < waited_for:
        found.append(f"{letters} letters about {waited_for} promises that came to nothing")
    return found


def _disappointed(booking: Booking) -> int:
    """How many changes came to nothing of which the guest was told to wait for them, and has not called them off since."""
    waiting: set[str] = set()
    count = 0
    for entry in booking.history:
        if entry.event == "promised":
            waiting.add(entry.data["change"])
        elif entry.event == "called_off":
            waiting.clear()
        elif entry.event in _FAILURES:
            change = "move" if entry.event == "not_moved" else "book"
            count += change in waiting
            waiting.discard(change)
    return count


def _invited(booking: Booking) -> list[str]:
    """The changes of which the guest's calendar hears: none of a booking that never stood."""
    events = [entry.event for entry in booking.history if entry.event in _METHODS]
    return events if "confirmed" in events else []


def _field(name: str, calendar: str) -> str:
    found = re.search(rf"^{name}:(\S+)", calendar, re.MULTILINE)
    assert found, f"a calendar object without {name}"
    return found.group(1)


def _difference(left: Mapping[Any, Any], right: Mapping[Any, Any]) -> str:
    return f"{len(left.keys() - right.keys())} too many, {len(right.keys() - left.keys())} too few"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()

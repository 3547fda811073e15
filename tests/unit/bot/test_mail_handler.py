"""Mails of the outbox: each change tells its own times, and a mail that is sent again is the same mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import yaml

from booking_core.errors import CalendarUnavailable, LeaseLost, Refused
from booking_core.model.booking import Booking
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.slot import Placement, Plan
from booking_core.ports.outbox import OutboxItem
from booking_core.services.invitations import Invitation
from booking_core.services.notices import Notice, enqueue_notice
from booking_core.services.tenants import TenantDirectory
from bot.mail import MailHandler
from bot.translations import Translations
from bot.wiring.demo import DEMO_DESCRIPTION
from integrations.mail.compose import compose
from integrations.mail.rendering import MailRenderer
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, booking_of, minutes

SALON = TenantId("salon-fermata")


@dataclass
class Relay:
    """A mail relay that may be out of order."""

    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    broken: bool = False

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        self.raw.append(message)
        if self.broken:
            raise CalendarUnavailable("no relay")
        self.taken.append(message_from_bytes(message, policy=policy.default))  # type: ignore[arg-type]

    async def ping(self) -> None:
        return None


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    async with opened.write() as work:
        await work.tenants.put(SALON, yaml.safe_load(DEMO_DESCRIPTION.read_text(encoding="utf-8")))
    yield opened
    await opened.close()


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def handler(database: SqlDatabase, relay: Relay) -> MailHandler:
    translations, renderer = Translations.load(), MailRenderer()

    def build(invitation: Invitation, sender: str) -> bytes:
        def t(key: str, /, **values: object) -> str:
            return translations.text(invitation.language, key, **values)

        return compose(invitation, renderer, t, sender=sender)

    return MailHandler(database, TenantDirectory(database), relay, build, sender_of=lambda own: own)


def plan_at(start: float) -> Plan:
    """Half an hour with Anna, ``start`` minutes after 10:00 in Berlin."""
    starts_at = NOW + minutes(start)
    return Plan(ServiceId("mens-cut"), (Placement(0, StaffId("anna"), starts_at, starts_at + minutes(30), None),))


def booking() -> Booking:
    return booking_of("ABC234", plan_at(360), tenant=SALON)


async def enqueue(database: SqlDatabase, it: Booking, notice: Notice, cause: str) -> None:
    async with database.write() as work:
        await enqueue_notice(work.outbox, it, notice, cause=cause, now=NOW)


async def due(database: SqlDatabase) -> list[OutboxItem]:
    """Everything that waits."""
    late = NOW + minutes(600)
    async with database.write() as work:
        return list(await work.outbox.lease(now=late, real=late, until=late + minutes(1), limit=20))


async def test_two_moves_that_failed_at_one_sequence_are_two_letters_with_the_time_that_stands(
    database: SqlDatabase, handler: MailHandler, relay: Relay
) -> None:
    stands = booking()
    async with database.write() as work:
        await work.bookings.add(stands)
    await enqueue(database, stands, Notice.NOT_MOVED, "saga-1")
    await enqueue(database, stands, Notice.NOT_MOVED, "saga-2")
    # A third attempt gets through before the letters of the others are sent.
    moved = replace(stands, plan=plan_at(480), sequence=1)
    async with database.write() as work:
        await work.bookings.save(moved)
    await enqueue(database, moved, Notice.MOVED, "saga-3")
    for item in await due(database):
        await handler(item)
    first, second, third = relay.taken
    assert first["Message-ID"] != second["Message-ID"]
    for letter in (first, second):
        assert [part.get_content_type() for part in letter.walk()][1:] == ["text/plain", "text/html"]
        assert "16:00 bis 16:30 Uhr" in letter.get_body(("plain",)).get_content()
    assert "18:00 bis 18:30 Uhr" in third.get_body(("plain",)).get_content()
    assert "text/calendar" in [part.get_content_type() for part in third.walk()]


@pytest.mark.parametrize("notice", list(Notice))
async def test_a_mail_sent_again_is_the_same_mail(
    database: SqlDatabase, handler: MailHandler, relay: Relay, notice: Notice
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    await enqueue(database, booking(), notice, "saga-1")
    (item,) = await due(database)
    relay.broken = True
    with pytest.raises(CalendarUnavailable):
        await handler(item)
    relay.broken = False
    async with database.write() as work:
        await work.outbox.retry(item, due_at=NOW, error="no relay")
        # What the guest is called by now does not matter any more.
        renamed = replace(booking().attendee, name="Someone Else")
        await work.bookings.save(replace(booking(), attendee=renamed))
    (again,) = await due(database)
    await handler(again)
    assert relay.raw[0] == relay.raw[1]


async def test_without_its_booking_a_mail_can_never_be_sent(database: SqlDatabase, handler: MailHandler) -> None:
    await enqueue(database, booking(), Notice.WITHDRAWN, "saga-1")
    (item,) = await due(database)
    with pytest.raises(Refused):
        await handler(item)


async def leased(database: SqlDatabase, after: float) -> OutboxItem:
    """The only row, so many minutes later."""
    at = NOW + minutes(after)
    async with database.write() as work:
        (item,) = await work.outbox.lease(now=at, real=at, until=at + minutes(1), limit=1)
    return item


# The appointment is over after 390 minutes.
@pytest.mark.parametrize(("again", "sent"), [(390 + 24 * 60 - 1, True), (390 + 24 * 60, False)])
async def test_a_mail_that_fails_until_its_appointment_has_long_been_over_is_given_up(
    database: SqlDatabase, handler: MailHandler, relay: Relay, again: float, sent: bool
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    await enqueue(database, booking(), Notice.CONFIRMED, "saga-1")
    relay.broken = True
    item = await leased(database, 0)
    with pytest.raises(CalendarUnavailable):
        await handler(item)
    async with database.write() as work:
        await work.outbox.retry(item, due_at=NOW + minutes(again), error="no relay")
    relay.broken = False
    item = await leased(database, again)
    if sent:
        await handler(item)
    else:
        with pytest.raises(Refused):
            await handler(item)
    assert len(relay.taken) == sent


async def test_however_late_a_mail_is_it_is_tried_once(
    database: SqlDatabase, handler: MailHandler, relay: Relay
) -> None:
    over = replace(booking(), plan=plan_at(-3 * 24 * 60))
    async with database.write() as work:
        await work.bookings.add(over)
    await enqueue(database, over, Notice.CANCELLED, "saga-1")
    await handler(await leased(database, 0))
    assert len(relay.taken) == 1


async def test_who_has_lost_a_mail_to_somebody_else_does_not_send_it(
    database: SqlDatabase, handler: MailHandler, relay: Relay
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    await enqueue(database, booking(), Notice.CONFIRMED, "saga-1")
    late, holder = await leased(database, 0), await leased(database, 2)
    with pytest.raises(LeaseLost):
        await handler(late)
    await handler(holder)
    assert len(relay.raw) == 1

"""Which mails are written once, and which again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from booking_core.model.booking import Attendee, Booking
from booking_core.services.notices import Notice, enqueue_message, enqueue_notice
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, booking_of, single

LETTERS = [notice for notice in Notice if not notice.invites]
INVITING = [notice for notice in Notice if notice.invites]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    yield opened
    await opened.close()


async def tell(database: SqlDatabase, booking: Booking, notice: Notice, cause: str) -> None:
    async with database.write() as work:
        await enqueue_notice(work.outbox, booking, notice, cause=cause, now=NOW)


async def depth(database: SqlDatabase) -> int:
    async with database.read() as work:
        return await work.outbox.depth()


def booking(**changes: Any) -> Booking:
    return replace(booking_of("ABC234", single(60)), **changes)


def test_what_changes_the_guests_calendar_invites() -> None:
    assert {Notice.CONFIRMED, Notice.MOVED, Notice.CANCELLED} == set(INVITING)


@pytest.mark.parametrize("notice", LETTERS)
async def test_two_failures_at_one_sequence_are_two_letters(database: SqlDatabase, notice: Notice) -> None:
    for cause in ("saga-1", "saga-1", "saga-2"):
        await tell(database, booking(), notice, cause)
    assert await depth(database) == 2


@pytest.mark.parametrize("notice", INVITING)
async def test_an_invitation_is_told_once_for_each_sequence(database: SqlDatabase, notice: Notice) -> None:
    for sequence, cause in ((0, "saga-1"), (0, "saga-2"), (1, "saga-3")):
        await tell(database, booking(sequence=sequence), notice, cause)
    assert await depth(database) == 2


async def test_without_an_address_nobody_is_written_to(database: SqlDatabase) -> None:
    by_phone = booking(attendee=Attendee("Max Muster", "de", phone="+49301234567"))
    await tell(database, by_phone, Notice.WITHDRAWN, "saga-1")
    assert await depth(database) == 0


async def test_mail_and_message_of_one_cause_do_not_swallow_each_other(database: SqlDatabase) -> None:
    await tell(database, booking(), Notice.NOT_MOVED, "saga-1")
    async with database.write() as work:
        for _ in range(2):
            await enqueue_message(work.outbox, booking(), Notice.NOT_MOVED, cause="saga-1", now=NOW)
        without_conversation = booking(conversation=None)
        await enqueue_message(work.outbox, without_conversation, Notice.NOT_MOVED, cause="saga-2", now=NOW)
    assert await depth(database) == 2

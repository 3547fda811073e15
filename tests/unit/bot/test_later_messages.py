"""What comes of a promise, as a line of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
import yaml

from booking_core.errors import Refused
from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import ConversationId, ServiceId, StaffId, TenantId
from booking_core.model.slot import Placement, Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.outbox import OutboxItem
from booking_core.services.notices import Notice, enqueue_message
from booking_core.services.tenants import TenantDirectory
from bot.dialogue.phrases import Phrases
from bot.later_messages import LaterMessages, later_text
from bot.translations import Translations
from bot.wiring.demo import DEMO_DESCRIPTION, demo_tenant
from integrations.memory.clock import DemoClock
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, booking_of, minutes

SALON = TenantId("salon-fermata")
CONVERSATION = ConversationId("c-1")
TRANSLATIONS = Translations.load()
AFTERNOON = NOW + minutes(360)
"""16:00 in Berlin."""


def booking(*, language: str = "de", conversation: str | None = "c-1") -> Booking:
    placement = Placement(0, StaffId("anna"), AFTERNOON, AFTERNOON + minutes(30), None)
    plan = Plan(ServiceId("mens-cut"), (placement,))
    made = booking_of("ABC234", plan, tenant=SALON, conversation=conversation)
    return replace(made, attendee=replace(made.attendee, language=language))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    async with opened.write() as work:
        await work.tenants.put(SALON, yaml.safe_load(DEMO_DESCRIPTION.read_text(encoding="utf-8")))
    yield opened
    await opened.close()


@pytest.fixture
def handler(database: SqlDatabase) -> LaterMessages:
    return LaterMessages(database, TenantDirectory(database), DemoClock(NOW), partial(Phrases, TRANSLATIONS))


async def enqueue(database: SqlDatabase, it: Booking, notice: Notice) -> list[OutboxItem]:
    async with database.write() as work:
        await enqueue_message(work.outbox, it, notice, cause="saga-1", now=NOW)
        return list(await work.outbox.lease(now=NOW, real=NOW, until=NOW + minutes(1), limit=10))


async def said(database: SqlDatabase, conversation: ConversationId = CONVERSATION) -> list[str]:
    async with database.read() as work:
        return [f"{it.speaker}: {it.text}" for it in await work.conversations.transcript(SALON, conversation)]


def phrases(language: str, tenant: Tenant | None = None, now: datetime = NOW) -> Phrases:
    return Phrases(TRANSLATIONS, tenant or demo_tenant(), language, now)


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize(
    ("language", "span"),
    [("de", "Dienstag, 24. März, 16:00 bis 16:30 Uhr"), ("en", "Tuesday 24 March, 4 pm to 4.30 pm")],
)
def test_every_message_names_its_time_and_its_booking(notice: Notice, language: str, span: str) -> None:
    text = later_text(booking(), notice, AFTERNOON, AFTERNOON + minutes(30), phrases(language))
    assert span in text
    assert "ABC234" in text
    assert "{" not in text


@pytest.mark.parametrize("notice", [Notice.WITHDRAWN, Notice.OVERLAPPED])
@pytest.mark.parametrize("language", ["de", "en"])
def test_bad_news_come_with_the_salons_number(notice: Notice, language: str) -> None:
    text = later_text(booking(), notice, AFTERNOON, AFTERNOON + minutes(30), phrases(language))
    assert "+49 30 5550 1234" in text


def test_each_outcome_has_words_of_its_own() -> None:
    for language in ("de", "en"):
        texts = {
            later_text(booking(), notice, AFTERNOON, AFTERNOON + minutes(30), phrases(language))
            for notice in Notice
        }
        assert len(texts) == len(Notice)


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Ihr Termin steht fest"), ("en", "your appointment is confirmed")]
)
async def test_a_message_becomes_one_line_in_the_guests_language(
    database: SqlDatabase, handler: LaterMessages, language: str, words: str
) -> None:
    it = booking(language=language)
    async with database.write() as work:
        await work.bookings.add(it)
    (item,) = await enqueue(database, it, Notice.CONFIRMED)
    await handler(item)
    (line,) = await said(database)
    assert line.startswith("bot: ")
    assert words in line
    assert await said(database, ConversationId("c-2")) == []


async def test_a_process_that_dies_after_it_does_not_say_it_twice(
    database: SqlDatabase, handler: LaterMessages
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    (item,) = await enqueue(database, booking(), Notice.CONFIRMED)
    await handler(item)
    # Nobody came to report the row as done, and its lease runs out.
    later = NOW + minutes(60)
    async with database.write() as work:
        assert await work.outbox.lease(now=later, real=later, until=later, limit=10) == []


TOMORROW = Placement(0, StaffId("anna"), NOW + minutes(1440), NOW + minutes(1470), None)


def moved(it: Booking) -> Booking:
    return replace(it, plan=Plan(ServiceId("mens-cut"), (TOMORROW,)), sequence=1)


def cancelled(it: Booking) -> Booking:
    return replace(it, status=BookingStatus.CANCELLED)


def being_undone(it: Booking) -> Booking:
    return replace(it, status=BookingStatus.COMPENSATING)


def called_off(it: Booking) -> Booking:
    return it.with_status(it.status, HistoryEntry(NOW, "called_off", "guest", "chat", {"saga": "s"}))


def leaving(it: Booking) -> Booking:
    data = {"saga": "s", "change": "cancel"}
    return it.with_status(it.status, HistoryEntry(NOW, "promised", "guest", "chat", data))


def moving(it: Booking) -> Booking:
    data = {"saga": "s", "change": "move"}
    return it.with_status(it.status, HistoryEntry(NOW, "promised", "guest", "chat", data))


def with_somebody_else(it: Booking) -> Booking:
    return replace(it, plan=Plan(it.service, (replace(it.plan.placements[0], staff=StaffId("ben")),)))


@pytest.mark.parametrize("since", [moved, cancelled, being_undone, called_off, leaving])
@pytest.mark.parametrize("notice", [Notice.CONFIRMED, Notice.MOVED, Notice.NOT_MOVED, Notice.OVERLAPPED])
async def test_what_has_been_overtaken_is_not_said_any_more(
    database: SqlDatabase, handler: LaterMessages, notice: Notice, since: Callable[[Booking], Booking]
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    (item,) = await enqueue(database, booking(), notice)
    async with database.write() as work:
        await work.bookings.save(since(booking()))
    await handler(item)
    assert await said(database) == []
    # It is settled and not tried again.
    later = NOW + minutes(60)
    async with database.write() as work:
        assert await work.outbox.lease(now=later, real=later, until=later, limit=10) == []


@pytest.mark.parametrize(
    ("notice", "since"),
    [
        (Notice.CONFIRMED, moving),
        (Notice.CONFIRMED, with_somebody_else),
        (Notice.CANCELLED, cancelled),
        (Notice.CANCELLED, being_undone),
        (Notice.CANCELLED, moved),
        (Notice.WITHDRAWN, being_undone),
    ],
)
async def test_what_still_holds_is_said(
    database: SqlDatabase, handler: LaterMessages, notice: Notice, since: Callable[[Booking], Booking]
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    (item,) = await enqueue(database, booking(), notice)
    async with database.write() as work:
        await work.bookings.save(since(booking()))
    await handler(item)
    (line,) = await said(database)
    assert "Dienstag, 24. März, 16:00 bis 16:30 Uhr" in line


async def test_a_message_about_a_booking_that_is_gone_is_given_up(
    database: SqlDatabase, handler: LaterMessages
) -> None:
    (item,) = await enqueue(database, booking(), Notice.CONFIRMED)
    with pytest.raises(Refused):
        await handler(item)


async def test_a_message_whose_conversation_is_gone_is_given_up(
    database: SqlDatabase, handler: LaterMessages
) -> None:
    (item,) = await enqueue(database, booking(), Notice.CONFIRMED)
    async with database.write() as work:
        await work.bookings.add(booking(conversation=None))
    with pytest.raises(Refused):
        await handler(item)


async def test_who_has_lost_a_message_to_somebody_else_says_nothing(
    database: SqlDatabase, handler: LaterMessages
) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    (late,) = await enqueue(database, booking(), Notice.CONFIRMED)
    later = NOW + minutes(2)
    async with database.write() as work:
        (holder,) = await work.outbox.lease(now=later, real=later, until=later + minutes(1), limit=10)
    await handler(late)
    assert await said(database) == []
    await handler(holder)
    assert len(await said(database)) == 1

"""What comes of a promise, as a line of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
import yaml

from booking_core.errors import Refused
from booking_core.model.booking import Booking
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


async def test_it_tells_the_times_of_its_own_change(database: SqlDatabase, handler: LaterMessages) -> None:
    async with database.write() as work:
        await work.bookings.add(booking())
    (item,) = await enqueue(database, booking(), Notice.CONFIRMED)
    tomorrow = Placement(0, StaffId("anna"), NOW + minutes(1440), NOW + minutes(1470), None)
    async with database.write() as work:
        await work.bookings.save(replace(booking(), plan=Plan(ServiceId("mens-cut"), (tomorrow,)), sequence=1))
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

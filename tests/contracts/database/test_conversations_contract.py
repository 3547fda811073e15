"""Conversations, transcripts and answers to repeated requests, on every database."""

from __future__ import annotations

import pytest

from booking_core.errors import Conflict, StaleConversation
from booking_core.model.ids import ConversationId, TenantId
from booking_core.ports.conversations import StoredConversation, TranscriptLine
from booking_core.ports.idempotency import StoredAnswer
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, minutes

ID = ConversationId("c-1")


async def save(database: AnyDatabase, version: int, state: bytes) -> None:
    async with database.write() as work:
        await work.conversations.save(StoredConversation(TENANT, ID, version, state), now=NOW)


async def load(database: AnyDatabase) -> StoredConversation | None:
    async with database.read() as work:
        return await work.conversations.load(TENANT, ID)


async def test_each_save_raises_the_version(database: AnyDatabase) -> None:
    assert await load(database) is None
    await save(database, 0, b"\x00\xff first")
    assert await load(database) == StoredConversation(TENANT, ID, 1, b"\x00\xff first")
    await save(database, 1, b"second")
    assert await load(database) == StoredConversation(TENANT, ID, 2, b"second")


@pytest.mark.parametrize("known", [0, 1, 3])
async def test_only_the_stored_version_may_be_replaced(database: AnyDatabase, known: int) -> None:
    await save(database, 0, b"first")
    await save(database, 1, b"second")
    with pytest.raises(StaleConversation):
        await save(database, known, b"lost")
    assert await load(database) == StoredConversation(TENANT, ID, 2, b"second")


async def test_a_conversation_that_is_gone_cannot_be_replaced(database: AnyDatabase) -> None:
    with pytest.raises(StaleConversation):
        await save(database, 1, b"lost")
    assert await load(database) is None


async def test_conversations_are_scoped_to_their_tenant(database: AnyDatabase) -> None:
    await save(database, 0, b"first")
    async with database.write() as work:
        assert await work.conversations.load(TenantId("another"), ID) is None
        await work.conversations.save(StoredConversation(TenantId("another"), ID, 0, b"theirs"), now=NOW)
    assert await load(database) == StoredConversation(TENANT, ID, 1, b"first")


async def test_the_transcript_keeps_the_order_of_what_was_said(database: AnyDatabase) -> None:
    lines = [
        TranscriptLine("guest", "Färben und schneiden, geht Dienstag?", NOW),
        TranscriptLine("bot", "Gern. Um 10 Uhr bei Anna?", NOW),
        TranscriptLine("guest", "Ja", NOW - minutes(1)),
    ]
    async with database.write() as work:
        await work.conversations.append(TENANT, ID, lines[:2])
        await work.conversations.append(TENANT, ID, [])
        await work.conversations.append(TENANT, ID, lines[2:])
        await work.conversations.append(TENANT, ConversationId("c-2"), lines[:1])
    async with database.read() as work:
        assert await work.conversations.transcript(TENANT, ID) == lines
        assert await work.conversations.transcript(TenantId("another"), ID) == []


async def test_text_that_no_database_takes_is_kept_as_far_as_possible(database: AnyDatabase) -> None:
    async with database.write() as work:
        await work.conversations.append(TENANT, ID, [TranscriptLine("guest", "a\x00b\ud83dc", NOW)])
    async with database.read() as work:
        assert await work.conversations.transcript(TENANT, ID) == [TranscriptLine("guest", "ab?c", NOW)]


async def test_an_answer_is_kept_for_a_day(database: AnyDatabase) -> None:
    first = StoredAnswer("digest", 201, b'{"reference":"ABC234"}\x00\xff')
    async with database.write() as work:
        await work.idempotency.store("t/bookings/key", "k-1", first, now=NOW)
    async with database.read() as work:
        for scope, key, hours, expected in [
            ("t/bookings/key", "k-1", 23.99, first),
            ("t/bookings/key", "k-1", 24, None),
            ("t/bookings/key", "k-2", 0, None),
            ("u/bookings/key", "k-1", 0, None),
        ]:
            assert await work.idempotency.find(scope, key, now=NOW + minutes(60 * hours)) == expected


async def test_only_an_answer_that_ran_out_is_replaced(database: AnyDatabase) -> None:
    first, second = StoredAnswer("one", 201, b"1"), StoredAnswer("two", 409, b"2")
    async with database.write() as work:
        await work.idempotency.store("scope", "k-1", first, now=NOW)
    with pytest.raises(Conflict):
        async with database.write() as work:
            await work.idempotency.store("scope", "k-1", second, now=NOW + minutes(1))
    async with database.read() as work:
        assert await work.idempotency.find("scope", "k-1", now=NOW) == first
    next_day = NOW + minutes(60 * 24)
    async with database.write() as work:
        await work.idempotency.store("scope", "k-1", second, now=next_day)
    async with database.read() as work:
        assert await work.idempotency.find("scope", "k-1", now=next_day) == second


async def test_the_work_of_a_second_answer_does_not_last_even_if_the_error_is_swallowed(
    database: AnyDatabase,
) -> None:
    answer = StoredAnswer("one", 201, b"1")
    async with database.write() as work:
        await work.idempotency.store("scope", "k-1", answer, now=NOW)
    with pytest.raises(Conflict, match="answered already"):
        async with database.write() as work:
            await work.conversations.save(StoredConversation(TENANT, ID, 0, b"second time"), now=NOW)
            with pytest.raises(Conflict):
                await work.idempotency.store("scope", "k-1", answer, now=NOW)
    assert await load(database) is None


async def test_old_answers_are_swept_away(database: AnyDatabase) -> None:
    async with database.write() as work:
        await work.idempotency.store("scope", "old", StoredAnswer("one", 200, b""), now=NOW)
        await work.idempotency.store("scope", "new", StoredAnswer("one", 200, b""), now=NOW + minutes(1))
    await database.sweep(now=NOW + minutes(60 * 24))
    async with database.read() as work:
        # Asked with the time of storing: were it only hidden, it would be found.
        assert await work.idempotency.find("scope", "old", now=NOW) is None
        assert await work.idempotency.find("scope", "new", now=NOW) is not None

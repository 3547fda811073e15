"""Calls under way: who has the lease, who waits, what a second attempt is told, and what does not last."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from booking_core.errors import Conflict, LeaseLost
from booking_core.model.ids import ConversationId
from booking_core.ports.conversations import StoredConversation
from booking_core.ports.idempotency import Begun, Running, StoredAnswer
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, minutes

ANSWER = StoredAnswer("body", 201, b'{"reference":"ABC234"}\x00\xff')
DAY = minutes(24 * 60)


async def begin(
    database: AnyDatabase,
    owner: str,
    *,
    at: datetime = NOW,
    fingerprint: str = "body",
    scope: str = "scope",
) -> Begun | Running | StoredAnswer:
    async with database.write() as work:
        return await work.idempotency.begin(
            scope, "k-1", fingerprint, owner=owner, token=f"token-of-{owner}", now=at, until=at + minutes(1)
        )


async def store(database: AnyDatabase, owner: str | None, *, at: datetime = NOW) -> None:
    async with database.write() as work:
        await work.idempotency.store("scope", "k-1", ANSWER, now=at, owner=owner)


async def abandon(database: AnyDatabase, owner: str, *, at: datetime = NOW) -> None:
    async with database.write() as work:
        await work.idempotency.abandon("scope", "k-1", owner=owner, now=at)


async def running(database: AnyDatabase, *, at: datetime = NOW) -> Running | None:
    async with database.read() as work:
        return await work.idempotency.find_running("scope", "k-1", now=at)


async def test_the_first_has_the_lease_and_the_second_is_told_so(database: AnyDatabase) -> None:
    assert await running(database) is None
    assert await begin(database, "one") == Begun("token-of-one")
    assert await running(database) == Running("body")
    assert await begin(database, "two") == Running("body")
    assert await begin(database, "two", fingerprint="other") == Running("body")
    assert await begin(database, "two", scope="another scope") == Begun("token-of-two")


async def test_whoever_takes_over_a_lease_that_has_run_out_gets_the_token_of_the_first(
    database: AnyDatabase,
) -> None:
    await begin(database, "one")
    assert await running(database, at=NOW + minutes(1)) is None
    assert await begin(database, "two", at=NOW + minutes(1)) == Begun("token-of-one")
    assert await begin(database, "three", at=NOW + minutes(1.5)) == Running("body")
    with pytest.raises(LeaseLost):
        await store(database, "one", at=NOW + minutes(1.5))
    await store(database, "two", at=NOW + minutes(1.5))
    assert await begin(database, "three", at=NOW + minutes(3)) == ANSWER


async def test_a_lease_that_was_given_back_is_taken_at_once(database: AnyDatabase) -> None:
    await begin(database, "one")
    await abandon(database, "somebody else")
    assert await running(database) == Running("body")
    await abandon(database, "one")
    assert await running(database) is None
    assert await begin(database, "two", fingerprint="other") == Running("body")
    assert await begin(database, "two") == Begun("token-of-one")


async def test_an_answer_ends_the_lease_and_is_what_the_next_is_told(database: AnyDatabase) -> None:
    await begin(database, "one")
    await store(database, "one")
    assert await running(database) is None
    assert await begin(database, "two") == ANSWER
    assert await running(database) is None
    with pytest.raises(LeaseLost):
        await store(database, "two")
    with pytest.raises(Conflict):
        await store(database, None)


async def test_nothing_lasts_that_was_written_with_a_lost_lease(database: AnyDatabase) -> None:
    conversation = StoredConversation(TENANT, ConversationId("c-1"), 0, b"state")
    with pytest.raises(LeaseLost):
        async with database.write() as work:
            await work.conversations.save(conversation, now=NOW)
            with pytest.raises(LeaseLost):
                await work.idempotency.store("scope", "k-1", ANSWER, now=NOW, owner="nobody")
    async with database.read() as work:
        assert await work.conversations.load(TENANT, conversation.id) is None
        assert await work.idempotency.find("scope", "k-1", now=NOW) is None


async def test_after_a_day_a_key_may_be_used_for_something_else(database: AnyDatabase) -> None:
    await begin(database, "one")
    await abandon(database, "one")
    almost = NOW + DAY - minutes(1)
    assert await begin(database, "two", at=almost, fingerprint="other") == Running("body")
    assert await begin(database, "two", at=NOW + DAY, fingerprint="other") == Begun("token-of-two")


async def test_after_a_day_an_answer_is_replaced(database: AnyDatabase) -> None:
    await begin(database, "one")
    await store(database, "one")
    assert await begin(database, "two", at=NOW + DAY) == Begun("token-of-two")
    await store(database, "two", at=NOW + DAY)


async def test_of_many_at_once_exactly_one_has_the_lease(database: AnyDatabase) -> None:
    for number in range(10):
        scope = f"scope-{number}"
        told = await asyncio.gather(*(begin(database, str(rival), scope=scope) for rival in range(5)))
        assert sum(isinstance(each, Begun) for each in told) == 1
        assert told.count(Running("body")) == 4


async def test_calls_that_nobody_runs_are_swept_away_after_a_day_of_real_time(database: AnyDatabase) -> None:
    await begin(database, "one")
    far = NOW + 400 * DAY
    await database.sweep(now=far, real=NOW + DAY - minutes(1))
    assert await begin(database, "two", at=NOW + minutes(2)) == Begun("token-of-one")
    await database.sweep(now=NOW, real=NOW + DAY)
    assert await begin(database, "three", at=NOW + minutes(4)) == Begun("token-of-three")


async def test_answers_are_swept_by_the_real_clock(database: AnyDatabase) -> None:
    await store(database, None)
    await database.sweep(now=NOW + 400 * DAY, real=NOW)
    async with database.read() as work:
        assert await work.idempotency.find("scope", "k-1", now=NOW) == ANSWER

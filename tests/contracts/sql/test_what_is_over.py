"""What the database still knows of work that is done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from booking_core.ports.outbox import RENDERED, OutboxItem
from integrations.sql import SqlDatabase
from integrations.sql.tables import outbox
from tests.support.examples import NOW, TENANT, minutes

IDENTITY = {"reference": "ABC234", "notice": "confirmed"}


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    yield opened
    await opened.close()


async def leased(database: SqlDatabase, at: float) -> OutboxItem:
    async with database.write() as work:
        now = NOW + minutes(at)
        (item,) = await work.outbox.lease(now=now, real=now, until=now + minutes(1), limit=1)
    return item


@pytest.mark.parametrize("attempts", [1, 2], ids=["built just now", "built at an earlier attempt"])
async def test_of_a_mail_that_was_sent_stays_which_it_was_and_not_what_it_said(
    database: SqlDatabase, attempts: int
) -> None:
    async with database.write() as work:
        await work.outbox.add(TENANT, "mail", "ABC234:0:confirmed", IDENTITY, due_at=NOW)
    item = await leased(database, 0)
    async with database.write() as work:
        await work.outbox.amend(item, {**IDENTITY, RENDERED: "SGFsbG8gSnVsZQ=="})
    if attempts == 2:
        item = await leased(database, 2)
        assert RENDERED in item.payload
    async with database.write() as work:
        assert await work.outbox.done(item, now=NOW)
    async with database._engines.reader.connect() as connection:
        rows = (await connection.execute(select(outbox.c.key, outbox.c.status, outbox.c.payload))).all()
    assert [tuple(row) for row in rows] == [("ABC234:0:confirmed", "done", IDENTITY)]

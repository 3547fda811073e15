"""Every statement of the hot paths finds its rows by a narrow index, also in a database without statistics of its own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

import pytest

from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ResourceId
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga, SagaKind
from booking_core.ports.mirror import DayChange, MirrorDay
from integrations.sql import SqlDatabase, sqlite_driver
from tests.support.examples import ANNA, NOW, TENANT, booking_of, composite, hold_of, minutes, single

# A search by tenant alone reads everything a tenant has, unless the index holds only what is asked for.
_WIDE = re.compile(r"^SCAN (?!CONSTANT)|(?<!ix_callbacks_open )\(tenant=\?\)$")


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """SQLite's plan of every SELECT, UPDATE and DELETE that runs."""
    seen: dict[str, list[str]] = {}
    run = sqlite_driver._run

    def explain(
        connection: sqlite3.Connection, statement: str, parameters: Iterable[Any], many: bool
    ) -> sqlite_driver._Outcome:
        if re.match("SELECT|UPDATE|DELETE", statement):
            rows = list(parameters)
            first = rows[0] if many else rows
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", first).fetchall()
            seen[statement] = [row[3] for row in plan]
            parameters = rows
        return run(connection, statement, parameters, many)

    monkeypatch.setattr(sqlite_driver, "_run", explain)
    return seen


async def test_no_hot_statement_reads_more_than_it_needs(sqlite_url: str, plans: dict[str, list[str]]) -> None:
    database = SqlDatabase.open(sqlite_url)
    held = hold_of("c-1", composite(), single(200))
    booking = booking_of("ABC234", composite())
    window = Interval(NOW, NOW + minutes(60))
    async with database.write() as work:
        claims, bookings = work.claims, work.bookings
        await claims.hold(held, contact="digest", seats={}, now=NOW)
        await claims.find_hold(TENANT, held.conversation, now=NOW)
        await claims.count_holds(TENANT, "digest", now=NOW)
        await claims.full_bits(
            TENANT, [ANNA, ResourceId("staff:ben")], window, seats={}, now=NOW, not_owner="ABC234"
        )
        await claims.commit(TENANT, held.id, held.plans[0], owner="ABC234", now=NOW)
        await claims.claim(TENANT, single(300).needs(), owner="ABC234", seats={}, now=NOW)
        await claims.release(TENANT, owner="ABC234", keep=single().needs())
        await claims.release_hold(TENANT, held.conversation)
        await bookings.add(booking)
        await bookings.save(booking)
        await bookings.find(TENANT, booking.reference)
        await bookings.find_by_hold(TENANT, booking.hold)
        await bookings.list_by_conversation(TENANT, held.conversation)
        await bookings.list_between(TENANT, NOW, NOW + minutes(5))
        await work.conversations.load(TENANT, held.conversation)
        await work.conversations.transcript(TENANT, held.conversation)
        await work.idempotency.find("scope", "key", now=NOW)
        await work.idempotency.find_running("scope", "key", now=NOW)
        await work.idempotency.begin("scope", "key", "body", owner="one", token="t", now=NOW, until=NOW)
        await work.idempotency.abandon("scope", "key", owner="one", now=NOW)
        await work.outbox.add(TENANT, "mail", "key", {}, due_at=NOW)
        (item,) = await work.outbox.lease(now=NOW, real=NOW, until=NOW, limit=3, kinds=("mail", "message"))
        await work.outbox.bury(item, now=NOW, error="refused")
        await work.outbox.revive(TENANT, item.id)
        await work.outbox.done(item, now=NOW)
        day = MirrorDay(ANNA, NOW.date(), 0, b"\xff", NOW)
        await work.mirror.put(TENANT, [day])
        await work.mirror.change(TENANT, [DayChange(ANNA, day.local_date, 0, busy=1)], now=NOW, believed_from=NOW)
        await work.mirror.ask(TENANT, [(ANNA, day.local_date)], now=NOW)
        await work.mirror.days(TENANT, [ANNA, ResourceId("staff:ben")], day.local_date, day.local_date)
        saga = Saga("s-1", TENANT, booking.reference, SagaKind.BOOK, booking.plan, (), "chat", NOW)
        await work.sagas.add(saga, owner="worker", until=NOW)
        await work.sagas.save(saga, owner="worker", until=NOW)
        await work.sagas.take(TENANT, saga.id, owner="worker", now=NOW, until=NOW)
        await work.sagas.find_open(TENANT, booking.reference)
        await work.sagas.list_due(now=NOW, limit=3)
        await work.sagas.postpone(TENANT, saga.id, now=NOW - minutes(1), due_at=NOW)
        await work.sagas.release(saga, owner="worker", due_at=NOW)
        await work.sagas.take(TENANT, saga.id, owner="worker", now=NOW, until=NOW)
        await work.sagas.close(saga, owner="worker")
        call = Callback(TENANT, "key", CallbackReason.STUCK, NOW, NOW)
        await work.callbacks.add(call)
        await work.callbacks.list_open(TENANT)
        await work.callbacks.done(TENANT, call.key, now=NOW)
    await database.close()
    assert len(plans) >= 32
    wide = {statement: plan for statement, plan in plans.items() if any(_WIDE.search(step) for step in plan)}
    assert wide == {}


async def test_what_is_over_is_found_by_its_age(sqlite_url: str, plans: dict[str, list[str]]) -> None:
    database = SqlDatabase.open(sqlite_url)
    await database.sweep(now=NOW)
    await database.close()
    steps = [
        step
        for statement, plan in plans.items()
        if re.match("DELETE FROM (outbox|callbacks)", statement)
        for step in plan
    ]
    assert [re.sub(r" \(.*", "", step) for step in steps] == [
        "SEARCH outbox USING INDEX ix_outbox_settled",
        "SEARCH callbacks USING INDEX ix_callbacks_done",
    ]

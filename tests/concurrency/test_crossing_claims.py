"""Guests who cross each other on PostgreSQL: each wants what the other has just let go. Nobody may be the victim of a deadlock.

SQLite has one writer at a time; nobody can cross anybody there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.ids import ConversationId, ResourceId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold
from integrations.sql import DatabaseBusy, SqlDatabase
from integrations.sql.claims import SqlClaims
from integrations.sql.tables import claims, holds
from integrations.sql.transaction import Transaction
from tests.support.claim_days import check_claim_days
from tests.support.databases import emptied
from tests.support.examples import ANNA, NOW, TENANT, hold_of, minutes, single
from tests.support.full_ticks import full_ticks

BEN = ResourceId("staff:ben")
CLEO = ResourceId("staff:cleo")
LATER = NOW + minutes(10)
HOUR = Interval(NOW, NOW + minutes(60))


@pytest.fixture
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[SqlDatabase]:
    """An open PostgreSQL database without rows."""
    opened = SqlDatabase.open(emptied(request, "postgresql"))
    yield opened
    await opened.close()


async def hold(database: SqlDatabase, wanted: Hold, *, now: datetime = NOW) -> None:
    async with database.write() as work:
        await work.claims.hold(wanted, contact=None, seats={}, now=now)


async def held_by(database: SqlDatabase, conversation: str) -> set[ResourceId]:
    """Who of the staff is held for a conversation by rows, expired or not."""
    async with database._engines.reader.connect() as connection:
        found = await connection.execute(
            select(claims.c.resource).where(claims.c.conversation == conversation).distinct()
        )
        return {ResourceId(row.resource) for row in found}


async def full(database: SqlDatabase, *, now: datetime) -> dict[str, int]:
    """How many ticks of the hour are full, by person."""
    async with database.read() as work:
        found = await full_ticks(work.claims, TENANT, [ANNA, BEN, CLEO], HOUR, seats={}, now=now)
    return {resource.removeprefix("staff:"): len(ticks) for resource, ticks in found.items()}


async def test_guests_whose_holds_ran_out_may_swap(postgres: SqlDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have deleted rows before either goes on; what each has yet to delete is the other's."""
    await hold(postgres, hold_of("a", single(staff="anna")))
    await hold(postgres, hold_of("b", single(staff="ben")))
    both_have_deleted, execute = asyncio.Barrier(2), Transaction.execute
    seen: list[Transaction] = []

    async def together(self: Transaction, statement: Any, *args: Any) -> Any:
        result = await execute(self, statement, *args)
        if isinstance(statement, Delete) and statement.table is claims and self not in seen:
            seen.append(self)
            await both_have_deleted.wait()
        return result

    monkeypatch.setattr(Transaction, "execute", together)
    async with asyncio.timeout(20):
        await asyncio.gather(
            hold(postgres, hold_of("a", single(staff="ben"), expires_in=60), now=LATER),
            hold(postgres, hold_of("b", single(staff="anna"), expires_in=60), now=LATER),
        )
    assert len(seen) == 2
    assert (await held_by(postgres, "a"), await held_by(postgres, "b")) == ({BEN}, {ANNA})


async def test_a_guest_who_moves_does_not_cross_one_who_takes_over_the_expired_hold(
    postgres: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hold is given back before the new time is claimed, while somebody who queues for both people takes it over."""
    await hold(postgres, hold_of("a", single(staff="anna")))
    meet, lock = asyncio.Barrier(2), SqlClaims._lock
    met = False

    async def meet_once(self: SqlClaims, *args: Any, **options: Any) -> None:
        nonlocal met
        await lock(self, *args, **options)
        if not met:
            met = True
            await meet.wait()

    async def move() -> None:
        async with postgres.write() as work:
            await work.claims.release_hold(TENANT, ConversationId("a"))
            await meet.wait()
            needs = single(30, staff="ben").needs()
            await work.claims.claim(TENANT, needs, owner="ABC234", seats={}, now=LATER)

    monkeypatch.setattr(SqlClaims, "_lock", meet_once)
    wanted = hold_of("b", single(staff="anna"), single(staff="ben"), expires_in=60)
    async with asyncio.timeout(20):
        await asyncio.gather(move(), hold(postgres, wanted, now=LATER))
    assert (await held_by(postgres, "a"), await held_by(postgres, "b")) == (set(), {ANNA, BEN})
    assert await full(postgres, now=LATER) == {"anna": 6, "ben": 12, "cleo": 0}


async def test_what_somebody_else_is_taking_over_is_not_waited_for(postgres: SqlDatabase) -> None:
    """A row left behind so counts as free once it has run out, and the sweep finds it although its hold is gone."""
    await hold(postgres, hold_of("a", single(staff="anna")))
    async with postgres._engines.writer.connect() as rival:
        await rival.execute(select(claims).with_for_update())
        async with asyncio.timeout(3):
            await hold(postgres, hold_of("a", single(staff="ben"), expires_in=60), now=LATER)
            async with postgres.write() as work:
                await work.claims.release_hold(TENANT, ConversationId("a"))
        await rival.rollback()
    assert await held_by(postgres, "a") == {ANNA}
    assert await full(postgres, now=LATER) == {"anna": 0, "ben": 0, "cleo": 0}
    await postgres.sweep(now=NOW + minutes(15))
    assert await held_by(postgres, "a") == set()


async def test_the_sweep_waits_for_nobody(postgres: SqlDatabase) -> None:
    await hold(postgres, hold_of("busy", single(staff="anna")))
    await hold(postgres, hold_of("dead", single(staff="ben")))
    async with postgres._engines.writer.connect() as rival:
        await rival.execute(select(holds).where(holds.c.conversation == "busy").with_for_update())
        async with asyncio.timeout(3):
            await postgres.sweep(now=NOW + minutes(15))
        assert await _rows(rival) == (0, 1)
        await rival.rollback()
    await postgres.sweep(now=NOW + minutes(15))
    async with postgres._engines.reader.connect() as reader:
        assert await _rows(reader) == (0, 0)


async def _rows(connection: AsyncConnection) -> tuple[int, int]:
    """How many claims and holds there are."""
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in (claims, holds)]
    number_of_claims, number_of_holds = (await connection.execute(select(*counts))).one()
    return number_of_claims, number_of_holds


async def test_a_conversation_in_two_processes_keeps_one_of_its_holds(postgres: SqlDatabase) -> None:
    """Without a queue of their own the later one would replace a hold whose ticks it has never seen."""
    for number in range(30):
        guest = f"c-{number}"
        await hold(postgres, hold_of(guest, single(60 * number, staff="cleo")))
        await asyncio.gather(
            *(hold(postgres, hold_of(guest, single(60 * number, staff=name))) for name in ("anna", "ben", "cleo"))
        )
        async with postgres.read() as work:
            kept = await work.claims.find_hold(TENANT, ConversationId(guest), now=NOW)
        assert kept is not None
        assert await held_by(postgres, guest) == {
            ResourceId(f"staff:{it.staff}") for it in kept.plans[0].placements
        }


async def test_a_crowd_that_crosses_at_random_gets_answers(postgres: SqlDatabase) -> None:
    """Holds of one or two people, most of them run out, moves, bookings and the sweep, all at once."""
    staff = ("anna", "ben", "cleo")
    answers: dict[str, int] = {"yes": 0, "no": 0}

    async def guest(name: str, chance: random.Random) -> None:
        for number in range(25):
            now = NOW + minutes(5 * number + chance.choice((-1, 0, 1)))
            offers = [single(5 * chance.randrange(6), staff=it) for it in chance.sample(staff, 2)]
            wanted = hold_of(
                name, *offers, hold=f"{name}-{number}", expires_in=5 * number + chance.choice((2, 4, 9))
            )
            owner = f"{name}-{number}"
            try:
                match chance.randrange(4):
                    case 0:
                        async with postgres.write() as work:
                            await work.claims.release_hold(TENANT, ConversationId(name))
                            await work.claims.claim(TENANT, offers[0].needs(), owner=owner, seats={}, now=now)
                    case 1:
                        await hold(postgres, wanted, now=now)
                        async with postgres.write() as work:
                            try:
                                await work.claims.commit(TENANT, wanted.id, offers[1], owner=owner, now=now)
                            except HoldExpired:
                                await work.claims.release_hold(TENANT, ConversationId(name))
                                await work.claims.claim(TENANT, offers[1].needs(), owner=owner, seats={}, now=now)
                    case _:
                        await hold(postgres, wanted, now=now)
            except SlotTaken:
                answers["no"] += 1
            else:
                answers["yes"] += 1
            async with postgres.write() as work:
                await work.claims.release(TENANT, owner=owner)
            if chance.random() < 0.1:
                await postgres.sweep(now=now)

    async with asyncio.timeout(120):
        await asyncio.gather(*(guest(f"g-{seed}", random.Random(seed)) for seed in range(8)))
    assert min(answers.values()) > 10
    await check_claim_days(postgres)


@pytest.mark.parametrize("comes_first", [True, False], ids=["first", "after a read"])
async def test_a_hold_that_is_the_victim_of_a_deadlock_begins_again_where_nothing_comes_before_it(
    postgres: SqlDatabase, monkeypatch: pytest.MonkeyPatch, comes_first: bool
) -> None:
    """A writer that keeps no order at all: it has the expired row, and now wants what the guest has."""
    await hold(postgres, hold_of("old", single(staff="anna")))
    guest_has_lock, lock = asyncio.Event(), SqlClaims._lock
    tries = 0

    async def locked(self: SqlClaims, *args: Any, **options: Any) -> None:
        nonlocal tries
        await lock(self, *args, **options)
        tries += 1
        guest_has_lock.set()

    async def guest() -> None:
        wanted = hold_of("new", single(staff="anna"), expires_in=60)
        async with postgres.write() as work:
            if not comes_first:
                await work.tenants.list_ids()
            await work.claims.hold(wanted, contact=None, seats={}, now=LATER)

    monkeypatch.setattr(SqlClaims, "_lock", locked)
    async with postgres._engines.writer.connect() as rival:
        # The guest is the first to look for a circle.
        await rival.execute(text("SET LOCAL deadlock_timeout = '4s'"))
        await rival.execute(select(claims).with_for_update())
        holding = asyncio.create_task(guest())
        await guest_has_lock.wait()
        await rival.execute(
            text(
                "SELECT pg_advisory_xact_lock((classid::bigint << 32) | objid::bigint) FROM pg_locks"
                " WHERE locktype = 'advisory' AND granted AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
        await rival.rollback()
        if comes_first:
            await holding
        else:
            with pytest.raises(DatabaseBusy):
                await holding
    assert tries == (2 if comes_first else 1)
    assert await held_by(postgres, "new") == ({ANNA} if comes_first else set())

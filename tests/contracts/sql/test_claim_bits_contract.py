"""Bitmaps of lasting claims, on both databases: always what the claims are, whoever writes and however it ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import SlotTaken
from booking_core.model.ids import ResourceId, TenantId
from booking_core.model.interval import Interval, tick_of
from integrations.sql import SqlDatabase
from tests.support.claim_days import check_claim_days
from tests.support.examples import ANNA, NOW, TENANT, composite, hold_of, minutes, single

MIDNIGHT = tick_of(datetime(2026, 3, 25, tzinfo=UTC))


async def claim(
    database: SqlDatabase, owner: str, *ticks: int, resource: ResourceId = ANNA, tenant: TenantId = TENANT
) -> None:
    async with database.write() as work:
        await work.claims.claim(tenant, [(resource, tick) for tick in ticks], owner=owner, seats={}, now=NOW)


async def full(database: SqlDatabase, first: int, beyond: int, not_owner: str | None = None) -> list[int]:
    """Full ticks counted from ``first``."""
    begin = datetime.fromtimestamp(first * 300, UTC)
    window = Interval(begin, begin + timedelta(minutes=5 * (beyond - first)))
    async with database.read() as work:
        bits = await work.claims.full_bits(TENANT, [ANNA], window, seats={}, now=NOW, not_owner=not_owner)
    assert bits[ANNA] < 1 << beyond - first
    return [offset for offset in range(beyond - first) if bits[ANNA] >> offset & 1]


async def test_ticks_beside_every_seam_are_where_they_belong(database: SqlDatabase) -> None:
    seams = [MIDNIGHT + 48 * part + beside for part in range(-6, 7) for beside in (-1, 0)]
    await claim(database, "ABC234", *seams)
    assert await check_claim_days(database) == len(seams)
    first = seams[0]
    assert await full(database, first, seams[-1] + 1) == [tick - first for tick in seams]
    assert await full(database, MIDNIGHT - 1, MIDNIGHT + 1) == [0, 1]
    assert await full(database, MIDNIGHT, MIDNIGHT + 1) == [0]
    assert await full(database, MIDNIGHT + 1, MIDNIGHT + 47) == []
    assert await full(database, first, seams[-1] + 1, not_owner="ABC234") == []


async def test_from_hold_over_commit_and_move_to_release(database: SqlDatabase) -> None:
    held = hold_of("c-1", composite(), single(200))
    async with database.write() as work:
        await work.claims.hold(held, contact=None, seats={}, now=NOW)
    assert await check_claim_days(database) == 0
    async with database.write() as work:
        await work.claims.commit(TENANT, held.id, held.plans[0], owner="ABC234", now=NOW)
    assert await check_claim_days(database) == len(composite().needs())
    moved = composite(15)
    async with database.write() as work:
        await work.claims.claim(TENANT, moved.needs(), owner="ABC234", seats={}, now=NOW)
        await work.claims.release(TENANT, owner="ABC234", keep=moved.needs())
    assert await check_claim_days(database) == len(moved.needs())
    async with database.write() as work:
        await work.claims.release(TENANT, owner="ABC234")
        await work.claims.claim(TENANT, moved.needs(), owner="DEF567", seats={}, now=NOW)
    assert await check_claim_days(database) == len(moved.needs())
    async with database.write() as work:
        await work.claims.release(TENANT, owner="DEF567")
    assert await check_claim_days(database) == 0


async def test_what_is_rolled_back_is_in_neither(database: SqlDatabase) -> None:
    await claim(database, "ABC234", MIDNIGHT)
    with pytest.raises(SlotTaken):
        async with database.write() as work:
            await work.claims.claim(TENANT, [(ANNA, MIDNIGHT + 1)], owner="DEF567", seats={}, now=NOW)
            await work.claims.claim(TENANT, [(ANNA, MIDNIGHT)], owner="DEF567", seats={}, now=NOW)
    assert await check_claim_days(database) == 1
    async with database.write() as work:
        await work.claims.claim(TENANT, [(ANNA, MIDNIGHT + 1)], owner="DEF567", seats={}, now=NOW)
        with pytest.raises(SlotTaken):
            await work.claims.claim(TENANT, [(ANNA, MIDNIGHT)], owner="DEF567", seats={}, now=NOW)
    assert await check_claim_days(database) == 2


async def test_within_a_transaction_its_own_claims_are_seen(database: SqlDatabase) -> None:
    window = Interval(NOW, NOW + minutes(30))
    async with database.write() as work:
        await work.claims.claim(TENANT, single().needs(), owner="ABC234", seats={}, now=NOW)
        bits = await work.claims.full_bits(TENANT, [ANNA], window, seats={}, now=NOW)
        assert bits == {ANNA: 0b111111}
        await work.claims.release(TENANT, owner="ABC234", keep=single(length=10).needs())
        assert (await work.claims.full_bits(TENANT, [ANNA], window, seats={}, now=NOW)) == {ANNA: 0b11}
    assert await check_claim_days(database) == 2


async def test_tenants_and_resources_are_kept_apart(database: SqlDatabase) -> None:
    await claim(database, "ABC234", MIDNIGHT)
    await claim(database, "ABC234", MIDNIGHT + 1, tenant=TenantId("other"))
    await claim(database, "ABC234", MIDNIGHT + 2, resource=ResourceId("staff:ben"))
    assert await full(database, MIDNIGHT, MIDNIGHT + 5) == [0]
    assert await check_claim_days(database) == 3


async def test_many_writers_of_one_day_lose_nothing(database: SqlDatabase) -> None:
    async def comes_and_goes(number: int) -> None:
        mine = [(ANNA, MIDNIGHT + 12 * number + offset) for offset in range(12)]
        other = [(ResourceId("staff:ben"), tick) for _, tick in mine]
        for turn in range(4):
            owner = f"R{number}-{turn}"
            needs = mine + other if (number + turn) % 2 else other + mine
            async with database.write() as work:
                await work.claims.claim(TENANT, needs, owner=owner, seats={}, now=NOW)
            async with database.write() as work:
                await work.claims.release(TENANT, owner=owner, keep=needs[: 3 * number])

            async with database.write() as work:
                if turn < 3:
                    await work.claims.release(TENANT, owner=owner)

    async with asyncio.timeout(60):
        await asyncio.gather(*(comes_and_goes(number) for number in range(8)))
    assert await check_claim_days(database) == sum(3 * number for number in range(8))

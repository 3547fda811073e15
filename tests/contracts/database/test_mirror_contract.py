"""The store of the mirror, on every database."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from booking_core.model.ids import ResourceId, TenantId
from booking_core.ports.mirror import DayChange, MirrorDay, Reading, Versions
from tests.support.any_database import AnyDatabase
from tests.support.examples import ANNA, NOW, TENANT, hold_of, minutes, single

BEN = ResourceId("staff:ben")
DAY = date(2026, 3, 24)
OTHER = TenantId("another")


def seconds(amount: float) -> timedelta:
    return timedelta(seconds=amount)


def read(
    bits: bytes, at: datetime = NOW, *, day: date = DAY, resource: ResourceId = ANNA, first: int = 100
) -> MirrorDay:
    return MirrorDay(resource, day, first, bits, at)


async def put(database: AnyDatabase, *days: MirrorDay, tenant: TenantId = TENANT) -> None:
    async with database.write() as work:
        await work.mirror.put(tenant, days)


async def change(
    database: AnyDatabase,
    *,
    busy: int = 0,
    free: int = 0,
    at: datetime = NOW,
    settling: float = 5,
    first: int = 100,
) -> None:
    async with database.write() as work:
        await work.mirror.change(
            TENANT, [DayChange(ANNA, DAY, first, busy, free)], now=at, believed_from=at + seconds(settling)
        )


async def known(database: AnyDatabase) -> MirrorDay | None:
    async with database.read() as work:
        days = await work.mirror.days(TENANT, [ANNA], DAY, DAY)
    return days[0] if days else None


async def versions(database: AnyDatabase) -> Versions:
    async with database.read() as work:
        return await work.mirror.versions(TENANT)


async def test_what_was_read_is_found_by_resource_and_day(database: AnyDatabase) -> None:
    later = DAY + timedelta(days=1)
    mine = [read(b"\x01\xff"), read(b"\x02", day=later), read(b"\x03", resource=BEN)]
    await put(database, *mine)
    await put(database, read(b"\x09"), tenant=OTHER)
    async with database.read() as work:
        assert await work.mirror.days(TENANT, [ANNA], DAY, DAY) == [mine[0]]
        found = await work.mirror.days(TENANT, [BEN, ANNA], DAY, later)
        assert sorted(found, key=lambda it: (it.resource, it.local_date)) == mine
        assert await work.mirror.days(TENANT, [], DAY, later) == []
        assert await work.mirror.days(TENANT, [ANNA], later + timedelta(days=1), later + timedelta(days=9)) == []


async def test_an_older_reading_never_replaces_a_newer_one(database: AnyDatabase) -> None:
    await put(database, read(b"\x01", NOW))
    await put(database, read(b"\x02", NOW - seconds(1)))
    assert await known(database) == read(b"\x01", NOW)
    await put(database, read(b"\x03", NOW + seconds(1)))
    assert await known(database) == read(b"\x03", NOW + seconds(1))


async def test_a_change_shows_at_once_and_voids_what_was_asked_before_it_settled(database: AnyDatabase) -> None:
    await put(database, read(b"\xff\x0f", NOW - seconds(60)))
    await change(database, busy=0b110, at=NOW)
    stored = await known(database)
    assert stored is not None
    assert (stored.bits, stored.invalidated_at) == (b"\xf9\x0f", NOW + seconds(5))
    await put(database, read(b"\xff\x0f", NOW + seconds(4)))
    assert await known(database) == stored
    await put(database, read(b"\x0f\x00", NOW + seconds(5)))
    assert (await known(database) or read(b"")).bits == b"\x0f\x00"
    await change(database, free=0b11 << 8, at=NOW + seconds(6))
    assert (await known(database) or read(b"")).bits == b"\x0f\x03"


async def test_the_latest_moment_of_belief_counts(database: AnyDatabase) -> None:
    await put(database, read(b"\xff", NOW - seconds(60)))
    await change(database, at=NOW, settling=5)
    await change(database, at=NOW + seconds(1), settling=0)
    stored = await known(database)
    assert stored is not None
    assert stored.invalidated_at == NOW + seconds(5)


async def test_a_day_never_read_believes_what_is_asked_after_the_change(database: AnyDatabase) -> None:
    await change(database, busy=0b1, at=NOW)
    await change(database, busy=0b1, at=NOW + seconds(1))
    await put(database, read(b"\x01", NOW))
    assert await known(database) == MirrorDay(ANNA, DAY, 100, invalidated_at=NOW + seconds(1))
    await put(database, read(b"\x02", NOW + seconds(1)))
    assert (await known(database) or read(b"")).bits == b"\x02"


async def test_days_that_begin_elsewhere_after_a_change_of_zone_are_read_anew(database: AnyDatabase) -> None:
    await put(database, read(b"\xff", NOW))
    await put(database, read(b"\x0f", NOW - seconds(9), first=112))
    assert await known(database) == read(b"\x0f", NOW - seconds(9), first=112)
    await change(database, busy=0b1, first=100)
    stored = await known(database)
    assert stored is not None
    assert (stored.first_tick, stored.bits, stored.read_at) == (100, None, None)


async def test_a_wish_is_noted_for_known_days_only(database: AnyDatabase) -> None:
    await put(database, read(b"\x01"))
    async with database.write() as work:
        await work.mirror.ask(TENANT, [(ANNA, DAY), (BEN, DAY)], now=NOW + seconds(7))
    stored = await known(database)
    assert stored is not None
    assert stored.asked_at == NOW + seconds(7)
    async with database.read() as work:
        assert await work.mirror.days(TENANT, [BEN], DAY, DAY) == []


async def test_each_kind_of_write_raises_its_counter(database: AnyDatabase) -> None:
    assert await versions(database) == Versions()
    await put(database, read(b"\x01"), read(b"\x02", resource=BEN))
    await change(database, busy=1)
    assert await versions(database) == Versions(mirror=2)
    async with database.write() as work:
        await work.mirror.ask(TENANT, [(ANNA, DAY)], now=NOW)
    assert await versions(database) == Versions(mirror=2, asked=1)
    async with database.write() as work:
        await work.claims.hold(hold_of("c-1", single()), contact=None, seats={}, now=NOW)
        assert await work.mirror.versions(TENANT) == Versions(mirror=2, asked=1)
    assert await versions(database) == Versions(mirror=2, claims=1, asked=1)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, hold_of("c-1", single()).conversation)
        await work.claims.release_hold(TENANT, hold_of("c-2", single()).conversation)
        await work.claims.claim(TENANT, single().needs(), owner="ABC234", seats={}, now=NOW)
    assert (await versions(database)).claims == 2
    async with database.write() as work:
        await work.claims.claim(TENANT, single().needs(), owner="ABC234", seats={}, now=NOW)
        await work.claims.release(TENANT, owner="nobody")
    assert (await versions(database)).claims == 2
    async with database.write() as work:
        await work.claims.release(TENANT, owner="ABC234")
    assert (await versions(database)).claims == 3
    async with database.read() as work:
        assert await work.mirror.versions(OTHER) == Versions()


async def test_what_is_rolled_back_raises_nothing(database: AnyDatabase) -> None:
    try:
        async with database.write() as work:
            await work.mirror.put(TENANT, [read(b"\x01")])
            raise ValueError("changed its mind")
    except ValueError:
        pass
    assert await versions(database) == Versions()


async def test_rival_writers_of_one_tenant_raise_the_counter_once_each(database: AnyDatabase) -> None:
    async def claim(number: int) -> None:
        async with database.write() as work:
            resource = ResourceId(f"staff:s-{number}")
            await work.claims.release_hold(TENANT, hold_of(f"c-{number}", single()).conversation)
            await work.claims.claim(TENANT, [(resource, 1)], owner=f"R-{number}", seats={}, now=NOW)
            await work.claims.claim(TENANT, [(ANNA, number)], owner=f"R-{number}", seats={}, now=NOW)

    await asyncio.gather(*(claim(number) for number in range(12)))
    assert await versions(database) == Versions(claims=12)


async def test_changes_and_readings_of_the_same_days_do_not_lose_each_other(database: AnyDatabase) -> None:
    await put(database, read(b"\xff\xff", NOW - minutes(1)))
    await asyncio.gather(*(change(database, busy=1 << number) for number in range(10)))
    assert (await known(database) or read(b"")).bits == b"\x00\xfc"


async def test_only_one_refreshes_until_its_lease_ends(database: AnyDatabase) -> None:
    async def lease(owner: str, at: float, until: float) -> bool:
        async with database.write() as work:
            return await work.mirror.lease(TENANT, owner, now=NOW + minutes(at), until=NOW + minutes(until))

    winners = await asyncio.gather(*(lease(f"w-{number}", 0, 1) for number in range(8)))
    assert sum(winners) == 1
    winner = f"w-{winners.index(True)}"
    assert not await lease("other", 0.9, 2)
    assert await lease(winner, 0.9, 2)
    assert not await lease("other", 1.5, 3)
    assert await lease("other", 2, 3)  # the winner has died
    async with database.write() as work:
        await work.mirror.give_back(TENANT, winner)
    assert not await lease(winner, 2.5, 4)
    async with database.write() as work:
        await work.mirror.give_back(TENANT, "other")
    assert await lease(winner, 2.5, 4)


async def test_pauses_and_calls_are_kept_beside_the_lease(database: AnyDatabase) -> None:
    async with database.write() as work:
        assert await work.mirror.reading(TENANT) == Reading()
        await work.mirror.count_call(TENANT, on=DAY)
        await work.mirror.count_call(TENANT, on=DAY)
        await work.mirror.pause(TENANT, until=NOW + seconds(60))
        await work.mirror.pause(TENANT, until=NOW + seconds(30))
        await work.mirror.lease(TENANT, "w-1", now=NOW, until=NOW + minutes(1))
    async with database.read() as work:
        reading = await work.mirror.reading(TENANT)
    assert reading == Reading(NOW + seconds(60), DAY, 2)
    assert (reading.calls_on(DAY), reading.calls_on(DAY + timedelta(days=1))) == (2, 0)
    async with database.write() as work:
        await work.mirror.count_call(TENANT, on=DAY + timedelta(days=1))
        assert (await work.mirror.reading(TENANT)).calls == 1
        assert await work.mirror.reading(OTHER) == Reading()

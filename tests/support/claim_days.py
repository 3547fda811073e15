"""The bitmaps of lasting claims are worth something only while they equal the claims."""

from __future__ import annotations

from sqlalchemy import select

from booking_core.availability.ticks import ticks_in
from integrations.sql import SqlDatabase
from integrations.sql.claim_bits import TICKS_A_DAY, bits_of_parts
from integrations.sql.tables import claim_days, claims


async def check_claim_days(database: SqlDatabase) -> int:
    """Raise AssertionError unless bitmaps and ticks tell the same; how many ticks that were."""
    async with database._engines.writer.connect() as connection, connection.begin():
        lasting = await connection.execute(
            select(claims.c.tenant, claims.c.resource, claims.c.tick, claims.c.seat).where(
                claims.c.expires_at.is_(None)
            )
        )
        taken = {tuple(row) for row in lasting}
        told = {
            (tenant, resource, tick, seat)
            for tenant, resource, day, seat, *parts in await connection.execute(select(claim_days))
            for tick in ticks_in(bits_of_parts(parts), day * TICKS_A_DAY)
        }
    assert told == taken
    return len(taken)

"""Removing what has run out. Nothing depends on it but the size of the tables: expired rows count as gone anyway."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, literal, select, tuple_

from integrations.sql.idempotency import KEPT
from integrations.sql.tables import callbacks, claims, holds, idempotency, idempotent_calls, outbox, sagas
from integrations.sql.transaction import Transaction

# Clocks of several machines differ; what has only just run out is left to whoever may still be committing it.
_GRACE = timedelta(minutes=10)
# What is over is only looked at to find out what went wrong, and may hold what a guest is called and where to reach them.
_KEPT = timedelta(days=30)


async def sweep(transaction: Transaction, *, now: datetime, real: datetime) -> None:
    """Delete holds that ran out over ten minutes ago with their claims, answers older than a day, and what was over a month ago:
    journals, work of the outbox, requests to call a guest.

    Answers to repeated requests are a day old by the ``real`` clock, all else by the business clock.
    """
    run_out = now - _GRACE
    key = tuple_(claims.c.tenant, claims.c.resource, claims.c.tick, claims.c.seat)
    of_dead_hold = exists().where(
        holds.c.tenant == claims.c.tenant, holds.c.id == claims.c.hold, holds.c.expires_at <= run_out
    )
    # What another transaction is just taking over is left to it, so that nobody waits for the sweep.
    dead = (
        select(claims.c.tenant, claims.c.resource, claims.c.tick, claims.c.seat)
        .where(claims.c.hold.is_not(None), claims.c.expires_at <= run_out, of_dead_hold)
        .with_for_update(skip_locked=True, of=claims)
    )
    await transaction.execute(delete(claims).where(key.in_(dead)))
    still_claimed = exists().where(claims.c.tenant == holds.c.tenant, claims.c.hold == holds.c.id)
    await transaction.execute(delete(holds).where(holds.c.expires_at <= run_out, ~still_claimed))
    await transaction.execute(delete(idempotency).where(idempotency.c.created_at <= real - KEPT))
    left = idempotent_calls.c.created_at <= real - KEPT, idempotent_calls.c.leased_until <= real
    await transaction.execute(delete(idempotent_calls).where(*left))
    over = now - _KEPT
    old = sagas.c.created_at <= over
    await transaction.execute(delete(sagas).where(sagas.c.status == literal("closed", literal_execute=True), old))
    await transaction.execute(delete(outbox).where(outbox.c.settled_at <= over))
    await transaction.execute(delete(callbacks).where(callbacks.c.done_at <= over))

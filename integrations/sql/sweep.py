"""Removing what has run out. Nothing depends on it but the size of the tables: expired rows count as gone anyway."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, exists, literal

from booking_core.ports.retention import ANSWERS_KEPT, OVER_KEPT, RUN_OUT_KEPT
from integrations.sql.tables import callbacks, claims, holds, idempotency, idempotent_calls, outbox, sagas
from integrations.sql.transaction import Transaction, delete_free


async def sweep(transaction: Transaction, *, now: datetime, real: datetime) -> None:
    """Delete holds that ran out over ten minutes ago with their claims, answers older than a day, and what was over a month ago:
    journals, work of the outbox, requests to call a guest.

    Answers to repeated requests are a day old by the ``real`` clock, all else by the business clock.
    """

    async def forget(table: Table, *conditions: ColumnElement[bool]) -> None:
        # What another transaction is just taking over is left to it, so that the sweep waits for nobody.
        await transaction.execute(delete_free(table, transaction.postgres, *conditions))

    run_out, answered, over = now - RUN_OUT_KEPT, real - ANSWERS_KEPT, now - OVER_KEPT
    await forget(claims, claims.c.expires_at <= run_out)
    still_claimed = exists().where(claims.c.tenant == holds.c.tenant, claims.c.hold == holds.c.id)
    await forget(holds, holds.c.expires_at <= run_out, ~still_claimed)
    await forget(idempotency, idempotency.c.created_at <= answered)
    await forget(
        idempotent_calls, idempotent_calls.c.created_at <= answered, idempotent_calls.c.leased_until <= real
    )
    closed = sagas.c.status == literal("closed", literal_execute=True)
    await forget(sagas, closed, sagas.c.created_at <= over)
    await forget(outbox, outbox.c.settled_at <= over)
    await forget(callbacks, callbacks.c.done_at <= over)

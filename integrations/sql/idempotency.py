"""Answers to repeated requests on SQL, kept for a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Executable, bindparam, select

from booking_core.errors import Conflict
from booking_core.ports.idempotency import StoredAnswer
from integrations.sql.columns import Instant
from integrations.sql.tables import idempotency
from integrations.sql.transaction import Transaction, insert_into

KEPT = timedelta(hours=24)


_FIND = select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.body).where(
    idempotency.c.scope == bindparam("of_scope"),
    idempotency.c.key == bindparam("of_key"),
    idempotency.c.created_at > bindparam("run_out_at", type_=Instant),
)


@lru_cache(maxsize=2)
def _store(postgres: bool) -> Executable:
    upsert = insert_into(idempotency, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[idempotency.c.scope, idempotency.c.key],
        set_={name: upsert.excluded[name] for name in ("fingerprint", "status", "body", "created_at")},
        where=idempotency.c.created_at <= bindparam("run_out_at", type_=Instant),
    )


class SqlIdempotency:
    """Implements ``booking_core.ports.idempotency.Idempotency``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def find(self, scope: str, key: str, *, now: datetime) -> StoredAnswer | None:
        """The answer kept for this key, unless it is older than 24 h."""
        result = await self._tx.execute(_FIND, {"of_scope": scope, "of_key": key, "run_out_at": now - KEPT})
        row = result.one_or_none()
        return None if row is None else StoredAnswer(row.fingerprint, row.status, bytes(row.body))

    async def store(self, scope: str, key: str, answer: StoredAnswer, *, now: datetime) -> None:
        """Keep an answer in place of one that has run out.

        Raises Conflict where a rival has answered the same key: its work stands, this transaction's must not.
        """
        result = await self._tx.execute(
            _store(self._tx.postgres),
            {
                "scope": scope,
                "key": key,
                "fingerprint": answer.fingerprint,
                "status": answer.status,
                "body": answer.body,
                "created_at": now,
                "run_out_at": now - KEPT,
            },
        )
        if result.rowcount != 1:
            raise self._tx.doom(Conflict("this key has been answered already"))

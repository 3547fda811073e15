"""Answers to repeated requests on SQL, kept for a day, and the calls under way with their leases."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, bindparam, delete, select, update

from booking_core.errors import Conflict, LeaseLost
from booking_core.ports.idempotency import Begun, Running, StoredAnswer
from booking_core.ports.retention import ANSWERS_KEPT
from integrations.sql.columns import Instant
from integrations.sql.tables import idempotency, idempotent_calls
from integrations.sql.transaction import Transaction, insert_into

_FIND = select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.body).where(
    idempotency.c.scope == bindparam("of_scope"),
    idempotency.c.key == bindparam("of_key"),
    idempotency.c.created_at > bindparam("run_out_at", type_=Instant),
)

_THIS_CALL = (
    idempotent_calls.c.scope == bindparam("of_scope"),
    idempotent_calls.c.key == bindparam("of_key"),
)

_FIND_CALL = select(idempotent_calls.c.fingerprint).where(*_THIS_CALL)

_FIND_LEASED = _FIND_CALL.where(idempotent_calls.c.leased_until > bindparam("now", type_=Instant))

_FORGET_OLD_CALL = delete(idempotent_calls).where(
    *_THIS_CALL,
    idempotent_calls.c.created_at <= bindparam("run_out_at", type_=Instant),
    idempotent_calls.c.leased_until <= bindparam("now", type_=Instant),
)

_END_LEASE = (
    update(idempotent_calls)
    .where(*_THIS_CALL, idempotent_calls.c.leased_by == bindparam("of_owner"))
    .values(leased_until=bindparam("now", type_=Instant))
)

_END_CALL = delete(idempotent_calls).where(*_THIS_CALL, idempotent_calls.c.leased_by == bindparam("of_owner"))


@lru_cache(maxsize=2)
def _store(postgres: bool) -> Executable:
    upsert = insert_into(idempotency, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[idempotency.c.scope, idempotency.c.key],
        set_={name: upsert.excluded[name] for name in ("fingerprint", "status", "body", "created_at")},
        where=idempotency.c.created_at <= bindparam("run_out_at", type_=Instant),
    )


@lru_cache(maxsize=2)
def _begin(postgres: bool) -> Executable:
    upsert = insert_into(idempotent_calls, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[idempotent_calls.c.scope, idempotent_calls.c.key],
        set_={name: upsert.excluded[name] for name in ("leased_by", "leased_until")},
        where=(idempotent_calls.c.fingerprint == upsert.excluded.fingerprint)
        & (idempotent_calls.c.leased_until <= bindparam("now", type_=Instant)),
    ).returning(idempotent_calls.c.token)


class SqlIdempotency:
    """Implements ``booking_core.ports.idempotency.Idempotency``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def find(self, scope: str, key: str, *, now: datetime) -> StoredAnswer | None:
        """The answer kept for this key, unless it is older than 24 h."""
        result = await self._tx.execute(
            _FIND, {"of_scope": scope, "of_key": key, "run_out_at": now - ANSWERS_KEPT}
        )
        row = result.one_or_none()
        return None if row is None else StoredAnswer(row.fingerprint, row.status, bytes(row.body))

    async def find_running(self, scope: str, key: str, *, now: datetime) -> Running | None:
        """The call that is under way with this key; None where its lease was given back or has run out."""
        result = await self._tx.execute(_FIND_LEASED, {"of_scope": scope, "of_key": key, "now": now})
        fingerprint = result.scalar_one_or_none()
        return None if fingerprint is None else Running(fingerprint)

    async def begin(
        self, scope: str, key: str, fingerprint: str, *, owner: str, token: str, now: datetime, until: datetime
    ) -> Begun | Running | StoredAnswer:
        """Lease the call for ``owner`` under the token of its first attempt, or tell who has it or what the answer was."""
        this = {"of_scope": scope, "of_key": key}
        await self._tx.execute(_FORGET_OLD_CALL, {**this, "run_out_at": now - ANSWERS_KEPT, "now": now})
        result = await self._tx.execute(
            _begin(self._tx.postgres),
            {
                "scope": scope,
                "key": key,
                "fingerprint": fingerprint,
                "token": token,
                "leased_by": owner,
                "leased_until": until,
                "created_at": now,
                "now": now,
            },
        )
        leased = result.scalar_one_or_none()
        if leased is None:
            found = (await self._tx.execute(_FIND_CALL, this)).scalar_one_or_none()
            return Running(fingerprint if found is None else found)
        # Looked at with the call's row in hand: who has answered since the caller looked has done so before we got the row.
        answer = await self.find(scope, key, now=now)
        if answer is None:
            return Begun(leased)
        await self._tx.execute(_END_CALL, {**this, "of_owner": owner})
        return answer

    async def abandon(self, scope: str, key: str, *, owner: str, now: datetime) -> None:
        """Give the lease back without an answer; one that somebody else has by now stays."""
        await self._tx.execute(_END_LEASE, {"of_scope": scope, "of_key": key, "of_owner": owner, "now": now})

    async def store(
        self, scope: str, key: str, answer: StoredAnswer, *, now: datetime, owner: str | None = None
    ) -> None:
        """Keep an answer in place of one that has run out; the lease of ``owner`` ends with it.

        Raises Conflict where a rival has answered the same key and LeaseLost where ``owner`` has the lease no more: the rival's
        work stands, this transaction's must not.
        """
        if owner is not None:
            this = {"of_scope": scope, "of_key": key, "of_owner": owner}
            if (await self._tx.execute(_END_CALL, this)).rowcount != 1:
                raise self._tx.doom(LeaseLost())
        result = await self._tx.execute(
            _store(self._tx.postgres),
            {
                "scope": scope,
                "key": key,
                "fingerprint": answer.fingerprint,
                "status": answer.status,
                "body": answer.body,
                "created_at": now,
                "run_out_at": now - ANSWERS_KEPT,
            },
        )
        if result.rowcount != 1:
            raise self._tx.doom(Conflict("this key has been answered already"))

"""Answers to repeated requests in memory, kept for a day, and the calls under way with their leases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking_core.errors import Conflict, LeaseLost
from booking_core.ports.idempotency import Begun, Running, StoredAnswer
from booking_core.ports.retention import ANSWERS_KEPT
from integrations.memory.stores.values import in_utc
from integrations.memory.tables import Table, Transaction


@dataclass(frozen=True, slots=True)
class _Call:
    """A call under way, or one left without an answer."""

    fingerprint: str
    token: str
    leased_by: str
    leased_until: datetime
    created_at: datetime


class IdempotencyTables:
    """Answers with the instant they were given at, and calls under way."""

    __slots__ = ("answers", "calls")

    def __init__(self) -> None:
        """Nothing was asked."""
        self.answers: Table[tuple[str, str], tuple[StoredAnswer, datetime]] = Table()
        self.calls: Table[tuple[str, str], _Call] = Table()


class MemoryIdempotency:
    """Implements ``booking_core.ports.idempotency.Idempotency``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: IdempotencyTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def find(self, scope: str, key: str, *, now: datetime) -> StoredAnswer | None:
        """The answer kept for this key, unless it is older than 24 h."""
        stored = self._tx.of(self._tables.answers).get((scope, key))
        return None if stored is None or stored[1] <= now - ANSWERS_KEPT else stored[0]

    async def find_running(self, scope: str, key: str, *, now: datetime) -> Running | None:
        """The call that is under way with this key; None where its lease was given back or has run out."""
        call = self._tx.of(self._tables.calls).get((scope, key))
        return None if call is None or call.leased_until <= now else Running(call.fingerprint)

    async def begin(
        self, scope: str, key: str, fingerprint: str, *, owner: str, token: str, now: datetime, until: datetime
    ) -> Begun | Running | StoredAnswer:
        """Lease the call for ``owner`` under the token of its first attempt, or tell who has it or what the answer was."""
        calls = self._tx.of(self._tables.calls)
        call = calls.get((scope, key))
        if call is not None and call.leased_until <= now and call.created_at <= now - ANSWERS_KEPT:
            call = None
        if call is not None and (call.leased_until > now or call.fingerprint != fingerprint):
            return Running(call.fingerprint)
        if answer := await self.find(scope, key, now=now):
            return answer
        first, created_at = (token, in_utc(now)) if call is None else (call.token, call.created_at)
        calls.put((scope, key), _Call(fingerprint, first, owner, in_utc(until), created_at))
        return Begun(first)

    async def abandon(self, scope: str, key: str, *, owner: str, now: datetime) -> None:
        """Give the lease back without an answer; one that somebody else has by now stays."""
        calls = self._tx.of(self._tables.calls)
        call = calls.get((scope, key))
        if call is not None and call.leased_by == owner:
            calls.put((scope, key), replace(call, leased_until=in_utc(now)))

    async def store(
        self, scope: str, key: str, answer: StoredAnswer, *, now: datetime, owner: str | None = None
    ) -> None:
        """Keep an answer in place of one that has run out; the lease of ``owner`` ends with it.

        Raises Conflict where a rival has answered the same key and LeaseLost where ``owner`` has the lease no more: the rival's
        work stands, this transaction's must not.
        """
        calls = self._tx.of(self._tables.calls)
        if owner is not None:
            call = calls.get((scope, key))
            if call is None or call.leased_by != owner:
                raise self._tx.doom(LeaseLost())
            calls.remove((scope, key))
        answers = self._tx.of(self._tables.answers)
        stored = answers.get((scope, key))
        if stored is not None and stored[1] > now - ANSWERS_KEPT:
            raise self._tx.doom(Conflict("this key has been answered already"))
        answers.put((scope, key), (replace(answer, body=bytes(answer.body)), in_utc(now)))

    async def sweep(self, *, now: datetime) -> None:
        """Forget the answers that ran out, and calls as old that nobody runs."""
        answers = self._tx.of(self._tables.answers)
        for key in [key for key, (_, at) in answers.items() if at <= now - ANSWERS_KEPT]:
            answers.remove(key)
        calls = self._tx.of(self._tables.calls)
        left = [key for key, it in calls.items() if it.created_at <= now - ANSWERS_KEPT and it.leased_until <= now]
        for key in left:
            calls.remove(key)

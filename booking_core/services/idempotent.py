"""Running a call once per key: its repetitions get the same answer, also while it still runs and after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from booking_core.errors import Conflict, IdempotencyMismatch
from booking_core.model.ids import Ids, RandomIds
from booking_core.ports.clock import Clock
from booking_core.ports.idempotency import Begun, Running, StoredAnswer
from booking_core.ports.unit_of_work import Database

LEASE = timedelta(seconds=45)
"""Longer than any call takes; so long a repetition waits for a process that died."""
_FIRST_POLL_SECONDS = 0.02
_LONGEST_POLL_SECONDS = 0.5
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what: ``scope`` is tenant, owner of the key and route, ``fingerprint`` a digest of the body."""

    scope: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call, as the client reads it."""

    status: int
    body: bytes

    @property
    def lasting(self) -> bool:
        """Whether a repetition gets it: what failed on our side or was too much may be tried again."""
        return self.status < _SERVER_ERROR and self.status != _TOO_MANY


@dataclass(frozen=True, slots=True)
class Idempotent:
    """The use case. Every process may run it on the same database; they wait for each other by looking at the call's row."""

    database: Database
    clock: Clock
    ids: Ids = field(default_factory=RandomIds)
    _here: dict[tuple[str, str], asyncio.Event] = field(default_factory=dict)
    """The calls that run in this process; whoever waits for one of them need not ask the database again and again."""

    async def once(self, call: Call, run: Callable[[str], Awaitable[Answer]]) -> Answer:
        """The answer of the first call with this key, or that of ``run``.

        ``run`` gets a token that is the same whenever this call is run again, because the process died or the answer was none to
        keep; it makes its effect under this name, so that a second run finds the first one's. An exception passes through and
        leaves nothing but the token. Raises IdempotencyMismatch where the key came with another body before.
        """
        pause = _FIRST_POLL_SECONDS
        while True:
            owner = self.ids.token()
            match await self._begin(call, owner):
                case StoredAnswer(fingerprint, status, body):
                    _check(call, fingerprint)
                    return Answer(status, body)
                case Running(fingerprint):
                    _check(call, fingerprint)
                    pause = await self._wait(call, pause)
                case Begun(token):
                    ended = self._here[call.scope, call.key] = asyncio.Event()
                    try:
                        answer = await self._run(call, owner, token, run)
                    finally:
                        ended.set()
                        if self._here.get((call.scope, call.key)) is ended:
                            del self._here[call.scope, call.key]
                    if answer is not None:
                        return answer

    async def _wait(self, call: Call, pause: float) -> float:
        """Until it may be worth looking again; how long to wait the next time."""
        ended = self._here.get((call.scope, call.key))
        if ended is None:
            await asyncio.sleep(pause)
            return min(2 * pause, _LONGEST_POLL_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(LEASE.total_seconds()):
                await ended.wait()
        return _FIRST_POLL_SECONDS

    async def _begin(self, call: Call, owner: str) -> StoredAnswer | Running | Begun:
        now = self.clock.real()
        # Repetitions only read: on SQLite a writer would keep everybody else waiting.
        async with self.database.read() as work:
            known = await work.idempotency.find(call.scope, call.key, now=now)
            running = None if known else await work.idempotency.find_running(call.scope, call.key, now=now)
        if found := known or running:
            return found
        async with self.database.write() as work:
            return await work.idempotency.begin(
                call.scope,
                call.key,
                call.fingerprint,
                owner=owner,
                token=self.ids.hold(),
                now=now,
                until=now + LEASE,
            )

    async def _run(
        self, call: Call, owner: str, token: str, run: Callable[[str], Awaitable[Answer]]
    ) -> Answer | None:
        """None where somebody else has taken over meanwhile: their answer counts."""
        try:
            answer = await run(token)
        except BaseException:
            await self._abandon(call, owner)
            raise
        if not answer.lasting:
            await self._abandon(call, owner)
            return answer
        stored = StoredAnswer(call.fingerprint, answer.status, answer.body)
        try:
            async with self.database.write() as work:
                await work.idempotency.store(call.scope, call.key, stored, now=self.clock.real(), owner=owner)
        except Conflict:
            return None
        return answer

    async def _abandon(self, call: Call, owner: str) -> None:
        async with self.database.write() as work:
            await work.idempotency.abandon(call.scope, call.key, owner=owner, now=self.clock.real())


def _check(call: Call, fingerprint: str) -> None:
    if fingerprint != call.fingerprint:
        raise IdempotencyMismatch

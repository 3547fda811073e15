"""Locks between processes, kept in Redis.

Each name is a key whose value is the random token of its owner. Taking, renewing and giving back are one Lua script each, so that
several names are taken all together or not at all, and only the owner gives back. A key lives for ``lease_seconds`` and is renewed
while its block runs: however long a turn waits for the calendar it keeps its lock, and what a killed process held is free again
before anybody who waits for it (20 seconds in a turn) has to give up.

Redis may be flushed, stopped or restarted at any moment. Then locks exclude nobody, which costs wasted work and nothing else.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError

from booking_core.errors import Conflict, Upstream
from booking_core.ports.locks import HeldLock

# The braces keep all names in one slot of a cluster, which a script over several keys needs.
_PREFIX: Final = "fermata:{locks}:"
_CONNECTIONS: Final = 20
_REST_SECONDS: Final = 1.0
_FIRST_POLL_SECONDS: Final = 0.01
_LONGEST_POLL_SECONDS: Final = 0.25
_SCAN_COUNT: Final = 500

# ARGV: owner, milliseconds. A name that the owner has already counts as free: a lost answer may be asked for again.
_TAKE: Final = """
for _, key in ipairs(KEYS) do
  local owner = redis.call('GET', key)
  if owner and owner ~= ARGV[1] then return 0 end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
return 1
"""
# Returns how many names the owner still has. What is gone is not taken again: an operator may have released it.
_RENEW: Final = """
local kept = 0
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then kept = kept + redis.call('PEXPIRE', key, ARGV[2]) end
end
return kept
"""
_GIVE_BACK: Final = """
local freed = {}
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then
    redis.call('DEL', key)
    freed[#freed + 1] = key
  end
end
return freed
"""
_LOOK: Final = """
local found = {}
for _, key in ipairs(KEYS) do
  local owner, left = redis.call('GET', key), redis.call('PTTL', key)
  if owner then found[#found + 1] = {key, owner, left} end
end
return found
"""


class RedisLocks:
    """Implements ``booking_core.ports.locks.Locks``. Nobody queues: who waits asks again at random, ever longer intervals."""

    def __init__(self, client: Redis, *, lease_seconds: float = 15.0) -> None:
        """Use ``open``; the client is closed with the locks. A lease is renewed three times before it would run out."""
        self._redis = client
        self._lease = lease_seconds
        self._away_until: float | None = None
        self._unsure: dict[str, tuple[list[str], float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def open(cls, url: str, *, lease_seconds: float = 15.0, answer_seconds: float = 0.5) -> Self:
        """Locks at ``redis://…``; connects on first use. Redis counts as away when it has not answered for ``answer_seconds``."""
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=answer_seconds,
            socket_timeout=answer_seconds,
            socket_connect_timeout=answer_seconds,
            decode_responses=True,
            # A connection that a restart has cut off is replaced; a server that does not answer is not asked twice.
            retry=Retry(NoBackoff(), 1, supported_errors=(LostConnection,)),
        )
        return cls(Redis.from_pool(pool), lease_seconds=lease_seconds)

    @asynccontextmanager
    async def holding(self, names: Iterable[str], *, wait_seconds: float) -> AsyncIterator[None]:
        """Hold all names inside the block, or none of them where Redis is away; raises Conflict when the wait is over."""
        keys = [_PREFIX + name for name in sorted(set(names))]
        owner = secrets.token_hex(16)
        if not keys or not await self._take(keys, owner, wait_seconds):
            yield
            return
        renewing = asyncio.create_task(self._renew(keys, owner))
        try:
            yield
        finally:
            renewing.cancel()
            # Given back also when the block is cancelled once more while it does so.
            await asyncio.shield(self._spawn(self._give_back(keys, owner)))

    async def list_held(self) -> Sequence[HeldLock]:
        """Every name held by any process."""
        rows = await self._or_upstream(self._look())
        held = [
            HeldLock(key.removeprefix(_PREFIX), owner, left / 1000 if left >= 0 else None)
            for key, owner, left in rows
        ]
        return sorted(held, key=lambda lock: lock.name)

    async def release(self, owner: str) -> Sequence[str]:
        """Take everything away from this owner, whatever process it is in; its block goes on, unprotected."""

        async def give_back() -> Sequence[str]:
            keys = sorted({key for key, holder, _ in await self._look() if holder == owner})
            return await self._eval(_GIVE_BACK, keys, owner) if keys else []

        return [key.removeprefix(_PREFIX) for key in await self._or_upstream(give_back())]

    async def ping(self) -> None:
        """Raise Upstream unless Redis answers."""

        async def ping() -> None:
            await self._redis.ping()

        await self._or_upstream(ping())

    async def close(self) -> None:
        """Finish what is being given back and close the connections."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    async def _take(self, keys: Sequence[str], owner: str, wait_seconds: float) -> bool:
        """Wait for the names; False where Redis is away and nothing is held."""
        until = time.monotonic() + wait_seconds
        poll = _FIRST_POLL_SECONDS
        while not self._resting():
            try:
                taken = await self._eval(_TAKE, keys, owner, self._milliseconds)
            except (RedisError, OSError) as error:
                # The command may have arrived, and a stopped server carries it out when it goes on.
                self._remember(keys, owner)
                self._away(error)
                return False
            except BaseException:
                self._spawn(self._give_back(keys, owner))
                raise
            self._is_back()
            if taken:
                return True
            left = until - time.monotonic()
            if left <= 0:
                raise Conflict(f"{len(keys)} locks not free within {wait_seconds:g} s")
            await asyncio.sleep(min(left, poll * random.uniform(0.5, 1.5)))
            poll = min(poll * 1.5, _LONGEST_POLL_SECONDS)
        return False

    async def _renew(self, keys: Sequence[str], owner: str) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            if self._resting():
                continue
            try:
                kept = await self._eval(_RENEW, keys, owner, self._milliseconds)
            except (RedisError, OSError) as error:
                self._away(error)
                continue
            if kept < len(keys):
                structlog.stdlib.get_logger(__name__).warning("locks_lost", lost=len(keys) - kept, of=len(keys))
                return

    async def _give_back(self, keys: Sequence[str], owner: str) -> None:
        if self._resting():
            self._remember(keys, owner)
            return
        try:
            await self._eval(_GIVE_BACK, keys, owner)
        except (RedisError, OSError) as error:
            self._remember(keys, owner)
            self._away(error)

    async def _look(self) -> Sequence[tuple[str, str, int]]:
        found: dict[str, tuple[str, str, int]] = {}
        cursor = 0
        while True:
            cursor, keys = await self._redis.scan(cursor, match=f"{_PREFIX}*", count=_SCAN_COUNT)
            if keys:
                names = [str(key) for key in keys]
                found.update((row[0], tuple(row)) for row in await self._eval(_LOOK, names))
            if not cursor:
                return list(found.values())

    async def _eval(self, script: str, keys: Sequence[str], *arguments: str | int) -> Any:
        return await self._redis.eval(script, len(keys), *keys, *arguments)

    async def _or_upstream(self, asking: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await asking
        except (RedisError, OSError) as error:
            raise Upstream(f"Redis does not answer ({type(error).__name__})") from error

    @property
    def _milliseconds(self) -> int:
        return max(1, round(self._lease * 1000))

    def _resting(self) -> bool:
        """Whether Redis was away a moment ago: then a turn does without, instead of waiting for it once more."""
        return self._away_until is not None and time.monotonic() < self._away_until

    def _away(self, error: Exception) -> None:
        if self._away_until is None:
            structlog.stdlib.get_logger(__name__).warning("locks_unavailable", error=type(error).__name__)
        self._away_until = time.monotonic() + _REST_SECONDS

    def _is_back(self) -> None:
        if self._away_until is None:
            return
        self._away_until = None
        structlog.stdlib.get_logger(__name__).info("locks_available")
        now = time.monotonic()
        unsure, self._unsure = self._unsure, {}
        for owner, (keys, until) in unsure.items():
            if now < until:
                self._spawn(self._give_back(keys, owner))

    def _remember(self, keys: Sequence[str], owner: str) -> None:
        """Names that may be held by nobody's block until they run out, to be given back when Redis answers again."""
        now = time.monotonic()
        self._unsure = {owner: known for owner, known in self._unsure.items() if now < known[1]}
        self._unsure[owner] = (list(keys), now + self._lease)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

"""Locks between the tasks of one process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from booking_core.errors import Conflict
from booking_core.ports.locks import HeldLock


@dataclass(eq=False, slots=True)
class _Waiter:
    names: frozenset[str]
    owner: str = field(default_factory=lambda: secrets.token_hex(16))
    granted: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class MemoryLocks:
    """All names of a call are taken in one step or not at all, so that there is no order in which rivals could block each other.

    First come, first served: a later call passes an earlier one only where they share no name. Nothing is kept for names that
    nobody holds or waits for. What is held lasts until its block ends; a process that dies takes its locks with it.
    """

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self._queue: list[_Waiter] = []

    @asynccontextmanager
    async def holding(self, names: Iterable[str], *, wait_seconds: float) -> AsyncIterator[None]:
        """Hold all names inside the block; raises Conflict when they are not free within ``wait_seconds``."""
        wanted = frozenset(names)
        owner = await self._take(wanted, wait_seconds)
        try:
            yield
        finally:
            self._release(owner, wanted)

    async def list_held(self) -> Sequence[HeldLock]:
        """Every name held in this process."""
        return [HeldLock(name, owner, None) for name, owner in sorted(self._held.items())]

    async def release(self, owner: str) -> Sequence[str]:
        """Take everything away from this owner; its block goes on, unprotected."""
        return self._release(owner, frozenset(self._held))

    async def ping(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to close."""

    @property
    def idle(self) -> bool:
        """Whether nothing is held or waited for."""
        return not self._held and not self._queue

    async def _take(self, wanted: frozenset[str], wait_seconds: float) -> str:
        waiter = _Waiter(wanted)
        self._queue.append(waiter)
        self._grant()
        try:
            async with asyncio.timeout(wait_seconds if not waiter.granted.done() else None):
                await waiter.granted
        except BaseException as error:
            # Granted and given up in the same moment: what was granted must not stay held.
            if waiter.granted.done() and not waiter.granted.cancelled():
                self._release(waiter.owner, wanted)
            else:
                self._queue.remove(waiter)
                self._grant()
            if isinstance(error, TimeoutError):
                raise Conflict(f"{', '.join(sorted(wanted))} not free within {wait_seconds:g} s") from None
            raise
        return waiter.owner

    def _release(self, owner: str, among: frozenset[str]) -> Sequence[str]:
        # Only what is still its own: an operator may have given a name to the next one meanwhile.
        names = sorted(name for name in among if self._held.get(name) == owner)
        for name in names:
            del self._held[name]
        self._grant()
        return names

    def _grant(self) -> None:
        blocked = set(self._held)
        for waiter in list(self._queue):
            if waiter.granted.cancelled():
                continue
            if blocked.isdisjoint(waiter.names):
                self._queue.remove(waiter)
                self._held.update(dict.fromkeys(waiter.names, waiter.owner))
                waiter.granted.set_result(None)
            blocked |= waiter.names

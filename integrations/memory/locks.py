"""Locks between the tasks of one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from booking_core.errors import Conflict


@dataclass(eq=False, slots=True)
class _Waiter:
    names: frozenset[str]
    granted: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class MemoryLocks:
    """All names of a call are taken in one step or not at all, so that there is no order in which rivals could block each other.

    First come, first served: a later call passes an earlier one only where they share no name. Nothing is kept for names that
    nobody holds or waits for.
    """

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._queue: list[_Waiter] = []

    @asynccontextmanager
    async def holding(self, names: Iterable[str], *, wait_seconds: float) -> AsyncIterator[None]:
        """Hold all names inside the block; raises Conflict when they are not free within ``wait_seconds``."""
        wanted = frozenset(names)
        await self._take(wanted, wait_seconds)
        try:
            yield
        finally:
            self._release(wanted)

    async def ping(self) -> None:
        """Always there."""

    @property
    def idle(self) -> bool:
        """Whether nothing is held or waited for."""
        return not self._held and not self._queue

    async def _take(self, wanted: frozenset[str], wait_seconds: float) -> None:
        waiter = _Waiter(wanted)
        self._queue.append(waiter)
        self._grant()
        try:
            async with asyncio.timeout(wait_seconds if not waiter.granted.done() else None):
                await waiter.granted
        except BaseException as error:
            # Granted and given up in the same moment: what was granted must not stay held.
            if waiter.granted.done() and not waiter.granted.cancelled():
                self._release(wanted)
            else:
                self._queue.remove(waiter)
                self._grant()
            if isinstance(error, TimeoutError):
                raise Conflict(f"{', '.join(sorted(wanted))} not free within {wait_seconds:g} s") from None
            raise

    def _release(self, names: frozenset[str]) -> None:
        self._held -= names
        self._grant()

    def _grant(self) -> None:
        blocked = set(self._held)
        for waiter in list(self._queue):
            if waiter.granted.cancelled():
                continue
            if blocked.isdisjoint(waiter.names):
                self._queue.remove(waiter)
                self._held |= waiter.names
                waiter.granted.set_result(None)
            blocked |= waiter.names

"""The nudge of background work inside one process, carried by taskiq's in-memory broker."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from taskiq import InMemoryBroker

SWEEP: Final = "outbox.sweep"


def make_broker() -> InMemoryBroker:
    """A broker whose tasks run in the background of this event loop."""
    return InMemoryBroker(sync_tasks_pool_size=1, await_inplace=False)


class MemoryQueue:
    """However many nudges come, one sweep runs at a time, and one more after it for those that came meanwhile."""

    def __init__(self, broker: InMemoryBroker, sweep: Callable[[], Awaitable[object]]) -> None:
        """``sweep`` looks at the outbox once; it becomes the broker's task ``outbox.sweep``."""
        self._broker = broker
        self._sweep = sweep
        self._wanted = False
        self._running = False
        self._closed = False

        async def run() -> None:
            # A function, because taskiq renames what it registers and a method cannot be renamed.
            await self._run()

        self._task = broker.register_task(run, SWEEP)

    async def nudge(self) -> None:
        """Ask for a sweep soon; never raises and does not wait for it."""
        if self._closed or self._wanted:
            return
        self._wanted = True
        if not self._running:
            self._running = True
            await self._task.kiq()

    async def ping(self) -> None:
        """Always there."""

    async def settled(self) -> None:
        """Wait until every sweep that was asked for has ended."""
        await self._broker.wait_all()

    async def close(self) -> None:
        """Take no more nudges and let the running sweep end; the outbox keeps what is left."""
        self._closed = True
        await self.settled()

    async def _run(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                try:
                    await self._sweep()
                except Exception:
                    logging.getLogger(__name__).exception("sweep_failed")
        finally:
            self._running = False

"""A demo whose clocks go ahead at a word, so that nobody waits hours for what takes hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from integrations.memory.clock import DemoClock
from tests.support.demo import Demo, Guest, running_demo

PATIENCE_SECONDS = 30.0


class JumpingClock(DemoClock):
    """Business time and real time that go ahead together."""

    _ahead = timedelta(0)

    def advance(self, by: timedelta) -> None:
        """Let so much time pass at once, on both clocks."""
        self._ahead += by
        self.set(self.now() + by)

    def real(self) -> datetime:
        """The present instant and all that was advanced."""
        return super().real() + self._ahead


@asynccontextmanager
async def jumping_demo(data_dir: Path) -> AsyncIterator[Demo]:
    """A running demo on such a clock, whose worker works when it is told to (and when a turn nudges it)."""
    with patch("bot.wiring.product.DemoClock", JumpingClock), patch("bot.app.WORK_EVERY_SECONDS", 3600.0):
        async with running_demo(data_dir) as demo:
            yield demo


def pass_time(demo: Demo, **span: float) -> None:
    """Let time pass, e.g. ``hours=2``."""
    clock = demo.services.clock
    assert isinstance(clock, JumpingClock)
    clock.advance(timedelta(**span))


async def calendar_down(demo: Demo) -> None:
    """From now on the calendar answers nobody."""
    (await demo.sandbox.put("/_sandbox/faults", json={"down": True})).raise_for_status()


async def calendar_up(demo: Demo) -> None:
    """The calendar is well again."""
    (await demo.sandbox.request("DELETE", "/_sandbox/faults")).raise_for_status()


async def worked_until(demo: Demo, done: Callable[[], Awaitable[Any]]) -> Any:
    """Let the worker settle and sweep until ``done`` gives something, and give that back."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await demo.services.worker.settle()
            await demo.services.worker.sweep()
            if found := await done():
                return found
            await asyncio.sleep(0.1)


async def transcript(demo: Demo, guest: Guest) -> list[dict[str, Any]]:
    """What was said so far, as the guest's page reads it."""
    response = await demo.http.get(
        f"/api/chat/{guest.tenant}/messages", params={"conversation": guest.conversation}
    )
    messages: list[dict[str, Any]] = response.json()["messages"]
    return messages


async def mails(demo: Demo) -> list[dict[str, Any]]:
    """What has arrived, the oldest first."""
    messages: list[dict[str, Any]] = (await demo.http.get("/api/demo/mailbox")).json()["messages"]
    return messages[::-1]

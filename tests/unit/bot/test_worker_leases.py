"""Outbox work under a clock that is set: due by business time, held by real time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from booking_core.ports.outbox import OutboxItem
from bot.worker import Worker
from integrations.memory.clock import DemoClock
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, TENANT

_UNUSED: Any = None


@dataclass
class Errand:
    """Notes which rows it did, and lets something happen in the middle of each."""

    done: list[str] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, item: OutboxItem) -> None:
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            await happening()
        self.done.append(item.key)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    yield opened
    await opened.close()


def worker_of(database: SqlDatabase, clock: DemoClock, errand: Errand) -> Worker:
    return Worker(
        database=database,
        clock=clock,
        tenants=_UNUSED,
        sagas=_UNUSED,
        handlers={"errand": errand},
        on_settled=_UNUSED,
        clean_up=_UNUSED,
        mirror=_UNUSED,
    )


async def add(database: SqlDatabase, key: str, *, hours: float = 0) -> None:
    async with database.write() as work:
        await work.outbox.add(TENANT, "errand", key, {}, due_at=NOW + timedelta(hours=hours))


async def test_a_jump_of_the_clock_starts_no_work_a_second_time(database: SqlDatabase) -> None:
    clock, errand = DemoClock(NOW), Errand()
    worker, rival = worker_of(database, clock, errand), worker_of(database, clock, errand)
    await add(database, "in flight")

    async def jump() -> None:
        clock.set(NOW + timedelta(hours=3))
        await rival.sweep()

    errand.meanwhile = jump
    await worker.sweep()
    assert errand.done == ["in flight"]


async def test_work_of_tomorrow_is_done_when_the_clock_is_set_to_tomorrow(database: SqlDatabase) -> None:
    clock, errand = DemoClock(NOW), Errand()
    worker = worker_of(database, clock, errand)
    await add(database, "tomorrow", hours=24)
    await worker.sweep()
    assert errand.done == []
    clock.set(NOW + timedelta(hours=25))
    await worker.sweep()
    assert errand.done == ["tomorrow"]

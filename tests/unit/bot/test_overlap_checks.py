"""Looks at a calendar that refuses to be looked at: tried again while there is time, then left to staff."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from booking_core.errors import FermataError, Misconfigured, Refused, Unintelligible
from booking_core.model.callback import CallbackReason
from booking_core.ports.calendar import Entry
from booking_core.services.notices import CHECK
from booking_core.services.overlaps import OverlapCheck
from bot.overlap_checks import OverlapHandler
from bot.worker import Worker
from tests.support.calendars import Directory
from tests.support.examples import NOW
from tests.support.saga_world import SALON, World, cut, in_virtual_time

HOUR = 60
KEY_CHANGED = Refused("GET /v2/bookings: answered 401", status=401)


@dataclass
class Refusing:
    """The calendar in memory; looks are refused while there is ``trouble``."""

    world: World
    trouble: FermataError | None = None
    looks: int = 0

    async def list_entries(self, *asked: Any) -> Sequence[Entry]:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble.with_traceback(None)
        return await self.world.memory.list_entries(*asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world.memory, name)


def worker_of(world: World, calendar: Any) -> Worker:
    """Its only handler is the real one."""
    unused: Any = None
    tenants: Any = Directory(world.tenant)
    return Worker(
        database=world.database,
        clock=world.clock,
        tenants=tenants,
        sagas=world.sagas,
        handlers={CHECK: OverlapHandler(OverlapCheck(world.database, calendar, world.clock), tenants)},
        on_settled=unused,
        clean_up=unused,
        mirror=world.mirror,
    )


async def works(worker: Worker, minutes: float) -> None:
    """The worker looks every ten seconds for so long."""
    for _ in range(int(minutes * 6)):
        await worker.sweep()
        await asyncio.sleep(10)


async def given_up(world: World) -> list[str]:
    async with world.database.read() as work:
        return [it.kind for it in await work.outbox.dead_letters(SALON)]


async def reasons(world: World) -> list[CallbackReason]:
    return [it.reason for it in await world.callbacks()]


@pytest.mark.parametrize("trouble", [KEY_CHANGED, Misconfigured("no key"), Unintelligible()], ids=repr)
@in_virtual_time
async def test_a_refused_look_is_made_once_the_calendar_allows_it(world: World, trouble: FermataError) -> None:
    await world.yes(cut(10 * HOUR))
    world.theirs(cut(10 * HOUR))
    calendar = Refusing(world, trouble)
    worker = worker_of(world, calendar)
    with capture_logs() as logs:
        await works(worker, 2 * HOUR)
    assert (await given_up(world), await reasons(world)) == ([], [])
    assert calendar.looks > 8
    refused = [it for it in logs if it["event"] == "check_refused"]
    assert {it["code"] for it in refused} == {trouble.code}
    calendar.trouble = None
    await works(worker, HOUR)
    assert (await given_up(world), await reasons(world)) == ([], [CallbackReason.OVERLAP])


@in_virtual_time
async def test_what_stays_refused_is_left_to_staff_while_there_is_time_for_them_to_look(world: World) -> None:
    await world.yes(cut(10 * HOUR))
    calendar = Refusing(world, KEY_CHANGED)
    worker = worker_of(world, calendar)
    await works(worker, 6.9 * HOUR)
    assert await reasons(world) == []
    await works(worker, 1.2 * HOUR)
    [callback] = await world.callbacks()
    assert callback.reason is CallbackReason.STUCK
    assert callback.booking == (await world.only()).reference
    assert callback.deadline <= NOW + timedelta(hours=9)
    assert await given_up(world) == [CHECK]
    looks = calendar.looks
    await works(worker, HOUR)
    assert calendar.looks == looks


@in_virtual_time
async def test_a_look_at_an_appointment_that_begins_soon_is_tried_for_ten_minutes(world: World) -> None:
    await world.yes(cut(60))
    calendar = Refusing(world, KEY_CHANGED)
    worker = worker_of(world, calendar)
    await works(worker, 9)
    assert (await given_up(world), await reasons(world)) == ([], [])
    await works(worker, 4)
    assert (await given_up(world), await reasons(world)) == ([CHECK], [CallbackReason.STUCK])
    assert calendar.looks == 8

"""The same salon twice: with Cal.com (its sandbox, over HTTP, behind the gateway) and with the calendar in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.memory.calendar import MemoryCalendar
from tests.support.calendars import (
    CalcomWorld,
    CalendarWorld,
    Directory,
    MemoryWorld,
    StandingClock,
    example_salon,
)


@pytest.fixture(params=["calcom", "memory"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CalendarWorld]:
    """A calendar after its event types were pushed, with what staff and the network may do to it."""
    clock = StandingClock(datetime(2026, 3, 24, 9, 13, 20, tzinfo=UTC))
    directory = Directory(example_salon())
    if request.param == "memory":
        calendar = MemoryCalendar(tenants=directory, clock=clock, patience=0.1)
        memory = MemoryWorld(calendar, clock, directory)
        await memory.calendar.push_event_types(directory.tenant.id)
        yield memory
        return
    async with CalcomWorld.started(tmp_path / "sandbox.sqlite", directory, clock) as calcom:
        await calcom.calendar.push_event_types(directory.tenant.id)
        yield calcom

"""Trouble that lasts: told when it begins and when it is over, and that of one tenant is no other's."""

from __future__ import annotations

from collections.abc import AsyncIterator, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from booking_core.errors import CalendarUnavailable, InvalidModel, Misconfigured, Refused
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.calendar import FreeTime
from booking_core.services.mirror import Mirror
from bot.worker import Worker
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, minutes
from tests.support.saga_world import SALON, salon

OTHER = TenantId("other")
ANNA = StaffId("anna")
Line = MutableMapping[str, Any]


@dataclass
class SteppedClock:
    """Both times go on only when told to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def real(self) -> datetime:
        return self.moment


@dataclass
class MoodyCalendar:
    """Nobody is ever busy; answers as its mood has it."""

    clock: SteppedClock
    trouble: dict[tuple[TenantId, StaffId], Exception] = field(default_factory=dict)

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        if error := self.trouble.get((tenant, staff)):
            raise error.with_traceback(None)
        return FreeTime(staff, asked, frozenset(asked.ticks()), self.clock.real())

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody asks for {name}")


@dataclass
class Tenants:
    """Everyone is a salon like the first; those that are broken cannot be read."""

    broken: dict[TenantId, Exception] = field(default_factory=dict)

    async def tenant_of(self, tenant: TenantId) -> Any:
        if error := self.broken.get(tenant):
            raise error.with_traceback(None)
        return replace(salon(), id=tenant)


@dataclass
class House:
    """A worker on two salons."""

    database: SqlDatabase
    clock: SteppedClock
    calendar: MoodyCalendar
    tenants: Tenants
    worker: Worker

    async def rounds(self, duty: str, seconds: int, *, every: int = 5) -> list[Line]:
        """What is logged while a duty goes its rounds for so long."""
        with capture_logs() as logs:
            for _ in range(seconds // every):
                await getattr(self.worker, duty)()
                self.clock.moment += timedelta(seconds=every)
        return logs

    async def call(self, tenant: TenantId, key: str, *, within: float = 60) -> None:
        """Staff of a salon are asked to call somebody."""
        now = self.clock.now()
        async with self.database.write() as work:
            await work.callbacks.add(Callback(tenant, key, CallbackReason.STUCK, now, now + minutes(within)))


@pytest.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    database, clock, tenants = SqlDatabase.open(sqlite_url), SteppedClock(), Tenants()
    calendar = MoodyCalendar(clock)
    mirror = Mirror(database, calendar, clock)

    async def clean_up(now: datetime) -> None:
        raise AssertionError("not asked for")

    async with database.write() as work:
        for tenant in (OTHER, SALON):
            await work.tenants.put(tenant, {})
    worker = Worker(
        database=database,
        clock=clock,
        tenants=tenants,  # type: ignore[arg-type]
        sagas=None,  # type: ignore[arg-type]
        handlers={},
        on_settled=lambda status: None,
        clean_up=clean_up,
        mirror=mirror,
    )
    yield House(database, clock, calendar, tenants, worker)
    await mirror.close()
    await database.close()


def told(logs: list[Line], tenant: TenantId = SALON) -> list[tuple[str, str]]:
    return [(it["event"], it["log_level"]) for it in logs if it["tenant"] == tenant]


@pytest.mark.parametrize(
    ("trouble", "level"),
    [
        (Misconfigured("no Cal.com key"), "warning"),
        (CalendarUnavailable(), "warning"),
        (Refused(status=401), "error"),
    ],
    ids=["no key", "down", "key refused"],
)
async def test_a_calendar_that_stays_unread_is_told_when_it_begins_and_when_it_ends(
    house: House, trouble: Exception, level: str
) -> None:
    house.calendar.trouble[SALON, ANNA] = trouble
    logs = await house.rounds("refresh", 600, every=120)
    assert told(logs) == [("mirror_not_read", level)]
    assert (logs[0]["staff"], logs[0]["code"]) == (ANNA, trouble.code)  # type: ignore[attr-defined]
    house.calendar.trouble.clear()
    logs = await house.rounds("refresh", 600, every=120)
    assert [(it["event"], it["log_level"], it["tenant"], it["staff"]) for it in logs] == [
        ("mirror_read_again", "warning", SALON, ANNA)
    ]
    house.calendar.trouble[SALON, ANNA] = trouble
    assert told(await house.rounds("refresh", 600, every=120)) == [("mirror_not_read", level)]


async def test_an_outage_in_which_a_key_is_refused_is_told_once_more(house: House) -> None:
    house.calendar.trouble[SALON, ANNA] = CalendarUnavailable()
    assert told(await house.rounds("refresh", 600, every=120)) == [("mirror_not_read", "warning")]
    for trouble, expected in (
        (Refused(status=401), [("mirror_not_read", "error")]),
        (CalendarUnavailable(), []),
        (Refused(status=401), []),
    ):
        house.calendar.trouble[SALON, ANNA] = trouble
        assert told(await house.rounds("refresh", 600, every=120)) == expected


async def test_whoever_reads_it_the_trouble_is_over(house: House) -> None:
    house.calendar.trouble[SALON, ANNA] = Misconfigured("no Cal.com key")
    await house.rounds("refresh", 60, every=30)
    house.calendar.trouble.clear()
    another = Mirror(house.database, house.calendar, house.clock)
    today = house.clock.now().date()
    await another.reread(await house.tenants.tenant_of(SALON), [ANNA], today, today, deadline=5)
    assert told(await house.rounds("refresh", 5)) == [("mirror_read_again", "warning")]


async def test_a_tenant_that_cannot_be_read_is_told_hourly_and_when_it_can_again(house: House) -> None:
    house.tenants.broken[SALON] = InvalidModel("unknown policies", field="policies")
    logs = await house.rounds("refresh", 3 * 3600, every=300)
    assert told(logs) == [("mirror_not_refreshed", "warning")] * 3
    assert told(logs, OTHER) == []
    house.tenants.broken.clear()
    assert told(await house.rounds("refresh", 600, every=120)) == [("mirror_refreshed_again", "warning")]


async def unreadable(sqlite_url: str, reason: str = "of a later release") -> None:
    """The salon's row has a reason that this release does not know."""
    engine = create_async_engine(sqlite_url.replace("sqlite:", "sqlite+aiosqlite:"))
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE callbacks SET reason = :reason WHERE key = 'odd'"), {"reason": reason}
        )
    await engine.dispose()


async def test_a_callback_that_cannot_be_read_keeps_no_other_salon_from_being_reminded(
    house: House, sqlite_url: str
) -> None:
    await house.call(SALON, "odd")
    await house.call(OTHER, "well")
    await unreadable(sqlite_url)
    logs = await house.rounds("remind", 600, every=60)
    assert told(logs, OTHER) == [("callback_open", "error")]
    assert told(logs) == [("callbacks_not_read", "error")]
    # Overdue, both are told of once an hour.
    logs = await house.rounds("remind", 3 * 3600, every=300)
    assert told(logs, OTHER) == [("callback_open", "error")] * 3
    assert told(logs) == [("callbacks_not_read", "error")] * 3


async def test_what_was_told_before_is_not_told_again_once_it_can_be_read(house: House, sqlite_url: str) -> None:
    await house.call(SALON, "odd", within=600)
    await house.call(SALON, "well", within=600)
    assert told(await house.rounds("remind", 600, every=60)) == [("callback_open", "error")] * 2
    await unreadable(sqlite_url)
    assert told(await house.rounds("remind", 600, every=60)) == [("callbacks_not_read", "error")]
    await unreadable(sqlite_url, "stuck")
    assert told(await house.rounds("remind", 600, every=60)) == [("callbacks_read_again", "warning")]

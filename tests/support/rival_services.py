"""What one process of the product opens to book, change and cancel; and doubles that take its guards away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx

from booking_core.errors import Conflict
from booking_core.model.booking import Attendee, Booking
from booking_core.model.ids import ConversationId, HoldId, StaffId, TenantId, new_alias_local_part, new_hold_id
from booking_core.model.slot import Hold, Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Entry
from booking_core.services.booking import Booked, BookingService, Confirmation, Lost
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.mirror import Mirror
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.reschedule import RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.tenants import TenantDirectory
from integrations.calcom.client import CalcomClient
from integrations.calcom.gateway import CalcomGateway
from integrations.memory.clock import DemoClock
from integrations.redis_store.locks import RedisLocks
from integrations.sql import SqlDatabase
from integrations.sql.errors import DatabaseBusy
from tests.support.rival_salon import NOW, RESOURCES, salon

PATIENCE_SECONDS = 60.0
"""How long anybody here waits for an answer: a loaded machine must not look like a calendar that is down."""
_TRIES = 30
_DOOR = "chat"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a process finds everything, and what protects it. ``claims`` and ``undoing`` are switched off by negative controls."""

    database: str
    calendar: str
    keys: Mapping[StaffId, str] = field(repr=False)
    claims: bool = True
    undoing: bool = True
    redis: str | None = None

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The Cal.com key of a staff member."""
        return self.keys[staff]


class LateClock(DemoClock):
    """Real time may be shifted, so that a lease that nobody has ended counts as run out."""

    def __init__(self, start: datetime, *, late: timedelta) -> None:
        super().__init__(start)
        self._late = late

    def real(self) -> datetime:
        """The present instant and so much more."""
        return super().real() + self._late


@dataclass(frozen=True, slots=True)
class Rival:
    """The services of one process, with one call for each thing a guest does."""

    tenant: Tenant
    database: SqlDatabase
    calendar: CalcomGateway
    clock: DemoClock
    sagas: SagaRunner
    booking: BookingService
    moving: RescheduleService
    cancelling: CancelService
    overlaps: OverlapCheck
    locks: RedisLocks | None

    async def hold(self, guest: str, plan: Plan) -> Hold | None:
        """Hold a plan; None when it is taken."""
        return await patiently(lambda: self.booking.hold(self.tenant, ConversationId(guest), plan, contact=None))

    async def confirm(self, guest: str, hold: HoldId, plan: Plan) -> Confirmation:
        """Say yes to a hold."""
        attendee = Attendee("Max Muster", "de")
        return await patiently(
            lambda: self.booking.confirm(
                self.tenant, ConversationId(guest), hold, plan, attendee, door=_DOOR, deadline=PATIENCE_SECONDS
            )
        )

    async def book(self, guest: str, plan: Plan, *, late: bool = False) -> Confirmation:
        """Hold and confirm. ``late``: the guest says yes to a hold that has run out, which is tried all the same."""
        try:
            async with self._locked():
                held = None if late else await self.hold(guest, plan)
                if held is None and not late:
                    return Lost()
                return await self.confirm(guest, held.id if held else new_hold_id(), plan)
        except Conflict:
            return Lost()

    async def move(self, booking: Booking, plan: Plan) -> object:
        """Move a booking."""
        return await patiently(
            lambda: self.moving.move(
                self.tenant, booking, plan, conversation=None, door=_DOOR, deadline=PATIENCE_SECONDS
            )
        )

    async def cancel(self, booking: Booking) -> Booking:
        """Cancel a booking; CalendarUnavailable passes."""
        return await patiently(
            lambda: self.cancelling.cancel(
                self.tenant, booking, door=_DOOR, reason="Doch nicht", deadline=PATIENCE_SECONDS
            )
        )

    def _locked(self) -> AbstractAsyncContextManager[None]:
        if self.locks is None:
            return nullcontext()
        return self.locks.holding(RESOURCES, wait_seconds=PATIENCE_SECONDS)


@asynccontextmanager
async def open_rival(setting: Setting, *, late: timedelta = timedelta(0)) -> AsyncIterator[Rival]:
    """Put together as the composition root does it, on the given database and calendar."""
    tenant = salon()
    stored = SqlDatabase.open(setting.database)
    database: Any = stored if setting.claims else Unguarded(stored)
    clock = LateClock(NOW, late=late)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=50, max_keepalive_connections=20)) as http:
        tenants = TenantDirectory(stored, keep_seconds=3600)
        client = CalcomClient(setting.calendar, http, clock=clock)
        gateway = CalcomGateway(client, keys=setting, links=tenants, tenants=tenants, clock=clock)
        calendar: Any = gateway if setting.undoing else NothingUndone(gateway)
        mirror = Mirror(database, calendar, clock)
        sagas = SagaRunner(
            database, CalendarSteps(calendar, clock, CalendarHealth(), PATIENCE_SECONDS), mirror, clock
        )
        locks = RedisLocks.open(setting.redis) if setting.redis else None
        try:
            await stored.ping()
            yield Rival(
                tenant,
                stored,
                gateway,
                clock,
                sagas,
                BookingService(
                    database, sagas, clock, alias_of=lambda: f"{new_alias_local_part()}@rivals.example"
                ),
                RescheduleService(database, sagas, clock),
                CancelService(database, sagas, clock),
                OverlapCheck(database, calendar, clock),
                locks,
            )
        finally:
            await sagas.close()
            await mirror.close()
            if locks is not None:
                await locks.close()
            await stored.close()


async def patiently(attempt: Callable[[], Awaitable[_T]]) -> _T:
    """Do it again while the database is too busy: then nothing was written."""
    for _ in range(_TRIES):
        try:
            return await attempt()
        except DatabaseBusy:
            await asyncio.sleep(0.1)
    return await attempt()


def reference_of(confirmation: Confirmation) -> str | None:
    """The booking that was made; None where none was."""
    return str(confirmation.booking.reference) if isinstance(confirmation, Booked) else None


class Delegate:
    """Everything as with the inner one, but for what a subclass defines."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _NoClaims(Delegate):
    """Claims that keep nothing and refuse nothing."""

    async def hold(self, *_: object, **__: object) -> None:
        """Everybody may hold."""

    async def commit(self, *_: object, **__: object) -> None:
        """Everybody may book."""

    async def claim(self, *_: object, **__: object) -> None:
        """Everybody may claim."""

    async def release(self, *_: object, **__: object) -> None:
        """Nothing to give back."""

    async def release_hold(self, *_: object, **__: object) -> None:
        """Nothing to give back."""


class _Unclaimed(Delegate):
    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.claims = _NoClaims(inner.claims)


class Unguarded(Delegate):
    """The database without its guard: units of work whose claims refuse nothing."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[_Unclaimed]:
        """As the inner one."""
        async with self._inner.write() as work:
            yield _Unclaimed(work)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[_Unclaimed]:
        """As the inner one."""
        async with self._inner.read() as work:
            yield _Unclaimed(work)


class NothingUndone(Delegate):
    """A calendar in which what was cancelled is believed to be gone, and is not."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._believed_gone: set[str] = set()

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """Say so and do nothing."""
        self._believed_gone.add(uid)

    async def find_entry(self, *args: Any) -> Entry | None:
        """As the inner one, unless it is believed to be gone."""
        return self._shown(await self._inner.find_entry(*args))

    async def get_entry(self, *args: Any) -> Entry | None:
        """As the inner one, unless it is believed to be gone."""
        return self._shown(await self._inner.get_entry(*args))

    def _shown(self, entry: Entry | None) -> Entry | None:
        return None if entry is None or entry.uid in self._believed_gone else entry

"""A salon in virtual time: the booking services on ports in memory, and a calendar whose every answer a test can choose."""

from __future__ import annotations

import asyncio
import inspect
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking_core.errors import CalendarUnavailable, RateLimited, Refused
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.callback import Callback
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ConversationId, HoldId, Reference, ServiceId, StaffId, TenantId, staff_resource
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.slot import Placement, Plan
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.calendar import Entry, EntryRequest
from booking_core.ports.outbox import OutboxItem
from booking_core.services.booking import DEADLINE_SECONDS, Booked, BookingService, Confirmation
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.mirror import Mirror
from booking_core.services.reschedule import RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.saga_progress import Progress
from integrations.memory.calendar import MemoryCalendar
from integrations.memory.database import MemoryDatabase
from integrations.memory.virtual_time import VirtualClock, VirtualTimeLoop
from tests.support.calendars import Directory
from tests.support.examples import NOW, minutes
from tests.support.full_ticks import full_ticks

SALON = TenantId("salon")
CUT, COLOUR = ServiceId("cut"), ServiceId("colour")
CHAT = ConversationId("c-1")
GUEST = Attendee("Jürgen Groß", "de", "juergen@example.org", "+4930123456", "", "Europe/Berlin")
_PEOPLE = tuple(StaffId(name) for name in ("anna", "ben", "clara"))
_EVER = timedelta(days=400)

Call = Callable[[], Awaitable[Any]]
Fate = Callable[[Call], Awaitable[Any]]
Piece = tuple[str, float, float]
"""Staff, start and length in minutes from ``NOW``."""


def plan_of(*pieces: Piece) -> Plan:
    """A plan: of the cut where it is one piece, else of the colour."""
    placements = (
        Placement(segment, StaffId(staff), NOW + minutes(start), NOW + minutes(start + length))
        for segment, (staff, start, length) in enumerate(pieces)
    )
    return Plan(CUT if len(pieces) == 1 else COLOUR, tuple(placements))


def cut(start: float = 240, staff: str = "anna") -> Plan:
    """Thirty minutes."""
    return plan_of((staff, start, 30))


def colour(start: float = 240, first: str = "anna", second: str | None = None) -> Plan:
    """Thirty minutes, a pause of twenty, forty-five more."""
    return plan_of((first, start, 30), (second or first, start + 50, 45))


def salon() -> Tenant:
    """Three people who do everything, from morning to night."""
    hours = WeeklyHours.parse({day: ["06:00-22:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
    return Tenant(
        id=SALON,
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("de", "en"),
        hours=hours,
        staff=tuple(Staff(name, name.title(), hours) for name in _PEOPLE),
        services=(
            Service(CUT, LocalText({"de": "Schnitt"}), (Segment(30, _PEOPLE),)),
            Service(
                COLOUR,
                LocalText({"de": "Farbe"}),
                (Segment(30, _PEOPLE, pause_after=Pause(20, 20)), Segment(45, _PEOPLE)),
            ),
        ),
    )


# What may become of a call.


async def well(call: Call) -> Any:
    """It works."""
    return await call()


async def down(call: Call) -> Any:
    """Nothing is done, and that is known."""
    raise CalendarUnavailable("down", retry_after=3.0)


async def lost(call: Call) -> Any:
    """It is done and nobody hears of it."""
    await call()
    await asyncio.Event().wait()


async def ignored(call: Call) -> Any:
    """Nothing is done and nobody hears of it."""
    await asyncio.Event().wait()


def refused(reason: str = "taken") -> Fate:
    """A no."""
    return failing(lambda: Refused("no", status=400, reason=reason))


def limited(seconds: float) -> Fate:
    """A request for a pause."""
    return failing(lambda: RateLimited("slow down", retry_after=seconds))


def failing(error: Callable[[], Exception]) -> Fate:
    """Nothing is done and this is the answer."""

    async def fate(call: Call) -> Any:
        raise error()

    return fate


def slow(seconds: float) -> Fate:
    """It works, after a while."""

    async def fate(call: Call) -> Any:
        await asyncio.sleep(seconds)
        return await call()

    return fate


def late(seconds: float) -> Fate:
    """It is done so long after everybody has given up waiting."""

    async def fate(call: Call) -> Any:
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, lambda: loop.create_task(_arrive(call)))
        await asyncio.Event().wait()

    return fate


async def _arrive(call: Call) -> None:
    await call()


def meanwhile(work: Callable[[], object]) -> Fate:
    """It works, and something else happens just before."""

    async def fate(call: Call) -> Any:
        work()
        return await call()

    return fate


@dataclass
class ChosenCalendar:
    """The calendar in memory behind fates: those of a method are used up one after the other, then ``otherwise`` holds."""

    memory: MemoryCalendar
    made: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    otherwise: Fate = well
    _fates: dict[str, list[Fate]] = field(default_factory=lambda: defaultdict(list))

    def will(self, method: str, *fates: Fate) -> None:
        """What becomes of the next calls of this method."""
        self._fates[method] += fates

    def forget(self) -> None:
        """Count the calls anew."""
        self.made.clear()
        self.at.clear()

    async def create_entry(self, request: EntryRequest) -> Entry:
        entry: Entry = await self._call("create", lambda: self.memory.create_entry(request))
        return entry

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        found: Entry | None = await self._call(
            "find", lambda: self.memory.find_entry(tenant, staff, alias, reference, near)
        )
        return found

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        entry: Entry = await self._call(
            "move", lambda: self.memory.move_entry(tenant, staff, uid, starts_at, reason)
        )
        return entry

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        await self._call("cancel", lambda: self.memory.cancel_entry(tenant, staff, uid, reason))

    async def _call(self, method: str, call: Call) -> Any:
        self.made.append(method)
        self.at.append(asyncio.get_running_loop().time())
        fates = self._fates[method]
        return await (fates.pop(0) if fates else self.otherwise)(call)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.memory, name)


@dataclass
class HookedDatabase:
    """The database in memory, with something that happens once, after a read or before a write."""

    memory: MemoryDatabase
    after_read: Callable[[], Awaitable[object]] | None = None
    before_write: Callable[[], Awaitable[object]] | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        async with self.memory.read() as work:
            yield work
        if self.after_read is not None:
            happens, self.after_read = self.after_read, None
            await happens()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        if self.before_write is not None:
            happens, self.before_write = self.before_write, None
            await happens()
        async with self.memory.write() as work:
            yield work

    async def ping(self) -> None:
        await self.memory.ping()


class CountingIds:
    """Identifiers in order; ``references`` are used up first."""

    def __init__(self) -> None:
        self.references: list[str] = []
        self._count = 0

    def reference(self) -> Reference:
        return Reference(self.references.pop(0) if self.references else f"F7K{self._next():03}")

    def hold(self) -> HoldId:
        return HoldId(f"hold-{self._next()}")

    def token(self) -> str:
        return f"token-{self._next()}"

    def _next(self) -> int:
        self._count += 1
        return self._count


@dataclass(slots=True)
class ToldMirror(Mirror):
    """The mirror, with what it was told: ``refuse`` or ``give_back``, whose time, and from which minute to which."""

    told: list[tuple[str, str, float, float]] = field(default_factory=list)

    async def give_back(self, tenant: Tenant, staff: StaffId, interval: Interval) -> None:
        self.told.append(("give_back", staff, _minute(interval.starts_at), _minute(interval.ends_at)))
        await Mirror.give_back(self, tenant, staff, interval)

    async def refuse(self, tenant: Tenant, staff: StaffId, interval: Interval, *, deadline: float) -> None:
        self.told.append(("refuse", staff, _minute(interval.starts_at), _minute(interval.ends_at)))
        await Mirror.refuse(self, tenant, staff, interval, deadline=deadline)


class World:
    """Everything of one process, and what a test wants to know of it."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.tenant = salon()
        # Real time is another one, so that nothing takes the one for the other.
        self.clock = VirtualClock(loop, NOW, real_start=NOW + timedelta(days=2000))
        self.memory = MemoryCalendar(tenants=Directory(self.tenant), clock=self.clock)
        self.calendar = ChosenCalendar(self.memory)
        self.database = MemoryDatabase()
        self.health = CalendarHealth()
        self.mirror = ToldMirror(self.database, self.memory, self.clock)
        self.ids = CountingIds()
        self.sagas = self.another_process()
        self.bookings = BookingService(
            self.database, self.sagas, self.clock, alias_of=lambda: "c-1@alias.example", ids=self.ids
        )
        self.moves = RescheduleService(self.database, self.sagas, self.clock, self.ids)
        self.cancels = CancelService(self.database, self.sagas, self.clock, self.ids)

    def another_process(self) -> SagaRunner:
        """A runner that shares database and calendar."""
        calendar: Any = self.calendar
        calls = CalendarSteps(calendar, self.clock, self.health)
        return SagaRunner(self.database, calls, self.mirror, self.clock, self.ids)

    # The guest

    async def yes(
        self,
        plan: Plan,
        *,
        hold: str = "h-1",
        attendee: Attendee = GUEST,
        conversation: ConversationId = CHAT,
        deadline: float = DEADLINE_SECONDS,
        bookings: BookingService | None = None,
    ) -> Confirmation:
        """Hold and confirm; the same hold again is the same yes again."""
        async with self.database.read() as work:
            earlier = await work.bookings.find_by_hold(SALON, HoldId(hold))
        if earlier is None:
            await self.bookings.hold(self.tenant, conversation, plan, contact=None, name=HoldId(hold))
        return await (bookings or self.bookings).confirm(
            self.tenant, conversation, HoldId(hold), plan, attendee, door="chat", deadline=deadline
        )

    async def booked(self, plan: Plan, **settings: Any) -> Booking:
        """A booking that the calendar has confirmed; nothing of it is counted."""
        answer = await self.yes(plan, **settings)
        assert isinstance(answer, Booked)
        self.calendar.forget()
        self.mirror.told.clear()
        async with self.database.write() as work:
            for item in await self._due(work):
                await work.outbox.done(item, now=self.clock.now())
        return answer.booking

    # The worker

    async def sweep(self) -> list[Progress]:
        """Take over what is due."""
        due = await self.sagas.list_due(10)
        return [await self.sagas.resume(self.tenant, saga) for _, saga in due]

    async def settle(self, within: timedelta = timedelta(hours=3)) -> None:
        """Sweep every second until nothing is left to do."""
        for _ in range(int(within.total_seconds())):
            async with self.database.read() as work:
                if not await work.sagas.list_due(now=self.clock.real() + _EVER, limit=1):
                    return
            await self.sweep()
            await asyncio.sleep(1)
        raise AssertionError("it does not come to an end")

    # What is written down

    async def stored(self, booking: Booking | str) -> Booking:
        """The booking as it is now."""
        reference = Reference(booking if isinstance(booking, str) else booking.reference)
        async with self.database.read() as work:
            found = await work.bookings.find(SALON, reference)
        assert found is not None
        return found

    async def only(self) -> Booking:
        """The only booking of the conversation."""
        async with self.database.read() as work:
            [booking] = await work.bookings.list_by_conversation(SALON, CHAT)
        return booking

    async def status(self) -> BookingStatus:
        """Of the only booking."""
        return (await self.only()).status

    async def saga(self, booking: Booking | str | None = None) -> Saga | None:
        """The open saga of a booking, by default of the only one."""
        reference = (await self.stored(booking) if booking is not None else await self.only()).reference
        async with self.database.read() as work:
            return await work.sagas.find_open(SALON, reference)

    async def told(self) -> list[tuple[str, str | None]]:
        """Everything in the outbox: its kind, and which notice it is."""
        return [(item.kind, item.payload.get("notice")) for item in await self.outbox()]

    async def outbox(self) -> Sequence[OutboxItem]:
        """Everything in the outbox, in the order of writing."""
        async with self.database.write() as work:
            return await self._due(work)

    async def callbacks(self) -> list[Callback]:
        """Whom staff shall call."""
        async with self.database.read() as work:
            return list(await work.callbacks.list_open(SALON))

    async def claimed(self, staff: str) -> list[float]:
        """The minutes of a staff member that are claimed, in steps of five."""
        window = Interval(NOW - timedelta(hours=12), NOW + timedelta(hours=12))
        async with self.database.read() as work:
            full = await full_ticks(
                work.claims, SALON, [staff_resource(StaffId(staff))], window, seats={}, now=self.clock.now()
            )
        first = Interval(NOW, NOW + minutes(5)).ticks().start
        return [(tick - first) * 5.0 for ticks in full.values() for tick in sorted(ticks)]

    def entries(self) -> list[Piece]:
        """What is live in the calendar: whose, from which minute, how long."""
        live = [it for it in self.memory.entries(SALON) if it.live]
        pieces = [
            (str(it.staff), _minute(it.starts_at), _minute(it.ends_at) - _minute(it.starts_at)) for it in live
        ]
        return sorted(pieces, key=lambda piece: (piece[1], piece[0]))

    def theirs(self, plan: Plan, at: int = 0) -> Entry:
        """Somebody at the salon takes the time of a segment."""
        placement = plan.placements[at]
        return self.memory.book_outside(SALON, placement.staff, placement.starts_at, 25)

    @property
    def seconds(self) -> float:
        """Since it all began."""
        return asyncio.get_running_loop().time()

    async def _due(self, work: Any) -> Sequence[OutboxItem]:
        real = self.clock.real()
        items = await work.outbox.lease(now=NOW + _EVER, real=real, until=real, limit=1000)
        return sorted(items, key=lambda item: int(item.id))


def pieces_of(plan: Plan) -> list[Piece]:
    """As ``World.entries`` would show them."""
    return [
        (str(it.staff), _minute(it.starts_at), _minute(it.ends_at) - _minute(it.starts_at))
        for it in plan.placements
    ]


def ticks_of(plan: Plan, staff: str = "anna") -> list[float]:
    """As ``World.claimed`` would show them."""
    return [
        start + 5.0 * step
        for name, start, length in pieces_of(plan)
        if name == staff
        for step in range(int(length // 5))
    ]


def in_virtual_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in a world of its own, which is its first argument."""

    def run(**arguments: Any) -> None:
        async def play() -> None:
            world = World()
            await world.memory.push_event_types(SALON)
            await test(world, **arguments)
            await world.sagas.close()
            await world.mirror.close()

        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(play())

    signature = inspect.signature(test)
    shown = signature.replace(parameters=list(signature.parameters.values())[1:], return_annotation=None)
    run.__dict__["__signature__"] = shown
    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    return run


def _minute(at: datetime) -> float:
    return (at - NOW) / timedelta(minutes=1)

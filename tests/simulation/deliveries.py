"""One salon of two processes on one database, and guests whose every message and call arrives three times."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from booking_core.errors import BeingChanged, CalendarUnavailable, IllegalMove
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.ids import (
    ConversationId,
    TenantId,
    equipment_resource,
    new_alias_local_part,
    staff_resource,
)
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.services.booking import Booked, BookingService, Promised
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.front_desk import BookingOrder, FrontDesk, Unavailable
from booking_core.services.idempotent import Answer, Call, Idempotent
from booking_core.services.mirror import Mirror
from booking_core.services.offers import Offers, seats_of
from booking_core.services.reschedule import Moved, MovePromised, RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from bot.booking_json import full_booking_json
from bot.channels.webchat import encode
from bot.dialogue.actions import Actions
from bot.dialogue.message import Message
from bot.dialogue.turn import Dialogue
from bot.translations import Translations
from bot.understanding.understand import Understander
from bot.wiring.demo import demo_tenant
from integrations.holidays_calendar import HolidaysCalendar
from integrations.memory.calendar import MemoryCalendar
from integrations.memory.calendar_faults import CalendarFaults
from integrations.memory.locks import MemoryLocks
from integrations.sql import SqlDatabase
from integrations.sql.errors import DatabaseBusy
from tests.support.full_ticks import full_ticks

NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)
PATIENCE = 8.0
"""Seconds in which an answer comes, on a loaded machine too: nothing here is about being quick."""
TIMES = 3
_CALL_SECONDS = 1.0
_CHANGES_MIND = 0.4
_LONG_AFTER = timedelta(hours=1)
_MONTHS = timedelta(days=100)
FAULTY = CalendarFaults(delay=(0.0, 0.01), error_rate=0.03, lost_rate=0.03)
SLOW = CalendarFaults(delay=(0.0, 0.02))
WELL = CalendarFaults()


@dataclass
class ShiftedClock:
    """Business time stands in March; real time runs, from where the test has set it."""

    late: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Business time."""
        return NOW + self.late

    def real(self) -> datetime:
        """Real time."""
        return datetime.now(UTC) + self.late


class Salons:
    """A tenant for every schedule, alike but for the name."""

    def __init__(self) -> None:
        self._like = demo_tenant()
        self.understander = Understander(self._like)

    def make(self, number: int) -> Tenant:
        """The salon of a schedule."""
        return replace(self._like, id=TenantId(f"salon-{number}"))

    async def tenant_of(self, tenant: TenantId) -> Tenant:
        """The salon of this id."""
        return replace(self._like, id=tenant)


class Hurry:
    """A queue that nobody listens to."""

    async def nudge(self) -> None:
        """Nothing is sent here."""

    async def ping(self) -> None:
        """Always there."""


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of the product serves."""

    database: SqlDatabase
    sagas: SagaRunner
    desk: FrontDesk
    dialogue: Dialogue
    idempotent: Idempotent


@asynccontextmanager
async def open_process(
    url: str, salons: Salons, calendar: MemoryCalendar, clock: ShiftedClock, words: Translations
) -> AsyncIterator[Process]:
    """Put together as the composition root does it; locks hold within the process only."""
    database = SqlDatabase.open(url)
    mirror = Mirror(database, calendar, clock)
    sagas = SagaRunner(database, CalendarSteps(calendar, clock, CalendarHealth(), _CALL_SECONDS), mirror, clock)
    offers = Offers(database, mirror, HolidaysCalendar())
    booking = BookingService(database, sagas, clock, alias_of=lambda: f"{new_alias_local_part()}@example.test")
    cancel, move = CancelService(database, sagas, clock), RescheduleService(database, sagas, clock)
    actions = Actions(offers, booking, cancel, move)
    dialogue = Dialogue(database, MemoryLocks(), clock, words, lambda _: salons.understander, actions, Hurry())
    desk = FrontDesk(database, offers, booking, move, cancel, clock)
    try:
        yield Process(database, sagas, desk, dialogue, Idempotent(database, clock))
    finally:
        await sagas.close()
        await mirror.close()
        await database.close()


@dataclass
class World:
    """Two processes, the calendar they share, and everybody's clock."""

    processes: tuple[Process, Process]
    calendar: MemoryCalendar
    clock: ShiftedClock
    salons: Salons

    async def settle(self) -> None:
        """Long after: whatever was left open is finished or undone."""
        self.calendar.faults = WELL
        self.clock.late += _LONG_AFTER
        sagas = self.processes[0].sagas
        for _ in range(10):
            due = await sagas.list_due(100)
            for tenant, saga in due:
                await sagas.resume(await self.salons.tenant_of(tenant), saga)
            if not due:
                return
            self.clock.late += timedelta(minutes=10)
        raise AssertionError("sagas are left open")


@asynccontextmanager
async def open_world(url: str, seed: int) -> AsyncIterator[World]:
    """A world on a migrated and empty database."""
    salons, clock, words = Salons(), ShiftedClock(), Translations.load(strict=False)
    calendar = MemoryCalendar(tenants=salons, clock=clock, chance=random.Random(seed), patience=_CALL_SECONDS / 2)
    async with (
        open_process(url, salons, calendar, clock, words) as one,
        open_process(url, salons, calendar, clock, words) as two,
    ):
        yield World((one, two), calendar, clock, salons)


Deliver = Callable[[Process], Awaitable[Answer]]


@dataclass
class Schedule:
    """A few guests of one salon; what they want, who delivers it when and where, all from one seed."""

    seed: int
    world: World
    rng: random.Random = field(init=False)
    tenant: Tenant = field(init=False)
    effects: Counter[str] = field(default_factory=Counter)
    said: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.tenant = self.world.salons.make(self.seed)

    async def open(self) -> None:
        """Tell the calendar of the salon and read its free time."""
        await self.world.calendar.push_event_types(self.tenant.id)
        today = NOW.date()
        staff = [member.id for member in self.tenant.staff]
        mirror = self.world.processes[0].desk.offers.mirror
        failed = await mirror.reread(self.tenant, staff, today, today + timedelta(days=10), deadline=10 * PATIENCE)
        assert not failed

    async def run(self) -> None:
        """Everybody at once, each step by step."""
        guests = self.rng.choice([1, 1, 1, 2])
        await asyncio.gather(*(self._guest(number) for number in range(guests)))

    async def _guest(self, number: int) -> None:
        rng = random.Random(f"{self.seed}-{number}")
        if rng.random() < 0.4:
            await self._by_chat(rng, number)
        else:
            await self._by_api(rng, number)

    async def _by_chat(self, rng: random.Random, number: int) -> None:
        guest = f"chat-{self.seed}-{number}"
        hour = rng.choice([14, 16])
        service = rng.choice(["Herrenhaarschnitt", "Herrenhaarschnitt", "Ansatzfärbung"])
        lines = [f"{service} am Donnerstag um {hour} Uhr, Max Muster, max@example.org", "ja"]
        if rng.random() < _CHANGES_MIND:
            lines += [f"Ich möchte den Termin auf Freitag um {hour - 3} Uhr verschieben", "ja"]
        if rng.random() < _CHANGES_MIND:
            lines += ["Ich möchte den Termin absagen", "ja"]
        self.said[guest] = lines
        for position, text in enumerate(lines):
            message = Message(
                self.tenant,
                ConversationId(guest),
                "chat",
                text=text,
                idempotency_key=f"{guest}-{position}",
                fingerprint=text,
            )
            answer = await self._three_times(rng, self._message(message))
            self.effects[orjson.loads(answer.body)["outcome"]["code"]] += 1

    def _message(self, message: Message) -> Deliver:
        async def deliver(process: Process) -> Answer:
            answered = await process.dialogue.handle(
                message, lambda conversation, reply: encode(conversation, reply, self.tenant)
            )
            return Answer(200, answered.body)

        return deliver

    async def _by_api(self, rng: random.Random, number: int) -> None:
        day = datetime(2026, 3, 26, tzinfo=self.tenant.zone)
        start = day + timedelta(hours=rng.choice([14, 16]))
        service = self.tenant.find_service(rng.choice(["mens-cut", "mens-cut", "root-colour"]))
        assert service is not None
        order = BookingOrder(service, start, Attendee("Eva Muster", "de", "eva@example.org"))

        async def book(process: Process, token: str) -> Answer:
            outcome = await process.desk.book(self.tenant, order, token=token, door="api")
            match outcome:
                case Booked(booking):
                    return self._told(201, booking)
                case Promised(booking):
                    return self._told(202, replace(booking, status=BookingStatus.PENDING))
                case Unavailable():
                    return Answer(409, repr(outcome).encode())

        made = await self._three_times(rng, self._call(f"{number}-book", book))
        self.effects[f"book {made.status}"] += 1
        if made.status not in {201, 202}:
            return
        reference = orjson.loads(made.body)["reference"]

        async def move(process: Process, _: str) -> Answer:
            booking = await process.desk.find(self.tenant.id, reference)
            assert booking is not None
            outcome = await process.desk.move(
                self.tenant, booking, start + timedelta(days=1, hours=-3), None, door="api"
            )
            match outcome:
                case Moved(moved):
                    return self._told(200, moved)
                case MovePromised(stands):
                    return self._told(202, replace(stands, status=BookingStatus.PENDING))
                case Unavailable():
                    return Answer(409, repr(outcome).encode())

        async def cancel(process: Process, _: str) -> Answer:
            booking = await process.desk.find(self.tenant.id, reference)
            assert booking is not None
            cancelled = await process.desk.cancel(self.tenant, booking, door="api", reason="krank")
            over = cancelled.status is BookingStatus.CANCELLED
            return self._told(200 if over else 202, cancelled)

        for name, work in (("move", move), ("cancel", cancel)):
            if rng.random() < _CHANGES_MIND:
                answer = await self._three_times(rng, self._call(f"{number}-{name}", work))
                self.effects[f"{name} {answer.status}"] += 1

    def _call(self, key: str, work: Callable[[Process, str], Awaitable[Answer]]) -> Deliver:
        async def deliver(process: Process) -> Answer:
            async def run(token: str) -> Answer:
                try:
                    return await work(process, token)
                except (CalendarUnavailable, BeingChanged) as error:
                    # Neither is kept: the same request may succeed in a moment.
                    return Answer(503, error.code.encode())
                except IllegalMove as error:
                    return Answer(409, str(error).encode())

            call = Call(f"api:{self.tenant.id}", key, "the same body")
            return await process.idempotent.once(call, run)

        return deliver

    def _told(self, status: int, booking: Booking) -> Answer:
        return Answer(status, orjson.dumps(full_booking_json(booking, self.tenant, "de")))

    async def _three_times(self, rng: random.Random, deliver: Deliver) -> Answer:
        """One after the other, at once, or each a moment later; to either process."""
        how = rng.choice(["sequential", "parallel", "staggered"])
        where = [rng.choice(self.world.processes) for _ in range(TIMES)]
        pauses = [rng.random() * 0.02 if how == "staggered" else 0.0 for _ in range(TIMES)]

        async def later(process: Process, pause: float) -> Answer:
            await asyncio.sleep(pause)
            while True:
                try:
                    return await deliver(process)
                except DatabaseBusy:
                    # What a client does with 503: the same once more.
                    await asyncio.sleep(0.1)

        async with asyncio.timeout(TIMES * 3 * PATIENCE):
            if how == "sequential":
                answers = [await later(process, 0.0) for process in where]
            else:
                answers = await asyncio.gather(*map(later, where, pauses))
        lasting = {answer for answer in answers if answer.lasting}
        assert len(lasting) <= 1, f"{how}: {lasting}"
        return next(iter(lasting), answers[0])


async def check(schedule: Schedule, mails: Counter[tuple[str, str]]) -> None:
    """After everything is settled: one effect of each, in our books, in the calendar, in the claims and in the mail."""
    world, tenant = schedule.world, schedule.tenant
    now = world.clock.now()
    resources = [
        *(staff_resource(member.id) for member in tenant.staff),
        *(equipment_resource(item.id) for item in tenant.equipment),
    ]
    async with world.processes[0].database.read() as work:
        bookings = await work.bookings.list_between(tenant.id, now - _MONTHS, now + _MONTHS)
        full = await full_ticks(
            work.claims,
            tenant.id,
            resources,
            Interval(now - _MONTHS, now + _MONTHS),
            seats=seats_of(tenant),
            now=now,
        )
        transcripts = {
            guest: [
                line.text
                for line in await work.conversations.transcript(tenant.id, ConversationId(guest))
                if line.speaker == "guest"
            ]
            for guest in schedule.said
        }
    assert transcripts == schedule.said
    confirmed = [booking for booking in bookings if booking.status is BookingStatus.CONFIRMED]
    final = {BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.FAILED}
    assert {booking.status for booking in bookings} <= final
    recorded = sorted(
        (str(part.uid), str(part.staff), part.starts_at) for booking in confirmed for part in booking.appointments
    )
    standing = sorted(
        (entry.uid, str(entry.staff), entry.starts_at) for entry in world.calendar.entries(tenant.id) if entry.live
    )
    assert recorded == standing
    needed: list[Any] = [need for booking in confirmed for need in booking.plan.needs()]
    claimed = {(resource, tick) for resource, ticks in full.items() for tick in ticks}
    assert len(needed) == len(set(needed))
    assert claimed == set(needed)
    _check_effects(schedule, bookings)
    for booking in bookings:
        events = Counter(entry.event for entry in booking.history)
        assert events["confirmed"] <= 1
        assert events["moved"] <= 1
        assert events["cancelled"] <= 1
        told = mails[tenant.id, booking.reference]
        written = events["confirmed"] + events["moved"] + events["not_moved"]
        written += events["cancelled"] if events["confirmed"] else 0
        assert told <= written + events["failed"] + events["withdrawn"], (told, events)
        assert told >= events["confirmed"] + events["moved"], (told, events)


def _check_effects(schedule: Schedule, bookings: Sequence[Booking]) -> None:
    """As many bookings as answers that told of one; ``held`` with a promise is told by a booking that was promised."""
    told = schedule.effects["booked"] + schedule.effects["book 201"]
    promised = sum(
        any(e.event == "promised" and e.data.get("change") == "book" for e in b.history) for b in bookings
    )
    done = sum(any(entry.event == "confirmed" for entry in booking.history) for booking in bookings)
    # A promise may be kept or not; what was told as done is done.
    assert told <= done <= told + promised, (told, done, promised, schedule.effects)
    moves = sum(any(entry.event == "moved" for entry in booking.history) for booking in bookings)
    assert moves >= schedule.effects["moved"] + schedule.effects["move 200"]
    gone = sum(booking.status is BookingStatus.CANCELLED for booking in bookings)
    assert gone >= schedule.effects["cancelled"] + schedule.effects["cancel 200"]

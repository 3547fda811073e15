"""Many salons on one bad calendar: the real services over HTTP on the sandbox, with programs that book, move and cancel."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import orjson

from booking_core.errors import BeingChanged, CalendarUnavailable, IllegalMove
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.hours import WEEKDAYS
from booking_core.model.ids import HoldId, Reference, StaffId, TenantId, new_alias_local_part, staff_resource
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.services.booking import OVER, Booked, BookingService, Promised
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.front_desk import BookingOrder, FrontDesk, Unavailable
from booking_core.services.idempotent import Answer, Call, Idempotent
from booking_core.services.mirror import Mirror
from booking_core.services.notices import CHECK, MAIL, MESSAGE
from booking_core.services.offers import Offers
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.reschedule import Moved, MovePromised, RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.tenants import TenantDirectory
from bot.dialogue.phrases import Phrases
from bot.later_messages import LaterMessages
from bot.mail import MailHandler
from bot.overlap_checks import OverlapHandler
from bot.translations import Translations
from bot.worker import Worker
from integrations.calcom.client import CalcomClient
from integrations.calcom.gateway import CalcomGateway
from integrations.calcom.sandbox import Hours, SandboxConfig, SandboxUser, start_sandbox
from integrations.holidays_calendar import HolidaysCalendar
from integrations.sql import SqlDatabase
from integrations.sql.errors import DatabaseBusy
from tests.support.full_ticks import full_ticks

NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)
DEADLINE = 3.0
CALL_SECONDS = 1.0
SLACK = 12.0
"""A loaded machine may be this late; a door that waited for a hanging calendar would be later still."""
STAFF = ("anna", "ben")
DAYS = 5
PLENTY = 1_000_000
_EVERY_DAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = timedelta(days=100)


def salon(number: int) -> dict[str, Any]:
    """The description of one of the salons."""
    return {
        "tenant": f"salon-{number}",
        "name": f"Salon {number}",
        "zone": ["Europe/Berlin", "Europe/London", "Europe/Helsinki"][number % 3],
        "languages": ["de", "en"],
        "phone": "+49 30 5550 1234",
        "hours": {day: ["08:00-20:00"] for day in WEEKDAYS},
        "staff": [{"id": staff, "name": staff.title()} for staff in STAFF],
        "services": [
            {"id": "cut", "name": "Schnitt", "segments": [{"work": 30, "staff": list(STAFF)}]},
            {
                "id": "colour",
                "name": "Farbe",
                "segments": [
                    {"work": 30, "staff": list(STAFF), "pause_after": {"min": 20, "max": 40}},
                    {"work": 45, "staff": list(STAFF)},
                ],
            },
        ],
    }


@dataclass
class ShiftedClock:
    """Business time stands; real time runs, from where the test has set it."""

    late: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Business time."""
        return NOW

    def real(self) -> datetime:
        """Real time."""
        return datetime.now(UTC) + self.late


@dataclass(frozen=True, slots=True)
class Keys:
    """One Cal.com key for each staff member of each salon."""

    by_staff: Mapping[tuple[str, str], str] = field(repr=False)

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The key."""
        return self.by_staff[tenant, staff]


@dataclass
class PostOffice:
    """Takes every message and remembers to whom."""

    sent: Counter[str] = field(default_factory=Counter)

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Take it."""
        self.sent[recipient] += 1

    async def ping(self) -> None:
        """Always there."""


@dataclass
class House:
    """The salons, their calendar, and the worker."""

    tenants: Sequence[Tenant]
    database: SqlDatabase
    desk: FrontDesk
    idempotent: Idempotent
    worker: Worker
    clock: ShiftedClock
    post: PostOffice
    http: httpx.AsyncClient

    async def weather(self, **faults: Any) -> None:
        """Put faults in force in place of those before; without any the calendar works well."""
        answer = await self.http.put("/_sandbox/faults", json={"rate_limit": PLENTY, **faults})
        assert answer.status_code == 200, answer.text

    async def entries(self) -> list[dict[str, Any]]:
        """What stands in the calendar."""
        answer = await self.http.get("/_sandbox/bookings", timeout=60)
        return [row for row in answer.json()["bookings"] if row["status"] == "accepted"]

    async def recover(self) -> None:
        """The calendar works again; the worker does its rounds until nothing is left to do."""
        await self.weather()
        for _ in range(60):
            self.clock.late += timedelta(minutes=6)
            await self.worker.settle()
            await self.worker.sweep()
            if not await self.worker.sagas.list_due(1) and not await self._open_sagas():
                break
        else:
            raise AssertionError("changes are left open")
        await self.worker.sweep()

    async def _open_sagas(self) -> bool:
        """Whether any change waits for another time."""
        async with self.database.read() as work:
            return bool(await work.sagas.list_due(now=self.clock.real() + timedelta(days=1), limit=1))


@asynccontextmanager
async def open_house(url: str, folder: Path, count: int) -> AsyncIterator[House]:
    """So many salons without bookings; ``url`` is a migrated and empty database."""
    documents = [salon(number) for number in range(count)]
    keys = {
        (document["tenant"], staff): f"cal_{document['tenant']}_{staff}"
        for document in documents
        for staff in STAFF
    }
    users = tuple(
        SandboxUser(
            username=f"{tenant}-{staff}",
            name=staff.title(),
            email=f"{staff}@{tenant}.example",
            api_key=key,
            availability=(Hours(_EVERY_DAY, "00:00", "23:55"),),
        )
        for (tenant, staff), key in keys.items()
    )
    config = SandboxConfig(folder / "sandbox.db", users, rate_limit_per_minute=PLENTY)
    sandbox = await start_sandbox(config, lambda: NOW)
    database, clock, post = SqlDatabase.open(url), ShiftedClock(), PostOffice()
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=50)
    try:
        async with (
            httpx.AsyncClient(base_url=sandbox.base_url) as http,
            httpx.AsyncClient(limits=limits) as calls,
        ):
            directory = TenantDirectory(database, keep_seconds=3600)
            client = CalcomClient(sandbox.base_url, calls, clock=clock)
            calendar = CalcomGateway(client, keys=Keys(keys), links=directory, tenants=directory, clock=clock)
            mirror = Mirror(database, calendar, clock)
            sagas = SagaRunner(
                database, CalendarSteps(calendar, clock, CalendarHealth(), CALL_SECONDS), mirror, clock
            )
            try:
                offers = Offers(database, mirror, HolidaysCalendar())
                booking = BookingService(
                    database, sagas, clock, alias_of=lambda: f"{new_alias_local_part()}@example.test"
                )
                cancel, move = CancelService(database, sagas, clock), RescheduleService(database, sagas, clock)
                house = House(
                    [],
                    database,
                    FrontDesk(database, offers, booking, move, cancel, clock, DEADLINE),
                    Idempotent(database, clock),
                    _worker(database, clock, directory, sagas, calendar, mirror, post),
                    clock,
                    post,
                    http,
                )
                house.tenants = [
                    await _move_in(document, database, directory, calendar, mirror) for document in documents
                ]
                yield house
            finally:
                await sagas.close()
                await mirror.close()
    finally:
        await database.close()
        await sandbox.close()


async def _move_in(
    document: dict[str, Any],
    database: SqlDatabase,
    directory: TenantDirectory,
    calendar: CalcomGateway,
    mirror: Mirror,
) -> Tenant:
    async with database.write() as work:
        await work.tenants.put(document["tenant"], document)
    tenant = await directory.tenant_of(document["tenant"])
    await calendar.push_event_types(tenant.id)
    today = NOW.date()
    staff = [member.id for member in tenant.staff]
    assert not await mirror.reread(tenant, staff, today, today + timedelta(days=DAYS + 4), deadline=60)
    return tenant


def _worker(
    database: SqlDatabase,
    clock: ShiftedClock,
    directory: TenantDirectory,
    sagas: SagaRunner,
    calendar: CalcomGateway,
    mirror: Mirror,
    post: PostOffice,
) -> Worker:
    phrases = partial(Phrases, Translations.load(strict=False))
    return Worker(
        database=database,
        clock=clock,
        tenants=directory,
        sagas=sagas,
        handlers={
            MAIL: MailHandler(
                database,
                directory,
                post,
                lambda invitation, _: f"{invitation.uid} {invitation.kind}".encode(),
                sender_of=lambda own: own or "no-reply@example.test",
            ),
            MESSAGE: LaterMessages(database, directory, clock, phrases),
            CHECK: OverlapHandler(OverlapCheck(database, calendar, clock), directory),
        },
        on_settled=lambda _: None,
        clean_up=lambda now: database.sweep(now=now, real=clock.real()),
        mirror=mirror,
    )


@dataclass
class Client:
    """A program that books one appointment and perhaps changes it, and what it was told."""

    number: int
    house: House
    told: list[tuple[str, int, bytes]] = field(default_factory=list)
    slowest: float = 0.0
    reference: Reference | None = None
    token: str | None = None

    @property
    def email(self) -> str:
        """Of its guest, nobody else has it."""
        return f"guest-{self.number}@example.org"

    @property
    def tenant(self) -> Tenant:
        """Where it books."""
        return self.house.tenants[self.number % len(self.house.tenants)]

    async def run(self) -> None:
        """Book, and in some cases move and cancel."""
        rng = random.Random(self.number)
        day = datetime(2026, 3, 25, tzinfo=self.tenant.zone) + timedelta(days=rng.randrange(DAYS))
        start = day + timedelta(hours=8, minutes=30 * rng.randrange(20))
        service = self.tenant.find_service(rng.choice(["cut", "cut", "colour"]))
        assert service is not None
        order = BookingOrder(service, start, Attendee(f"Gast {self.number}", "de", self.email))
        desk = self.house.desk

        async def book(token: str) -> Answer:
            self.token = token
            outcome = await desk.book(self.tenant, order, token=token, door="api")
            match outcome:
                case Booked(booking):
                    return _told(201, booking)
                case Promised(booking):
                    return _told(202, booking)
                case Unavailable():
                    return Answer(409, b"{}")

        made = await self._call("book", book, twice=rng.random() < 0.3)
        if made.status not in {201, 202}:
            return
        reference = self.reference = Reference(orjson.loads(made.body)["reference"])
        elsewhere = start + timedelta(minutes=30 * rng.choice([-3, -1, 1, 2, 5, 48]))

        async def move(_: str) -> Answer:
            outcome = await desk.move(self.tenant, await self._booking(reference), elsewhere, None, door="api")
            match outcome:
                case Moved(booking):
                    return _told(200, booking)
                case MovePromised(booking):
                    return _told(202, booking)
                case Unavailable():
                    return Answer(409, b"{}")

        async def cancel(_: str) -> Answer:
            booking = await desk.cancel(self.tenant, await self._booking(reference), door="api", reason="krank")
            return _told(200 if booking.status in OVER else 202, booking)

        if rng.random() < 0.35:
            await self._call("move", move, twice=rng.random() < 0.3)
        if rng.random() < 0.25:
            await self._call("cancel", cancel, twice=rng.random() < 0.3)

    async def _booking(self, reference: Reference) -> Booking:
        booking = await self.house.desk.find(self.tenant.id, reference)
        assert booking is not None
        return booking

    async def _call(self, name: str, work: Callable[[str], Awaitable[Answer]], *, twice: bool) -> Answer:
        """Deliver once or twice at once; what is not to be had now is asked for once more, as clients do."""
        call = Call(f"api:{self.tenant.id}", f"{self.number}-{name}", "body")

        async def run(token: str) -> Answer:
            try:
                return await work(token)
            except IllegalMove:
                return Answer(409, b"{}")
            except (CalendarUnavailable, BeingChanged):
                return Answer(503, b"{}")
            except DatabaseBusy:
                return Answer(503, b"{}")

        async def deliver() -> Answer:
            loop = asyncio.get_running_loop()
            for attempt in range(3):
                begun = loop.time()
                answer = await self.house.idempotent.once(call, run)
                self.slowest = max(self.slowest, loop.time() - begun)
                if answer.lasting or attempt == 2:
                    return answer
            raise AssertionError("unreachable")

        answers = await asyncio.gather(*(deliver() for _ in range(2 if twice else 1)))
        lasting = {answer for answer in answers if answer.lasting}
        assert len(lasting) <= 1, lasting
        answer = next(iter(lasting), answers[0])
        self.told.append((name, answer.status, answer.body))
        return answer


def _told(status: int, booking: Booking) -> Answer:
    return Answer(status, orjson.dumps({"reference": booking.reference, "status": booking.status.value}))


async def balance(house: House, clients: Sequence[Client]) -> Counter[str]:
    """Raise AssertionError unless our books, the calendar, the claims and the mail tell the same story; what there was of each."""
    seen: Counter[str] = Counter()
    ours: list[tuple[str, str, str, datetime, datetime]] = []
    for tenant in house.tenants:
        window = Interval(NOW - _MONTHS, NOW + _MONTHS)
        async with house.database.read() as work:
            bookings = await work.bookings.list_between(tenant.id, window.starts_at, window.ends_at)
            full = await full_ticks(
                work.claims,
                tenant.id,
                [staff_resource(it.id) for it in tenant.staff],
                window,
                seats={},
                now=NOW + _MONTHS,
            )
        seen.update(booking.status.value for booking in bookings)
        confirmed = [booking for booking in bookings if booking.status is BookingStatus.CONFIRMED]
        needed = [need for booking in confirmed for need in booking.plan.needs()]
        assert len(needed) == len(set(needed)), "two bookings share a tick"
        claimed = {(resource, tick) for resource, ticks in full.items() for tick in ticks}
        assert claimed == set(needed)
        ours += [
            (
                f"{tenant.id}-{part.staff}",
                booking.reference,
                str(part.uid),
                part.starts_at.astimezone(UTC),
                part.ends_at.astimezone(UTC),
            )
            for booking in confirmed
            for part in booking.appointments
        ]
    theirs = [
        (
            row["hosts"][0]["username"],
            row["metadata"]["fermataBooking"],
            row["uid"],
            datetime.fromisoformat(row["start"]).astimezone(UTC),
            datetime.fromisoformat(row["end"]).astimezone(UTC),
        )
        for row in await house.entries()
    ]
    assert sorted(ours) == sorted(theirs)
    expected_mails: Counter[str] = Counter()
    for client in clients:
        booking = await _booking_of(house, client)
        for name, status, _ in client.told:
            seen[f"{name} {status}"] += 1
        _check_told(client, booking)
        if booking is not None:
            expected_mails[client.email] = _mails_of(booking)
    assert house.post.sent == +expected_mails
    return seen


async def _booking_of(house: House, client: Client) -> Booking | None:
    if client.token is None:
        return None
    async with house.database.read() as work:
        return await work.bookings.find_by_hold(client.tenant.id, HoldId(client.token))


def _check_told(client: Client, booking: Booking | None) -> None:
    """Nobody was told more than came true, and nothing was lost that was promised."""
    told = {name: status for name, status, _ in client.told}
    assert set(told.values()) <= {200, 201, 202, 409, 503}, told
    events = [entry.event for entry in booking.history] if booking is not None else []
    for event in ("confirmed", "moved", "cancelled"):
        assert events.count(event) <= 1, (client.number, events)
    match told["book"]:
        case 201:
            assert "confirmed" in events, (client.number, events)
        case 202:
            assert {"confirmed", "failed", "withdrawn", "cancelled"} & set(events), (client.number, events)
        case 409:
            assert booking is None or booking.status is BookingStatus.FAILED, (client.number, events)
        case _:
            pass
    if told.get("move") == 200:
        assert "moved" in events, (client.number, events)
    if told.get("move") == 202:
        assert {"moved", "not_moved"} & set(events), (client.number, events)
    if told.get("cancel") in {200, 202}:
        assert booking is not None
        assert booking.status in OVER, (client.number, events)


def _mails_of(booking: Booking) -> int:
    """One for each change that came about, and for each promise that could not be kept."""
    events = Counter(entry.event for entry in booking.history)
    promised = Counter(entry.data.get("change") for entry in booking.history if entry.event == "promised")
    mails = events["confirmed"] + events["moved"]
    mails += events["cancelled"] if events["confirmed"] else 0
    if promised["book"]:
        mails += events["failed"] + events["withdrawn"]
    if promised["move"]:
        mails += events["not_moved"]
    return mails

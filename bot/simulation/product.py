"""One process of the product in a simulated world: the services as everywhere, on ports that can die."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from booking_core.model.ids import HoldId, Reference
from booking_core.ports.mailer import Mailer
from booking_core.services.booking import BookingService
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.front_desk import FrontDesk
from booking_core.services.idempotent import Idempotent
from booking_core.services.invitations import Invitation
from booking_core.services.mirror import Mirror
from booking_core.services.notices import CHECK, MAIL, MESSAGE
from booking_core.services.offers import Offers
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.refresh_plan import Pace
from booking_core.services.reschedule import RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.tenants import TenantDirectory
from bot.later_messages import LaterMessages
from bot.mail import MailHandler
from bot.overlap_checks import OverlapHandler
from bot.simulation.mortality import Life, MortalCalendar, MortalDatabase, MortalMailer
from bot.simulation.noting import Changes
from bot.simulation.outside import Outside
from bot.worker import Worker

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# An older mirror makes for more refusals and fewer readings.
_PACE: Final = Pace(fresh=timedelta(minutes=15), middle_age=timedelta(hours=2))
_ROUND_SECONDS: Final = (8.0, 40.0)


@dataclass(frozen=True, slots=True)
class SeededIds:
    """Implements ``booking_core.model.ids.Ids`` from a seeded generator."""

    chance: random.Random

    def reference(self) -> Reference:
        """Six characters, as everywhere."""
        return Reference("".join(self.chance.choices(_LETTERS, k=6)))

    def hold(self) -> HoldId:
        """96 bits."""
        return HoldId(f"{self.chance.getrandbits(96):024x}")

    def token(self) -> str:
        """64 bits."""
        return f"{self.chance.getrandbits(64):016x}"

    def alias(self) -> str:
        """The address under which the calendar knows a guest."""
        return f"c-{self.chance.getrandbits(48):012x}@guests.example"


@dataclass(frozen=True, slots=True)
class Product:
    """A process with its services and its worker; what is asked of it goes through ``life``."""

    name: str
    life: Life
    offers: Offers
    booking: BookingService
    reschedule: RescheduleService
    cancelling: CancelService
    desk: FrontDesk
    mirror: Mirror
    idempotent: Idempotent


def start_product(
    name: str,
    outside: Outside,
    mailer: Mailer,
    chance: random.Random,
    note: Callable[[Changes], None],
    witness: Callable[[], Awaitable[None]],
) -> Product:
    """Put the services together as the composition root does, and set the worker to work.

    ``note`` and ``witness`` are called after every commit.
    """
    life = Life()
    ids = SeededIds(random.Random(chance.getrandbits(64)))
    database = MortalDatabase(outside.database, life, note, witness)
    calendar = MortalCalendar(outside.calendar, life)
    clock = outside.clock
    tenants = TenantDirectory(database, keep_seconds=3600.0, timer=asyncio.get_running_loop().time)
    mirror = Mirror(database, calendar, clock, _PACE)
    offers = Offers(database, mirror, outside.closures)
    sagas = SagaRunner(database, CalendarSteps(calendar, clock, CalendarHealth()), mirror, clock, ids)
    booking = BookingService(database, sagas, clock, ids.alias, ids)
    reschedule = RescheduleService(database, sagas, clock, ids)
    cancelling = CancelService(database, sagas, clock, ids)
    mails = MailHandler(database, tenants, MortalMailer(mailer, life), compose, sender_of=lambda own: own)
    worker = Worker(
        database=database,
        clock=clock,
        tenants=tenants,
        sagas=sagas,
        handlers={
            MAIL: mails,
            MESSAGE: LaterMessages(database, tenants, clock, outside.phrases_of),
            CHECK: OverlapHandler(OverlapCheck(database, calendar, clock), tenants),
        },
        on_settled=lambda _: None,
        clean_up=lambda now: outside.database.sweep(now=now, real=clock.real()),
        mirror=mirror,
    )
    life.do(worker.run(every=chance.uniform(*_ROUND_SECONDS), stop=asyncio.Event()))
    desk = FrontDesk(database, offers, booking, reschedule, cancelling, clock)
    idempotent = Idempotent(database, clock, ids)
    return Product(name, life, offers, booking, reschedule, cancelling, desk, mirror, idempotent)


def compose(invitation: Invitation, sender: str) -> bytes:
    """A message reduced to what tells it from others: the same invitation gives the same bytes."""
    span = f"{invitation.starts_at.isoformat()} {invitation.ends_at.isoformat()}"
    named = f"{invitation.reference} {invitation.sequence} {invitation.kind.value} {span}"
    whose = f"{invitation.guest.email} {sender} {invitation.cause or '-'}"
    return f"{named} {invitation.stamp.isoformat()} {whose}".encode()

"""The booking services and the worker of one process, on ports that count, beside a sandbox and a mailbox of somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial

import httpx

from booking_core.model.ids import StaffId, TenantId
from booking_core.model.tenant import Tenant
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import BookingService
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.invitations import Invitation
from booking_core.services.mirror import Mirror
from booking_core.services.notices import CHECK, MAIL, MESSAGE
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.reschedule import RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.tenants import TenantDirectory
from bot.dialogue.phrases import Phrases
from bot.later_messages import LaterMessages
from bot.mail import Compose, MailHandler
from bot.overlap_checks import OverlapHandler
from bot.translations import Translations
from bot.worker import Handler, Worker
from integrations.calcom.client import CalcomClient
from integrations.calcom.gateway import CalcomGateway
from integrations.mail.compose import compose
from integrations.mail.ics import method_of
from integrations.mail.rendering import MailRenderer
from integrations.mail.smtp import SmtpMailer
from integrations.sql import SqlDatabase
from tests.crashes.doubles import CountingCalendar, CountingDatabase, Crossings, UnguardedDatabase

TENANT = TenantId("salon-fermata")


@dataclass(slots=True)
class HandClock:
    """Both clocks in one; it stands still until somebody moves it."""

    instant: datetime

    def now(self) -> datetime:
        """Business time."""
        return self.instant

    def real(self) -> datetime:
        """Real time."""
        return self.instant

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self.instant += by


@dataclass(frozen=True, slots=True)
class Address:
    """Where everything is that several processes share."""

    database: str
    sandbox: str
    smtp: str
    keys: Mapping[str, str] = field(repr=False)

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The calendar key of a staff member."""
        return self.keys[staff]


@dataclass(frozen=True, slots=True)
class Salon:
    """What one process works with."""

    tenant: Tenant
    clock: HandClock
    crossings: Crossings
    sql: SqlDatabase
    database: Database
    gateway: CalcomGateway
    tenants: TenantDirectory
    bookings: BookingService
    moves: RescheduleService
    cancels: CancelService
    worker: Worker


@lru_cache(maxsize=1)
def _texts() -> Translations:
    return Translations.load(strict=False)


@lru_cache(maxsize=1)
def _renderer() -> MailRenderer:
    return MailRenderer()


def real_mail(invitation: Invitation, sender: str) -> bytes:
    """The mail as guests get it."""

    def t(key: str, /, **values: object) -> str:
        return _texts().text(invitation.language, key, **values)

    return compose(invitation, _renderer(), t, sender=sender)


def short_mail(invitation: Invitation, sender: str) -> bytes:
    """A mail that says no more than which it is: composing a real one takes longer than a whole booking."""
    identity = f"{invitation.uid.partition('@')[0]}.{invitation.sequence}.{invitation.kind}.{invitation.cause}"
    head = f"From: {sender}\r\nTo: {invitation.guest.email}\r\nMessage-ID: <{identity}@fermata.example>\r\n"
    if not invitation.kind.invites:
        return f"{head}\r\nA letter.\r\n".encode()
    calendar = f"METHOD:{method_of(invitation.kind)}\r\nSEQUENCE:{invitation.sequence}\r\n"
    return f"{head}Content-Type: text/calendar\r\n\r\n{calendar}".encode()


def warm_up() -> None:
    """Load what every process needs anyway."""
    _texts()
    _renderer()


@asynccontextmanager
async def open_salon(
    address: Address,
    clock: HandClock,
    crossings: Crossings,
    *,
    sql: SqlDatabase | None = None,
    compose_mail: Compose = short_mail,
    unguarded: bool = False,
) -> AsyncIterator[Salon]:
    """A fresh set of services, on this database, which is closed in the end; ``unguarded`` breaks the claims."""
    async with AsyncExitStack() as stack:
        sql = sql or SqlDatabase.open(address.database)
        stack.push_async_callback(sql.close)
        database: Database = UnguardedDatabase(sql) if unguarded else sql
        database = CountingDatabase(database, crossings)
        http = httpx.AsyncClient(verify=False)
        stack.push_async_callback(http.aclose)
        tenants = TenantDirectory(sql, keep_seconds=60.0)
        client = CalcomClient(address.sandbox, http, clock=clock)
        gateway = CalcomGateway(client, keys=address, links=tenants, tenants=tenants, clock=clock)
        calendar = CountingCalendar(gateway, crossings)
        mirror = Mirror(database, calendar, clock)
        stack.push_async_callback(mirror.close)
        sagas = SagaRunner(database, CalendarSteps(calendar, clock, CalendarHealth()), mirror, clock)
        stack.push_async_callback(sagas.close)
        handlers: dict[str, Handler] = {
            MESSAGE: LaterMessages(database, tenants, clock, partial(Phrases, _texts())),
            CHECK: OverlapHandler(OverlapCheck(database, calendar, clock), tenants),
            MAIL: MailHandler(
                database,
                tenants,
                SmtpMailer(address.smtp),
                compose_mail,
                lambda own: own or "no-reply@fermata.example",
            ),
        }
        yield Salon(
            tenant=await tenants.tenant_of(TENANT),
            clock=clock,
            crossings=crossings,
            sql=sql,
            database=database,
            gateway=gateway,
            tenants=tenants,
            bookings=BookingService(database, sagas, clock, alias_of=lambda: "c-0123456789ab@alias.example"),
            moves=RescheduleService(database, sagas, clock),
            cancels=CancelService(database, sagas, clock),
            worker=Worker(
                database=database,
                clock=clock,
                tenants=tenants,
                sagas=sagas,
                handlers=handlers,
                on_settled=lambda _: None,
                clean_up=lambda now: sql.sweep(now=now),
                mirror=mirror,
            ),
        )
